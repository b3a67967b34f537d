"""Sparse links from items (or other keys) to items, and the sources that add them up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged, read_only
from engine.pipeline.kernels.link_scores import propose_by_links, score_by_links
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source import Proposed, empty_proposals
from engine.threads import over_rows

__all__ = ["ByLinks", "LinkModel", "Links", "strongest"]

Write: TypeAlias = Callable[..., None]
BLOCK_ITEMS = 16_384

Weigh: TypeAlias = Callable[[Histories], sp.csr_matrix]


def _locked(array: NDArray[Any], dtype: type) -> NDArray[Any]:
    """Give a read-only view of plain type: kernels are compiled once for all callers."""
    return read_only(np.asarray(array, dtype=dtype).view(np.ndarray)[...])


@dataclass(frozen=True, eq=False)
class Links:
    """For each key the items it speaks for.

    Attributes
    ----------
    n_items : int
    indptr : int64 array of shape (n_keys + 1,)
    items : int32 array of shape (nnz,)
    values : float32 array of shape (nnz,)
        How strongly a key in a history speaks for the item; may be negative.
    """

    n_items: int
    indptr: NDArray[np.int64]
    items: NDArray[np.int32]
    values: NDArray[np.float32]

    @classmethod
    def from_csr(cls, matrix: sp.csr_matrix) -> Links:
        """Take the entries of a sparse matrix of shape (n_keys, n_items)."""
        return cls(
            matrix.shape[1],
            _locked(matrix.indptr, np.int64),
            _locked(matrix.indices, np.int32),
            _locked(matrix.data, np.float32),
        )

    @classmethod
    def from_rows(cls, items: NDArray[np.int32], values: NDArray[np.float32], n: int) -> Links:
        """Take one padded row per key; links of 0 are left out."""
        return cls.of_items(n, np.arange(len(items)), items, values)

    @classmethod
    def of_items(
        cls, n: int, keys: NDArray[np.int64], items: NDArray[np.int32], values: NDArray[np.float32]
    ) -> Links:
        """Take padded rows of some of ``n`` items, in rising order; the others have no links."""
        kept = (items != PAD) & (values != 0)
        lengths = np.zeros(n, np.int64)
        lengths[keys] = kept.sum(axis=1)
        return cls(
            n,
            _locked(np.concatenate(([0], np.cumsum(lengths))), np.int64),
            _locked(items[kept], np.int32),
            _locked(values[kept], np.float32),
        )

    @classmethod
    def in_blocks(cls, n_items: int, n: int, write: Write) -> Links:
        """Make up to ``n`` links of every item, block by block: padding is never held for all.

        ``write(first, start, stop, items, values)`` writes the rows of the items ``first + start``
        to ``first + stop - 1`` of a block that begins at ``first``.
        """
        parts = []
        for first in range(0, n_items, BLOCK_ITEMS):
            size = min(BLOCK_ITEMS, n_items - first)
            items, values = empty_proposals(size, min(n, n_items))
            over_rows(partial(write, first, items=items, values=values), size)
            keys = np.arange(first, first + size)
            parts.append(cls.of_items(n_items, keys, items, values))
        if not parts:
            return cls.from_rows(*empty_proposals(0, 0), n_items)
        return cls(
            n_items,
            _locked(np.sum([part.indptr for part in parts], axis=0), np.int64),
            _locked(np.concatenate([part.items for part in parts]), np.int32),
            _locked(np.concatenate([part.values for part in parts]), np.float32),
        )

    def save(self, folder: Path) -> None:
        """Write three arrays."""
        np.save(folder / "link_indptr.npy", np.append(self.indptr, self.n_items))
        np.save(folder / "link_items.npy", self.items)
        np.save(folder / "link_values.npy", self.values)

    @classmethod
    def load(cls, folder: Path) -> Links:
        """Open what :meth:`save` wrote, memory-mapped: one person's answer reads few rows."""
        indptr = np.load(folder / "link_indptr.npy", allow_pickle=False)
        items, values = (
            np.load(folder / f"link_{part}.npy", mmap_mode="r", allow_pickle=False)
            for part in ("items", "values")
        )
        return cls(
            int(indptr[-1]),
            _locked(indptr[:-1], np.int64),
            _locked(items, np.int32),
            _locked(values, np.float32),
        )

    @property
    def kernel_form(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """As kernels take them."""
        return self.indptr, self.items, self.values


def strongest(matrix: NDArray[np.float32], n: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Keep the ``n`` entries of each row that are largest in size, in the order of columns.

    Returns
    -------
    items : int32 array of shape (n_rows, min(n, n_columns))
    values : float32 array of the same shape
    """
    n_rows, width = matrix.shape
    if n >= width:
        columns = np.tile(np.arange(width, dtype=np.int32), (n_rows, 1))
        return columns, np.ascontiguousarray(matrix, dtype=np.float32)
    items = np.empty((n_rows, n), np.int32)
    for start in range(0, n_rows, BLOCK_ROWS):
        block = np.abs(matrix[start : start + BLOCK_ROWS])
        chosen = np.argpartition(block, width - n, axis=1)[:, width - n :]
        items[start : start + BLOCK_ROWS] = np.sort(chosen, axis=1)
    return items, np.take_along_axis(matrix, items, axis=1).astype(np.float32)


BLOCK_ROWS = 512


@dataclass(frozen=True, eq=False)
class LinkModel:
    """Learned links between items, and how they came about.

    Attributes
    ----------
    links : Links
        Keys are items.
    method : str
        In words.
    """

    links: Links
    method: str

    def source(self, profile: Profile) -> ByLinks:
        """Add up the links of the items that ``profile`` names."""
        return ByLinks(profile.weights, self.links)

    def save(self, folder: Path) -> None:
        """Write links and method."""
        self.links.save(folder)
        (folder / "method.txt").write_text(self.method, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinkModel:
        """Open what :meth:`save` wrote."""
        return cls(Links.load(folder), (folder / "method.txt").read_text(encoding="utf-8"))

    def report(self) -> dict[str, Any]:
        """Say the method and how many links there are."""
        n_keys = len(self.links.indptr) - 1
        return {"method": self.method, "links": len(self.links.items), "keys": n_keys}


@dataclass(frozen=True, eq=False)
class ByLinks:
    """Scores are ``Σ weight · link`` over a person's keys; O(links of the keys) per person.

    Attributes
    ----------
    weigh : callable
        Histories → float32 sparse matrix of shape (n_people, n_keys).
    links : Links
    """

    weigh: Weigh
    links: Links

    def propose(self, histories: Histories, n: int) -> Proposed:
        """Propose the ``n`` best unseen items."""
        profile, links = _profile(self.weigh(histories)), self.links.kernel_form
        items, scores = empty_proposals(histories.n_people, min(n, self.links.n_items))
        of_seen = np.zeros(len(histories.seen.indices), np.float32)
        seen = rows_of(histories.seen)

        def work(start: int, stop: int) -> None:
            propose_by_links(
                profile, links, seen, self.links.n_items, start, stop, items, scores, of_seen
            )

        over_rows(work, histories.n_people)
        return Proposed(items, scores, of_seen)

    def score(self, histories: Histories, items: Ragged) -> NDArray[np.float32]:
        """Score any items, one row per person."""
        profile, links = _profile(self.weigh(histories)), self.links.kernel_form
        scores, asked = np.zeros(len(items.indices), np.float32), rows_of(items)

        def work(start: int, stop: int) -> None:
            score_by_links(profile, links, asked, self.links.n_items, start, stop, scores)

        over_rows(work, histories.n_people)
        return scores


def _profile(weights: sp.csr_matrix) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    return (
        _locked(weights.indptr, np.int64),
        _locked(weights.indices, np.int32),
        _locked(weights.data, np.float32),
    )


def rows_of(rows: Ragged) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Rows of items as kernels take them."""
    return _locked(rows.indptr, np.int64), _locked(rows.indices, np.int32)
