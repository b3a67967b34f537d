"""How the small networks over features learn: the softmax over each person's candidates."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from engine.pipeline.neural.over_candidates import FromArrays, held_out_by, mean_ndcg
from engine.pipeline.neural.training import Schedule, seeded, train
from engine.pipeline.neural.weights import Weights
from engine.pipeline.ranking.dense_network import DenseRanker, fresh_dense
from engine.pipeline.ranking.design import fit_design
from engine.pipeline.ranking.ranker import RankerConfig, TrainingSet

__all__ = ["Dense", "learned_dense"]

MEMBERS = 3
SCHEDULE = Schedule(epochs=60, batch=32, rate=2e-3, decay=3e-2, patience=6, threads=1)
DROPOUT = 0.2
SHARED_PEOPLE = 50
"""People whose candidates tell the shares of features."""


class Dense(FromArrays):
    """The network; its parameters have the names that NumPy serves by."""

    def forward(self, columns: torch.Tensor) -> torch.Tensor:
        """Return logits of the shape of ``columns`` without its last axis."""
        hidden = columns
        for layer in ("first", "second"):
            hidden = functional.relu(self.linear(layer, hidden))
            hidden = functional.dropout(hidden, DROPOUT, self.training)
        found = (
            hidden @ self.get_parameter("out_w")
            + columns @ self.get_parameter("wide_w")
            + self.get_parameter("out_b")
        )[..., 0]
        if hasattr(self, "factors"):
            factors = self.get_parameter("factors")
            squared = (columns @ factors) ** 2 - columns**2 @ factors**2
            found = found + 0.5 * squared.sum(dim=-1)
        return found


def learned_dense(
    training: TrainingSet, config: RankerConfig, seed: int, *, has_pairs: bool, name: str
) -> DenseRanker:
    """Learn some networks, each stopping early on the NDCG@10 of other people.

    Parameters
    ----------
    training : TrainingSet
    config : RankerConfig
        Its bound on rows, as the pointwise rankers have it.
    seed : int
    has_pairs : bool
    name : str
        For people.
    """
    most = config.most_rows(training.n_people, listwise=False)
    training = training.thinned(most, seed=seed)
    design = fit_design(training.rows(), training.feature_names)
    n_people, n, n_features = training.features.shape
    columns = design.columns(training.features.reshape(-1, n_features)).reshape(n_people, n, -1)
    order = np.random.default_rng((seed, 0)).permutation(n_people)
    members = []
    for member in range(MEMBERS):
        is_held = held_out_by(order, member)
        own = seed * 1000 + member
        first = fresh_dense(
            design.n_columns, np.random.default_rng((seed, member)), has_pairs=has_pairs
        )
        members.append(_member(first, columns, training, is_held, own, name))
    some = np.linspace(0, n_people - 1, min(n_people, SHARED_PEOPLE)).astype(int)
    bare = DenseRanker(design, tuple(members), np.empty(0))
    sizes = np.zeros(n_features)
    for person in some:
        parts = bare.contributions(training.features[person], training.is_candidate[person])
        sizes += np.abs(parts[training.is_candidate[person], :-1]).sum(axis=0)
    shares = sizes / sizes.sum() if sizes.sum() > 0 else np.full(n_features, np.nan)
    return DenseRanker(design, tuple(members), shares)


def _member(
    first: Weights,
    columns: np.ndarray,
    training: TrainingSet,
    is_held: np.ndarray,
    seed: int,
    name: str,
) -> Weights:
    with seeded(seed, threads=1) as device:
        model = Dense(first).to(device)
        goals = np.zeros(training.is_label.shape, np.float32)
        goals[training.is_candidate] = training.targets()
        inputs, known, liked, goal = (
            torch.from_numpy(np.ascontiguousarray(a)).to(device)
            for a in (columns, training.is_candidate, training.is_label, goals)
        )
        held = torch.from_numpy(np.flatnonzero(is_held)).to(device)
        taught = torch.from_numpy(np.flatnonzero(~is_held)).to(device)

        def logits(people: torch.Tensor) -> torch.Tensor:
            return model(inputs[people]).masked_fill(~known[people], -torch.inf)

        def loss(batch: torch.Tensor) -> torch.Tensor:
            chance = logits(taught[batch]).log_softmax(dim=1)
            wanted = goal[taught[batch]]
            return -torch.where(wanted > 0, wanted * chance, 0.0).sum() / len(batch)

        def figure() -> float:
            return mean_ndcg(logits(held), liked[held])

        return train(
            model,
            loss,
            len(taught),
            SCHEDULE,
            seed=seed,
            name=name,
            figure=figure if is_held.any() else None,
        ).weights
