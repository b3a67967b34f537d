"""From a data set to artifacts: the slow part, done once.

Two moments are fitted. As of the first, sources know the ``train`` part of the split alone, and
their candidates, with what people liked right after (``labels``), teach the ranker. As of the
second they know ``seen``, which is train and labels together, and their candidates, ordered by
that ranker, are what the artifacts hold. The test part is only ever compared with finished lists.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.artifact_format import LOG, publish, scratch_folder
from engine.data import Dataset
from engine.data.shown import log_table
from engine.fit_arrays import arrays_of, objective_arrays
from engine.fit_config import FitConfig, suited
from engine.fit_data import Prepared, prepared
from engine.fit_for_groups import place_of_groups, refit, with_group_models
from engine.fit_manifest import Facts, log_notes, manifest_of
from engine.fit_moment import fitted_moment
from engine.fit_objectives import LearnedObjectives, learn_objectives, learnable
from engine.held_out import is_in_rows, ndcg_at, quality_of
from engine.last_ranker import near_last
from engine.pipeline.comparison import gains_over
from engine.pipeline.lists import Served, serve_everybody
from engine.pipeline.moment import save_moment
from engine.pipeline.ranking.attribute_flip import attribute_flips
from engine.pipeline.ranking.group_choice import GroupChoice
from engine.pipeline.ranking.ranker import Ranker, TrainingSet
from engine.pipeline.ranking.registry import Chosen, fit_again, fit_ranker
from engine.pipeline.ranking.stability import StabilityPoint, stability_curve
from engine.pipeline.retrieval.registry import left_out
from engine.pipeline.second.registry import SecondRow, fit_second
from engine.pipeline.source_quality import source_quality, source_weights
from engine.pipeline.teaching import teaching_lists
from engine.stage_clock import OnStage, StageClock
from engine.user_groups import (
    activity_groups,
    stacked_codes,
    taste_groups,
)

__all__ = ["fit"]


@dataclass(frozen=True, eq=False)
class Learned:
    """What the first moment taught.

    ``ranker`` is the one chosen, with models of groups where those pay and the second stage behind
    it where that does; ``service`` the retrieved order's NDCG@10 per person.
    """

    chosen: Chosen
    ranker: Ranker
    groups: GroupChoice | None
    second: SecondRow | None
    stability: tuple[StabilityPoint, ...]
    objectives: LearnedObjectives
    source_quality: dict[str, dict[str, float | int]]
    service: NDArray[np.float64]


def fit(
    dataset: Dataset,
    out: Path,
    *,
    config: FitConfig | None = None,
    on_stage: OnStage | None = None,
    towards: Path | None = None,
) -> Path:
    """Fit the whole pipeline and make it the current one under ``out``.

    Parameters
    ----------
    dataset : Dataset
    out : Path
        Artifact directory; made if it is not there. What it holds stays whole until the new fit
        is complete.
    config : FitConfig, optional
    towards : Path, optional
        Artifact directory of the fit whose ranker a new one stays near, where ``config.stay`` is
        above 0; ``out`` where it is not given.
    on_stage : callable, optional
        Called with a stage's name and the share of it done, in [0, 1].

    Returns
    -------
    Path
        The folder of this fit.

    Raises
    ------
    DataError
        If nobody liked anything, or ``config.without`` names no attribute.
    """
    config = suited(config or FitConfig(), dataset)
    clock = StageClock(on_stage)
    with clock.stage("Split by time"):
        data = prepared(dataset, config)
        place_of_groups(data, config)  # refused before anything is fitted
    learned = _learn(data, config, clock, towards or out)
    moment = fitted_moment(data, data.seen, config, clock, "whole history")
    moment = moment.weighed(source_weights(learned.source_quality))
    with clock.stage("Index"):
        moment = moment.with_index(data.seen, config.sources, config.seed)
    data = data.with_bits_of(learned.objectives.stage.names)
    objectives = learned.objectives.stage.as_of(data.seen)
    with clock.stage("Candidates and ranking, whole history") as tell:
        served = serve_everybody(
            moment,
            learned.ranker,
            data.seen,
            data.read_codes,
            max_feature_bytes=config.max_feature_bytes,
            objectives=objectives,
            tell=tell,
        )
    with clock.stage("Quality"):
        quality = _quality(served, data.parts.holdout, moment.catalogue.n_items)
        gains = gains_over(
            served.candidates, served.baselines, data.parts.holdout, moment.catalogue.n_items
        )
        flips = attribute_flips(
            moment,
            learned.ranker,
            data.seen,
            data.read_codes,
            data.read,
            seed=config.seed,
            served=served,
        )
    attributes = (*data.demographic, taste_groups(data.seen), activity_groups(data.seen))
    with clock.stage("Artifacts"), scratch_folder(out) as folder:
        (folder / "models" / "ranker").mkdir()
        learned.ranker.save(folder / "models" / "ranker")
        save_moment(moment, folder / "models")
        objectives.save(folder / "models")
        arrays = arrays_of(moment, served, data.seen, data.read_codes)
        for name in ("holdout", "later_not_liked"):
            part: Ragged = getattr(data.parts, name)
            arrays[f"{name}_indptr"], arrays[f"{name}_indices"] = part.indptr, part.indices
        arrays |= objective_arrays(served, data, objectives.names)
        arrays["user_groups"] = stacked_codes(attributes, data.parts.n_users)
        arrays["service"] = learned.service
        facts = Facts(
            dataset=dataset,
            parts=data.parts,
            attributes=attributes,
            moment=moment,
            chosen=learned.chosen,
            groups=learned.groups.table if learned.groups else None,
            second=learned.second,
            stability=learned.stability,
            feature_names=served.feature_names,
            quality=quality,
            gains=gains,
            source_quality=learned.source_quality,
            left_out=left_out(data.seen, data.catalogue, config.sources.options),
            attribute_flips=flips,
            objectives=learned.objectives,
            candidates=served.filtered,
        )
        tables = {"users": data.users, "items": dataset.items}
        manifest = manifest_of(facts, config, clock.seconds)
        shown, n_strangers = log_table(dataset, data.users["user_id"])
        if shown is not None:
            tables[LOG] = shown
            manifest["notes"] += log_notes(shown, n_strangers)
        return publish(out, folder, arrays=arrays, tables=tables, manifest=manifest)


def _learn(data: Prepared, config: FitConfig, clock: StageClock, before: Path) -> Learned:
    """Weigh the sources and teach the ranker, on the first moment and what was liked next."""
    when, labels, n_items = "before the labels", data.parts.labels, data.parts.n_items
    moment = fitted_moment(data, data.train, config, clock, when)
    with clock.stage("Quality of the sources"):
        quality = source_quality(moment.retrieval, data.train, labels)
    moment = moment.weighed(source_weights(quality))
    with clock.stage(f"Candidates, {when}") as tell:
        taught = teaching_lists(
            moment,
            data.train,
            data.read_codes,
            labels,
            max_bytes=config.ranker.max_training_bytes,
            tell=tell,
        )
    able = learnable(data, taught.filtered)
    training = replace(taught.training, aims=able.of(taught.people))
    stability: tuple[StabilityPoint, ...] = ()
    with clock.stage("Ranker"):
        if config.stay:
            training = near_last(training, before, config.stay)
        chosen = fit_ranker(config.rankers, training, config.ranker, seed=config.seed)
        if config.stay:
            again = partial(fit_again, chosen, config=config.ranker, seed=config.seed)
            stability = stability_curve(again, training)
    groups = with_group_models(chosen, data, training, config, clock)
    ranker, second = _with_second(chosen, groups, training, config, clock)
    with clock.stage("Rankers of other objectives"):
        objectives = learn_objectives(data, moment, taught.filtered, able, config)
    service = ndcg_at(10, is_in_rows(taught.filtered, labels, n_items), labels.lengths())
    return Learned(chosen, ranker, groups, second, stability, objectives, quality, service)


def _with_second(
    chosen: Chosen,
    groups: GroupChoice | None,
    training: TrainingSet,
    config: FitConfig,
    clock: StageClock,
) -> tuple[Ranker, SecondRow | None]:
    ranker = groups.ranker if groups else chosen.ranker
    if not config.second:
        return ranker, None

    def again(some: TrainingSet) -> Ranker:
        return refit(chosen, groups, some, config)

    with clock.stage("Second stage") as tell:
        return fit_second(
            config.second,
            ranker,
            again,
            training,
            config.second_stage,
            seed=config.seed,
            tell=tell,
        )


def _quality(served: Served, holdout: Ragged, n_items: int) -> dict[str, dict[str, float | int]]:
    ordered = {
        **served.baselines,
        "retrieved order": served.filtered,
        "full pipeline": served.candidates,
    }
    return {name: quality_of(rows, holdout, n_items) for name, rows in ordered.items()}
