"""How the small networks over candidates learn: the softmax over each person's candidates."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.pipeline.neural.over_candidates import held_out_by, mean_ndcg
from engine.pipeline.neural.training import Schedule, seeded, train
from engine.pipeline.neural.weights import Weights
from engine.pipeline.ranking.dense_model import Dense
from engine.pipeline.ranking.dense_network import DenseRanker
from engine.pipeline.ranking.dense_weights import FACTORS, fresh_weights, weight_shapes
from engine.pipeline.ranking.design import Design, fit_design
from engine.pipeline.ranking.id_rows import IdRows, ReadRows, learn_id_rows
from engine.pipeline.ranking.ranker import RankerConfig, TrainingSet

__all__ = ["learned_dense"]

MEMBERS = 3
SCHEDULE = Schedule(epochs=60, batch=32, rate=2e-3, decay=3e-2, patience=6, threads=1)
SHALLOW_RATE = 1e-2
"""Of networks without layers, whose line begins at 0 and has far to go."""

AIM_WEIGHT = 0.3
"""Of the loss of each other head: .1, .3 and 1 were tried on labels, see the README."""

FROM_FACTORS = 0.5
"""Deviation of tables of items that begin as the factors of a source."""

SHARED_PEOPLE = 20
"""People whose candidates tell the shares of features."""


@dataclass(frozen=True, eq=False)
class Examples:
    """What the members learn from, as arrays; ``rows`` is None for features alone.

    ``goals`` are of shape (1 + n_aims, n_people, n): what each candidate is to be, then 1 at events
    of each other objective.
    """

    columns: NDArray[np.float32]
    rows: ReadRows | None
    is_candidate: NDArray[np.bool_]
    is_label: NDArray[np.bool_]
    goals: NDArray[np.float32]


def learned_dense(
    training: TrainingSet, config: RankerConfig, seed: int, *, parts: tuple[str, ...], name: str
) -> DenseRanker:
    """Learn some networks, each stopping early on the NDCG@10 of other people.

    Parameters
    ----------
    training : TrainingSet
        Where it says whom and what it is about, items and groups are known by their numbers too.
    config : RankerConfig
        Its bound on rows, as the pointwise rankers have it.
    seed : int
    parts : tuple of str
        Of :data:`~engine.pipeline.ranking.dense_weights.PARTS`.
    name : str
        For people.
    """
    aims = tuple(training.aims) if "heads" in parts else ()
    most = config.most_rows(training.n_people, listwise=False)
    thin = training.thinned(most, seed=seed, with_aims=bool(aims)).narrowed()
    design = fit_design(thin.rows(), thin.feature_names)
    ids = learn_id_rows(training.listed, training.is_candidate)
    shapes = weight_shapes(design.n_columns, ids, parts, len(aims))
    begun = _begun(ids, training.vectors) if {"interest", "block"} & set(parts) else {}
    examples = _examples(thin, design, ids, aims)
    order = np.random.default_rng((seed, 0)).permutation(thin.n_people)
    members = []
    for member in range(MEMBERS):
        first = fresh_weights(shapes, np.random.default_rng((seed, member))) | begun
        is_held = held_out_by(order, member)
        members.append(_member(first, examples, is_held, seed * 1000 + member, name))
    bare = DenseRanker(design, tuple(members), np.empty(0), ids, parts, aims=aims)
    return replace(bare, shares=_moved(bare, training))


def _examples(thin: TrainingSet, design: Design, ids: IdRows, aims: tuple[str, ...]) -> Examples:
    n_people, n, n_features = thin.features.shape
    goals = np.zeros(thin.is_label.shape, np.float32)
    goals[thin.is_candidate] = thin.targets()
    events = [(thin.aims[name] & thin.is_candidate).astype(np.float32) for name in aims]
    return Examples(
        design.columns(thin.features.reshape(-1, n_features)).reshape(n_people, n, -1),
        None if thin.listed is None or ids.is_empty else ids.read(thin.listed),
        thin.is_candidate,
        thin.is_label,
        np.stack([goals, *events]),
    )


def _begun(ids: IdRows, vectors: NDArray[np.float32] | None) -> Weights:
    """Begin the table of items as the main directions of a source's factors, where there are."""
    if vectors is None or ids.is_empty:
        return {}
    known = vectors[ids.items].astype(np.float64)
    known -= known.mean(axis=0)
    left, size, _ = np.linalg.svd(known, full_matrices=False)
    width = min(FACTORS, len(size))
    table = np.zeros((len(ids.items) + 1, FACTORS))
    table[1:, :width] = left[:, :width] * size[:width]
    spread = table[1:].std()
    return {"items": (FROM_FACTORS * table / (spread if spread > 0 else 1)).astype(np.float32)}


def _moved(bare: DenseRanker, training: TrainingSet) -> NDArray[np.float64]:
    n_features = training.features.shape[2]
    sizes = np.zeros(n_features)
    for person in np.linspace(0, training.n_people - 1, min(training.n_people, SHARED_PEOPLE)):
        one = training.take(np.array([int(person)]))
        told = bare if one.listed is None else bare.about(one.listed)
        parts = told.contributions(one.features[0], one.is_candidate[0])
        sizes += np.abs(parts[one.is_candidate[0], :-1]).sum(axis=0)
    return sizes / sizes.sum() if sizes.sum() > 0 else np.full(n_features, np.nan)


def _member(
    first: Weights, examples: Examples, is_held: NDArray[np.bool_], seed: int, name: str
) -> Weights:
    schedule = SCHEDULE if "first_w" in first else replace(SCHEDULE, rate=SHALLOW_RATE)
    with seeded(seed, threads=1) as device:

        def put(array: NDArray[Any]) -> torch.Tensor:
            return torch.from_numpy(np.ascontiguousarray(array)).to(device)

        model = Dense(first).to(device)
        inputs, known, liked, goal = (
            put(getattr(examples, one)) for one in ("columns", "is_candidate", "is_label", "goals")
        )
        tables = {}
        if examples.rows is not None:
            tables = {one.name: put(getattr(examples.rows, one.name)) for one in fields(ReadRows)}
        has_label = examples.is_label.any(axis=1)
        held, taught = put(np.flatnonzero(is_held & has_label)), put(np.flatnonzero(~is_held))
        counts = [1.0, *[AIM_WEIGHT] * (len(goal) - 1)]

        def scores(people: torch.Tensor) -> list[torch.Tensor]:
            some: dict[str, Any] = {name: table[people] for name, table in tables.items()}
            found = model.heads(inputs[people], ReadRows(**some) if some else None)
            return [one.masked_fill(~known[people], -torch.inf) for one in found]

        def loss(batch: torch.Tensor) -> torch.Tensor:
            total = torch.zeros((), device=device)
            # whoever has no event of an objective has nothing wanted, and no part in its loss
            for count, found, wanted in zip(counts, scores(taught[batch]), goal, strict=True):
                own, chance = wanted[taught[batch]], found.log_softmax(dim=1)
                total = total - count * torch.where(own > 0, own * chance, 0.0).sum()
            return total / len(batch)

        def figure() -> float:
            return mean_ndcg(scores(held)[0], liked[held])

        return train(
            model,
            loss,
            len(taught),
            schedule,
            seed=seed,
            name=name,
            figure=figure if len(held) else None,
        ).weights
