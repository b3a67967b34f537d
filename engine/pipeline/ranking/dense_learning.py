"""How the small networks over candidates learn: the softmax over each person's candidates."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from engine.pipeline.neural.over_candidates import FromArrays, held_out_by, mean_ndcg
from engine.pipeline.neural.training import Schedule, seeded, train
from engine.pipeline.neural.weights import Weights
from engine.pipeline.ranking.dense_layers import logits
from engine.pipeline.ranking.dense_network import DenseRanker
from engine.pipeline.ranking.dense_weights import FACTORS, fresh_weights, inputs_of, weight_shapes
from engine.pipeline.ranking.design import fit_design
from engine.pipeline.ranking.id_rows import IdRows, ReadRows, learn_id_rows
from engine.pipeline.ranking.ranker import RankerConfig, TrainingSet

__all__ = ["Dense", "learned_dense"]

MEMBERS = 3
SCHEDULE = Schedule(epochs=60, batch=32, rate=2e-3, decay=3e-2, patience=6, threads=1)
SHALLOW_RATE = 1e-2
"""Of networks without layers, whose line begins at 0 and has far to go."""

DROPOUT = 0.2
UNKNOWN = 0.2
"""Share of items that a batch does not know, so that the row of the unknown ones is learned."""

FROM_FACTORS = 0.5
"""Deviation of tables of items that begin as the factors of a source."""

SHARED_PEOPLE = 20
"""People whose candidates tell the shares of features."""


class Dense(FromArrays):
    """The network; its parameters have the names that NumPy serves by."""

    def forward(self, columns: torch.Tensor, rows: ReadRows | None = None) -> torch.Tensor:
        """Return logits of the shape of ``columns`` without its last axis."""
        weights = dict(self.named_parameters())
        if self.training and rows is not None:
            rows = replace(rows, items=_forgotten(rows.items), liked=_forgotten(rows.liked))
        inputs = inputs_of(weights, columns, rows, lambda parts: torch.cat(parts, dim=-1))
        return logits(weights, inputs, self._drop)

    def _drop(self, values: torch.Tensor) -> torch.Tensor:
        return functional.dropout(values, DROPOUT, self.training)


def _forgotten(rows: Any) -> Any:
    return torch.where(torch.rand(rows.shape, device=rows.device) < UNKNOWN, 0, rows)


@dataclass(frozen=True, eq=False)
class Examples:
    """What the members learn from, as arrays; ``rows`` is None for features alone."""

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
    most = config.most_rows(training.n_people, listwise=False)
    thin = training.thinned(most, seed=seed).narrowed()
    design = fit_design(thin.rows(), thin.feature_names)
    ids = learn_id_rows(training.listed, training.is_candidate)
    n_people, n, n_features = thin.features.shape
    goals = np.zeros(thin.is_label.shape, np.float32)
    goals[thin.is_candidate] = thin.targets()
    examples = Examples(
        design.columns(thin.features.reshape(-1, n_features)).reshape(n_people, n, -1),
        None if thin.listed is None or ids.is_empty else ids.read(thin.listed),
        thin.is_candidate,
        thin.is_label,
        goals,
    )
    order = np.random.default_rng((seed, 0)).permutation(n_people)
    shapes = weight_shapes(design.n_columns, ids, parts)
    members = []
    for member in range(MEMBERS):
        first = fresh_weights(shapes, np.random.default_rng((seed, member)))
        if "interest" in parts:
            first |= _begun(ids, training.vectors)
        is_held = held_out_by(order, member)
        members.append(_member(first, examples, is_held, seed * 1000 + member, name))
    bare = DenseRanker(design, tuple(members), np.empty(0), ids, parts)
    return replace(bare, shares=_shares(bare, training))


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


def _shares(bare: DenseRanker, training: TrainingSet) -> NDArray[np.float64]:
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
        held, taught = put(np.flatnonzero(is_held)), put(np.flatnonzero(~is_held))

        def scores(people: torch.Tensor) -> torch.Tensor:
            some: dict[str, Any] = {name: table[people] for name, table in tables.items()}
            found = model(inputs[people], ReadRows(**some) if some else None)
            return found.masked_fill(~known[people], -torch.inf)

        def loss(batch: torch.Tensor) -> torch.Tensor:
            chance = scores(taught[batch]).log_softmax(dim=1)
            wanted = goal[taught[batch]]
            return -torch.where(wanted > 0, wanted * chance, 0.0).sum() / len(batch)

        def figure() -> float:
            return mean_ndcg(scores(held), liked[held])

        return train(
            model,
            loss,
            len(taught),
            schedule,
            seed=seed,
            name=name,
            figure=figure if is_held.any() else None,
        ).weights
