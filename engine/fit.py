"""From a data set to artifacts: the slow part, done once.

Two moments are fitted. As of the first, sources know the ``train`` part of the split alone, and
their candidates, with what people liked right after (``labels``), teach the ranker. As of the
second they know ``seen``, which is train and labels together, and their candidates, ordered by
that ranker, are what the artifacts hold. The test part is only ever compared with finished lists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged
from engine.artifacts import publish, scratch_folder
from engine.data import Dataset, Split, split
from engine.fit_config import FitConfig
from engine.fit_manifest import Facts, manifest_of
from engine.held_out import is_in_rows, ndcg_at, quality_of
from engine.ranking.moment import Described, Moment, blocks, make_moment
from engine.ranking.ranker import Ranker
from engine.ranking.registry import fit_ranker
from engine.ranking.training import training_set
from engine.retrieval.catalogue import Catalogue
from engine.retrieval.histories import Histories, entry_rows
from engine.retrieval.new_items import unit_rows
from engine.retrieval.top_n import top_n
from engine.stage_clock import OnStage, StageClock
from engine.user_groups import Attribute, activity_groups, demographic_groups, taste_groups

__all__ = ["fit"]

SECONDS_PER_DAY = 86_400
LEANS_BELOW = 10
"""People with fewer interactions get lists that lean on what is popular."""

FUSED, POPULAR, MF, EASE, FULL = (
    "retrieved order",
    "popularity",
    "matrix factorisation alone",
    "linear item-item alone",
    "full pipeline",
)


@dataclass(frozen=True, eq=False)
class Lists:
    """Everybody's candidates, features and baselines as of one moment, in index order."""

    retrieved: NDArray[np.int32]
    filtered: NDArray[np.int32]
    source_masks: NDArray[np.uint16]
    features: NDArray[np.float32]
    feature_names: tuple[str, ...]
    baselines: dict[str, NDArray[np.int32]]


def fit(
    dataset: Dataset,
    out: Path,
    *,
    config: FitConfig | None = None,
    on_stage: OnStage | None = None,
) -> Path:
    """Fit the whole pipeline and make it the current one under ``out``.

    Parameters
    ----------
    dataset : Dataset
    out : Path
        Artifact directory; made if it is not there. What it holds stays whole until the new fit
        is complete.
    config : FitConfig, optional
    on_stage : callable, optional
        Called with a stage's name and the share of it done, in [0, 1].

    Returns
    -------
    Path
        The folder of this fit.
    """
    config = config or FitConfig()
    clock = StageClock(on_stage)
    with clock.stage("Split by time"):
        parts = split(dataset, seed=config.seed)
        catalogue = Catalogue.from_items(dataset.items)
        users = dataset.users.iloc[parts.user_rows].reset_index(drop=True)
        demographic = demographic_groups(users, dataset.attributes)
    train, seen = _histories(parts, "train"), _histories(parts, "seen")

    with clock.stage("Sources before the labels"):
        first = _moment(train, catalogue, demographic, config)
    with clock.stage("Candidates to learn from") as tell:
        learnt = _lists(first, train, demographic, tell)
    with clock.stage("Ranker"):
        ranker = _ranker(learnt, parts.labels, catalogue.n_items, config)
    service = _service(learnt.filtered, parts.labels, catalogue.n_items)
    del learnt, first

    with clock.stage("Sources on the whole history"):
        moment = _moment(seen, catalogue, demographic, config)
    with clock.stage("Candidates and features") as tell:
        lists = _lists(moment, seen, demographic, tell)
    with clock.stage("Ranking") as tell:
        order, scores = _ranked(ranker, lists, tell)
    with clock.stage("Quality"):
        quality = _quality(lists, order, parts.holdout, catalogue.n_items)
    attributes = (*demographic, taste_groups(seen), activity_groups(seen))
    facts = Facts(
        dataset, parts, catalogue, attributes, moment, ranker, lists.feature_names, quality
    )
    with clock.stage("Artifacts"):
        folder = scratch_folder(out)
        ranker.save(folder / "models")
        moment.index.save(folder / "models" / "items.hnsw")
        arrays = _arrays(moment, lists, order, scores, seen, parts, config)
        arrays["user_groups"] = np.column_stack([a.codes for a in attributes])
        arrays["service"] = service
        manifest = manifest_of(facts, config, clock.seconds)
        tables = {"users": users, "items": dataset.items}
        return publish(out, folder, arrays=arrays, tables=tables, manifest=manifest)


def _histories(parts: Split, name: str) -> Histories:
    seen: Ragged = getattr(parts, name)
    days = getattr(parts, f"{name}_times") / SECONDS_PER_DAY
    return Histories(parts.n_items, seen, getattr(parts, f"{name}_is_liked"), days)


def _moment(
    audience: Histories,
    catalogue: Catalogue,
    demographic: tuple[Attribute, ...],
    config: FitConfig,
) -> Moment:
    return make_moment(
        audience,
        catalogue,
        {attribute.name: attribute.codes for attribute in demographic},
        config.sources,
        n_candidates=config.n_candidates,
        seed=config.seed,
    )


