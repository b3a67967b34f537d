"""Small networks over one candidate, in NumPy: what serves needs no PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.layers import NEVER
from engine.pipeline.ranking.candidate_block import Tools
from engine.pipeline.ranking.dense_layers import Inputs, column_gradients, logits, one_head
from engine.pipeline.ranking.dense_weights import inputs_of, weight_shapes
from engine.pipeline.ranking.design import Design
from engine.pipeline.ranking.id_rows import NO_IDS, IdRows, ReadRows
from engine.pipeline.ranking.listed import Listed

__all__ = ["NETWORK_FILE", "NUMPY_TOOLS", "DenseRanker"]

STEPS = 24
"""Points on the way from the mean candidate at which gradients are taken."""

NETWORK_FILE = "network.npz"
MEMBER, DESIGN, IDS, KINDS = "member_", "design_", "ids_", "parts"
AIMS = "aims"

Floats = NDArray[np.float32]
Weights = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class DenseRanker:
    """Fitted networks, whose mean serves.

    Attributes
    ----------
    design : Design
    members : tuple of mapping of str to float32 array
    shares : float64 array of shape (n_features,)
        Of each feature in what moved the scores of some candidates that were learned from.
    ids : IdRows
        Items and groups that are known by their number; none for networks of features alone.
    parts : tuple of str
        Of :data:`~engine.pipeline.ranking.dense_weights.PARTS`.
    listed : Listed or None
        Whom and what it was told to score by :meth:`about`.
    aims : tuple of str
        Other objectives with a head of their own, see :meth:`head`.
    """

    design: Design
    members: tuple[Weights, ...]
    shares: NDArray[np.float64]
    ids: IdRows = NO_IDS
    parts: tuple[str, ...] = ()
    listed: Listed | None = None
    aims: tuple[str, ...] = ()

    def about(self, listed: Listed) -> DenseRanker:
        """Return itself, told whose candidates it will score."""
        return self if self.ids.is_empty else replace(self, listed=listed)

    def head(self, aim: str) -> DenseRanker:
        """Return the network whose one head is that of an objective, one of ``aims``."""
        at = self.aims.index(aim)
        members = tuple(one_head(weights, at) for weights in self.members)
        unknown = np.full(len(self.shares), np.nan)
        return replace(self, members=members, shares=unknown, aims=())

    def score(self, features: Floats, is_candidate: NDArray[np.bool_]) -> Floats:
        """Mean logit of the members, float32 of the shape of ``is_candidate``."""
        scores = np.zeros(is_candidate.shape, np.float32)
        for person in range(len(features)):
            # one person at a time: a library's product may differ in its last bits with the rows
            columns, rows = self.design.columns(features[person]), self._rows(person)
            for weights in self.members:
                scores[person] += logits(weights, _inputs(weights, columns, rows))
        return scores / np.float32(len(self.members))

    def _rows(self, person: int) -> ReadRows | None:
        if self.ids.is_empty:
            return None
        if self.listed is None:
            raise ValueError("This ranker reads numbers of items: tell it whose with `about`.")
        read = self.ids.read(self.listed.take(np.array([person])))
        return ReadRows(*(getattr(read, one.name)[0] for one in fields(ReadRows)))

    def contributions(
        self, features: Floats, is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Split one person's scores by feature; last what is left without any feature.

        The last is the score of the mean candidate, and with it what the networks learned of the
        item itself and of the person's groups, where they know these by number.

        Source
        ------
        Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", ICML 2017: gradients
        on the straight way from the mean candidate. What a finite number of points leaves over is
        dealt out in proportion, so that the parts add up.
        """
        del is_candidate
        columns = self.design.columns(features).astype(np.float64)
        rows = self._rows(0)
        parts, last = np.zeros_like(columns), np.zeros(len(columns))
        for member in self.members:
            weights = {name: values.astype(np.float64) for name, values in member.items()}
            own = np.zeros_like(columns)
            for step in range(STEPS):
                at = _inputs(weights, columns * ((step + 0.5) / STEPS), rows)
                own += column_gradients(weights, at) * columns / STEPS
            none = logits(weights, _inputs(weights, 0.0 * columns, rows))
            left = logits(weights, _inputs(weights, columns, rows)) - none - own.sum(axis=1)
            size = np.abs(own)
            total = size.sum(axis=1, keepdims=True)
            even = np.full_like(size, 1 / size.shape[1])
            own += left[:, None] * np.where(total > 0, size / np.where(total > 0, total, 1), even)
            parts += own / len(self.members)
            last += none / len(self.members)
        return np.hstack([self.design.by_feature(parts), last[:, None]])

    def importance(self) -> NDArray[np.float64]:
        """Share of each feature in the sizes of parts, summing to 1."""
        return self.shares

    def save(self, folder: Path) -> None:
        """Write plain arrays."""
        arrays: dict[str, NDArray[Any]] = {
            KINDS: np.array(self.parts, dtype=np.str_),
            AIMS: np.array(self.aims, dtype=np.str_),
        }
        for prefix, part in ((DESIGN, self.design), (IDS, self.ids)):
            arrays |= {f"{prefix}{name}": values for name, values in vars(part).items()}
        for number, weights in enumerate(self.members):
            arrays |= {f"{MEMBER}{number}_{name}": values for name, values in weights.items()}
        np.savez(folder / NETWORK_FILE, allow_pickle=False, shares=self.shares, **arrays)

    @classmethod
    def load(cls, folder: Path) -> DenseRanker:
        """Read what :meth:`save` wrote.

        Raises
        ------
        ValueError
            Weights are not of one network's shapes, or not finite.
        """
        with np.load(folder / NETWORK_FILE, allow_pickle=False) as file:
            arrays = dict(file)
        design = Design(**{one.name: arrays[f"{DESIGN}{one.name}"] for one in fields(Design)})
        ids = IdRows(**{one.name: arrays[f"{IDS}{one.name}"] for one in fields(IdRows)})
        parts = tuple(str(one) for one in arrays[KINDS])
        aims = tuple(str(one) for one in arrays.get(AIMS, ()))
        shapes = weight_shapes(design.n_columns, ids, parts, len(aims))
        members = _members(arrays)
        for weights in members:
            if {name: values.shape for name, values in weights.items()} != shapes:
                raise ValueError("a network's weights are not of its shapes")
            if not all(np.isfinite(values).all() for values in weights.values()):
                raise ValueError("a network has a weight that is not finite")
        if not members:
            raise ValueError("there is no network")
        return cls(design, members, arrays["shares"], ids, parts, aims=aims)


def _inputs(weights: Weights, columns: NDArray[Any], rows: ReadRows | None) -> Inputs:
    return inputs_of(weights, columns, rows, NUMPY_TOOLS)


def _shares(values: NDArray[Any], is_there: NDArray[np.bool_]) -> NDArray[Any]:
    known = np.where(is_there, values, NEVER)
    raised = np.exp(known - known.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


NUMPY_TOOLS = Tools(lambda arrays: np.concatenate(arrays, axis=-1), _shares)


def _members(arrays: Mapping[str, NDArray[Any]]) -> tuple[dict[str, NDArray[Any]], ...]:
    members: dict[int, dict[str, NDArray[Any]]] = {}
    for name, values in arrays.items():
        if name.startswith(MEMBER):
            number, _, weight = name.removeprefix(MEMBER).partition("_")
            members.setdefault(int(number), {})[weight] = values
    return tuple(members[at] for at in sorted(members))
