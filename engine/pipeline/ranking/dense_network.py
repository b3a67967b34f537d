"""Small networks over one candidate's features, in NumPy: what serves needs no PyTorch.

A score is the sum of up to three parts over the columns of a design: a linear one (wide), products
of pairs of columns through factors (a factorisation machine of second order), and two layers
(deep).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.design import Design

__all__ = ["DenseRanker", "dense_logits", "fresh_dense", "weight_shapes"]

FIRST, SECOND, FACTORS = 32, 16, 8
"""Widths of the two layers, and factors of a column."""

STEPS = 24
"""Points on the way from the mean candidate at which gradients are taken."""

FILE = "network.npz"
MEMBER, DESIGN = "member_", "design_"

Floats = NDArray[np.float32]
Weights = Mapping[str, NDArray[Any]]


def weight_shapes(n_columns: int, *, has_pairs: bool) -> dict[str, tuple[int, ...]]:
    """Return name → shape of every weight."""
    shapes: dict[str, tuple[int, ...]] = {
        "wide_w": (n_columns, 1),
        "first_w": (n_columns, FIRST),
        "first_b": (FIRST,),
        "second_w": (FIRST, SECOND),
        "second_b": (SECOND,),
        "out_w": (SECOND, 1),
        "out_b": (1,),
    }
    return shapes | ({"factors": (n_columns, FACTORS)} if has_pairs else {})


def fresh_dense(n_columns: int, rng: np.random.Generator, *, has_pairs: bool) -> dict[str, Floats]:
    """Draw weights: He's normal for the layers, small for factors, 0 for the linear part."""
    drawn = {}
    for name, size in weight_shapes(n_columns, has_pairs=has_pairs).items():
        if name == "factors":
            values = 0.02 * rng.standard_normal(size)
        elif name in ("first_w", "second_w", "out_w"):
            values = np.sqrt(2 / size[0]) * rng.standard_normal(size)
        else:
            values = np.zeros(size)
        drawn[name] = values.astype(np.float32)
    return drawn


def dense_logits(weights: Weights, columns: NDArray[Any]) -> NDArray[Any]:
    """Return the score of each row of columns, shape (n_rows,).

    Source
    ------
    Cheng et al., "Wide & deep learning for recommender systems", DLRS 2016; Rendle,
    "Factorization machines", ICDM 2010, equation 5, for the pairs.
    """
    first = np.maximum(columns @ weights["first_w"] + weights["first_b"], 0)
    second = np.maximum(first @ weights["second_w"] + weights["second_b"], 0)
    total = second @ weights["out_w"] + columns @ weights["wide_w"] + weights["out_b"]
    found = total[:, 0]
    if "factors" in weights:
        factors = weights["factors"]
        found = found + 0.5 * ((columns @ factors) ** 2 - columns**2 @ factors**2).sum(axis=1)
    return found


def _gradients(weights: Weights, columns: NDArray[Any]) -> NDArray[Any]:
    first = columns @ weights["first_w"] + weights["first_b"]
    second = np.maximum(first, 0) @ weights["second_w"] + weights["second_b"]
    back = (second > 0) * weights["out_w"][:, 0]
    back = (back @ weights["second_w"].T) * (first > 0)
    found = back @ weights["first_w"].T + weights["wide_w"][:, 0]
    if "factors" in weights:
        factors = weights["factors"]
        found = found + (columns @ factors) @ factors.T - columns * (factors**2).sum(axis=1)
    return found


@dataclass(frozen=True, eq=False)
class DenseRanker:
    """Fitted networks, whose mean serves.

    Attributes
    ----------
    design : Design
    members : tuple of mapping of str to float32 array
    shares : float64 array of shape (n_features,)
        Of each feature in what moved the scores of some candidates that were learned from.
    """

    design: Design
    members: tuple[Weights, ...]
    shares: NDArray[np.float64]

    def score(self, features: Floats, is_candidate: NDArray[np.bool_]) -> Floats:
        """Mean logit of the members, float32 of the shape of ``is_candidate``."""
        scores = np.zeros(is_candidate.shape, np.float32)
        for person in range(len(features)):
            # one person at a time: a library's product may differ in its last bits with the rows
            columns = self.design.columns(features[person])
            for weights in self.members:
                scores[person] += dense_logits(weights, columns)
        return scores / np.float32(len(self.members))

    def contributions(
        self, features: Floats, is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Split one person's scores by feature, the score of the mean candidate last.

        Source
        ------
        Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", ICML 2017: gradients
        on the straight way from the mean candidate. What a finite number of points leaves over is
        dealt out in proportion, so that the parts add up.
        """
        del is_candidate
        columns = self.design.columns(features).astype(np.float64)
        parts, constant = np.zeros_like(columns), 0.0
        for member in self.members:
            weights = {name: values.astype(np.float64) for name, values in member.items()}
            own = np.zeros_like(columns)
            for step in range(STEPS):
                own += _gradients(weights, columns * ((step + 0.5) / STEPS)) * columns / STEPS
            none = float(dense_logits(weights, np.zeros((1, columns.shape[1])))[0])
            left = dense_logits(weights, columns) - none - own.sum(axis=1)
            size = np.abs(own)
            total = size.sum(axis=1, keepdims=True)
            even = np.full_like(size, 1 / size.shape[1])
            own += left[:, None] * np.where(total > 0, size / np.where(total > 0, total, 1), even)
            parts += own / len(self.members)
            constant += none / len(self.members)
        last = np.full((len(columns), 1), constant)
        return np.hstack([self.design.by_feature(parts), last])

    def importance(self) -> NDArray[np.float64]:
        """Share of each feature in the sizes of parts, summing to 1."""
        return self.shares

    def save(self, folder: Path) -> None:
        """Write plain arrays."""
        arrays = {f"{DESIGN}{name}": values for name, values in vars(self.design).items()}
        for number, weights in enumerate(self.members):
            arrays |= {f"{MEMBER}{number}_{name}": values for name, values in weights.items()}
        np.savez(folder / FILE, allow_pickle=False, shares=self.shares, **arrays)

    @classmethod
    def load(cls, folder: Path) -> DenseRanker:
        """Read what :meth:`save` wrote.

        Raises
        ------
        ValueError
            Weights are not of one network's shapes, or not finite.
        """
        with np.load(folder / FILE, allow_pickle=False) as file:
            arrays = dict(file)
        design = Design(**{one.name: arrays[f"{DESIGN}{one.name}"] for one in fields(Design)})
        members: dict[int, dict[str, Floats]] = {}
        for name, values in arrays.items():
            if name.startswith(MEMBER):
                number, _, weight = name.removeprefix(MEMBER).partition("_")
                members.setdefault(int(number), {})[weight] = values
        for weights in members.values():
            shapes = weight_shapes(design.n_columns, has_pairs="factors" in weights)
            if {name: values.shape for name, values in weights.items()} != shapes:
                raise ValueError("a network's weights are not of its shapes")
            if not all(np.isfinite(values).all() for values in weights.values()):
                raise ValueError("a network has a weight that is not finite")
        if not members:
            raise ValueError("there is no network")
        return cls(design, tuple(members[at] for at in sorted(members)), arrays["shares"])