def _lists(
    moment: Moment,
    audience: Histories,
    demographic: tuple[Attribute, ...],
    tell: Callable[[float], None],
) -> Lists:
    """Describe everybody, block by block."""
    n = audience.n_people
    codes = np.column_stack([np.empty((n, 0), np.int16), *(a.codes for a in demographic)])
    parts: list[tuple[Described, dict[str, NDArray[np.int32]]]] = []
    for block in blocks(n, audience.n_items):
        histories = audience.block(block.start, block.stop)
        described = moment.describe(histories, codes[block])
        parts.append((described, _baselines(described, moment, histories)))
        tell(block.stop / n)

    return Lists(
        retrieved=np.concatenate([part.fused.retrieved for part, _ in parts]),
        filtered=np.concatenate([part.fused.filtered for part, _ in parts]),
        source_masks=np.concatenate([part.fused.source_masks for part, _ in parts]),
        features=np.concatenate([part.features for part, _ in parts]),
        feature_names=parts[0][0].feature_names,
        baselines={
            name: np.concatenate([lists[name] for _, lists in parts]) for name in parts[0][1]
        },
    )


def _baselines(
    described: Described, moment: Moment, histories: Histories
) -> dict[str, NDArray[np.int32]]:
    """Order the unseen catalogue by one score alone, 200 deep."""
    popular = np.tile(moment.statistics.liked, (histories.n_people, 1))
    tables = {POPULAR: popular, MF: described.scores["als"], EASE: described.scores["ease"]}
    rows, items = entry_rows(histories.seen), histories.seen.indices
    lists = {}
    for name, table in tables.items():
        unseen = table.copy()
        unseen[rows, items] = -np.inf
        lists[name] = top_n(unseen, 200)
    return lists


def _ranker(learnt: Lists, labels: Ragged, n_items: int, config: FitConfig) -> Ranker:
    training = training_set(learnt.filtered, learnt.features, labels, learnt.feature_names, n_items)
    return fit_ranker(config.ranker_name, training, config.ranker, seed=config.seed)


def _service(filtered: NDArray[np.int32], labels: Ragged, n_items: int) -> NDArray[np.float64]:
    return ndcg_at(10, is_in_rows(filtered, labels, n_items), labels.lengths())


def _ranked(
    ranker: Ranker, lists: Lists, tell: Callable[[float], None]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Order each person's candidates by score; equal scores keep the fused order."""
    n_people, n, n_features = lists.features.shape
    scores = np.empty((n_people, n), np.float32)
    for block in blocks(n_people, 20 * n):
        flat = lists.features[block].reshape(-1, n_features)
        scores[block] = ranker.predict(flat).reshape(-1, n)
        tell(block.stop / n_people)
    scores[lists.filtered == PAD] = -np.inf
    order = np.argsort(-scores, axis=1, kind="stable")
    return order, np.take_along_axis(scores, order, axis=1)


def _quality(
    lists: Lists, order: NDArray[np.int64], holdout: Ragged, n_items: int
) -> dict[str, dict[str, float | int]]:
    ordered = {
        **lists.baselines,
        FUSED: lists.filtered,
        FULL: np.take_along_axis(lists.filtered, order, axis=1),
    }
    return {name: quality_of(rows, holdout, n_items) for name, rows in ordered.items()}


def _arrays(
    moment: Moment,
    lists: Lists,
    order: NDArray[np.int64],
    scores: NDArray[np.float32],
    seen: Histories,
    parts: Split,
    config: FitConfig,
) -> dict[str, NDArray]:
    catalogue, als = moment.catalogue, moment.als
    arrays = {
        "candidates": np.take_along_axis(lists.filtered, order, axis=1),
        "scores": np.where(np.isneginf(scores), 0.0, scores),
        "source_masks": np.take_along_axis(lists.source_masks, order, axis=1),
        "retrieved": lists.retrieved,
        "filtered": lists.filtered,
        "item_factors": unit_rows(als.item_factors),
        "mf_item_factors": als.item_factors,
        "mf_user_factors": als.fold_in(seen.likes),
        "genre_matrix": catalogue.genre_matrix,
        "released_day": catalogue.released_day,
        "popularity": seen.popularity,
        "provider_codes": catalogue.provider_codes,
        "history_indptr": seen.seen.indptr,
        "history_indices": seen.seen.indices,
        "history_is_liked": seen.is_liked,
        "history_day": seen.day,
        "holdout_indptr": parts.holdout.indptr,
        "holdout_indices": parts.holdout.indices,
        "fallback": (seen.seen.lengths() < LEANS_BELOW).astype(np.uint8),
    }
    if lists.features.nbytes <= config.max_feature_bytes:
        arrays["features"] = np.take_along_axis(lists.features, order[:, :, None], axis=1)
    return arrays
