"""What a batch of people did until some moment: all that retrieval and ranking may look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.arrays import Ragged

__all__ = ["Histories", "entry_rows", "steps_back"]

Value = TypeVar("Value")
Float = TypeVar("Float", bound=np.floating[Any])


def entry_rows(rows: Ragged) -> NDArray[np.int64]:
    """Row number of every entry of ``rows``, shape (nnz,)."""
    return np.repeat(np.arange(rows.n_rows), rows.lengths())


def steps_back(rows: Ragged) -> NDArray[np.int64]:
    """How many entries of the same row come after each entry (0 = the row's last), shape (nnz,)."""
    ends = rows.indptr[1:] - 1
    return np.repeat(ends, rows.lengths()) - np.arange(len(rows.indices))


ABOUT_SO_MANY = 500
"""People of a sample, see :meth:`Histories.sample`."""


@dataclass(frozen=True, eq=False)
class Histories:
    """Interactions of ``n_people`` people, each person's oldest first.

    Attributes
    ----------
    n_items : int
        Size of the catalogue.
    seen : Ragged
        Item indices of every interaction, liked or not.
    is_liked : bool array of shape (nnz,)
    day : float64 array of shape (nnz,)
        Moment of each interaction, as days since 1970.
    count : int32 array of shape (nnz,), or None
        Where items come again: how often each was met, and ``day`` is the last time. None where
        what was met once is not offered again.
    amount : float32 array of shape (nnz,), or None
        How long each was watched, how often played or how high rated; NaN where that is not known.
    where : int16 array of shape (nnz,), or None
        Number of the device or place of each; -1 where that is not known.
    did : uint16 array of shape (nnz,), or None
        What else was done with each by the moment, a bit for each objective of the fit (finished,
        bought …); None where the fit has none.
    """

    n_items: int
    seen: Ragged
    is_liked: NDArray[np.bool_]
    day: NDArray[np.float64]
    count: NDArray[np.int32] | None = None
    amount: NDArray[np.float32] | None = None
    where: NDArray[np.int16] | None = None
    did: NDArray[np.uint16] | None = None

    def of_entries(
        self, entries: NDArray[np.integer] | slice, indptr: NDArray[np.int64]
    ) -> Histories:
        """Keep some entries, by number: ``indptr`` says whose they are then."""
        return Histories(
            self.n_items,
            Ragged(indptr, self.seen.indices[entries]),
            self.is_liked[entries],
            self.day[entries],
            None if self.count is None else self.count[entries],
            None if self.amount is None else self.amount[entries],
            None if self.where is None else self.where[entries],
            None if self.did is None else self.did[entries],
        )

    def forgotten(self) -> Histories:
        """As many people who have met nothing."""
        return self.of_entries(slice(0), np.zeros(self.n_people + 1, np.int64))

    @property
    def n_people(self) -> int:
        """Number of people, those with an empty history included."""
        return self.seen.n_rows

    @cached_property
    def liked(self) -> Ragged:
        """Liked items alone, oldest first."""
        running = np.concatenate(([0], np.cumsum(self.is_liked)))
        return Ragged(running[self.seen.indptr], self.seen.indices[self.is_liked])

    @cached_property
    def likes(self) -> sp.csr_matrix:
        """Float32 matrix of shape (n_people, n_items): 1 where a person liked an item."""
        return self._indicator(self.liked)

    @cached_property
    def views(self) -> sp.csr_matrix:
        """Float32 matrix of shape (n_people, n_items): 1 where a person has seen an item."""
        return self._indicator(self.seen)

    def _indicator(self, rows: Ragged) -> sp.csr_matrix:
        ones = np.ones(len(rows.indices), np.float32)
        shape = (self.n_people, self.n_items)
        matrix = sp.csr_matrix((ones, rows.indices, rows.indptr), shape=shape, copy=True)
        matrix.sum_duplicates()
        matrix.data[:] = 1.0
        return matrix

    def distinct(self, *, liked: bool) -> Ragged:
        """Each person's different items, liked or seen, in the order of their numbers."""
        matrix = self.likes if liked else self.views
        return Ragged(matrix.indptr.astype(np.int64), matrix.indices)

    @cached_property
    def popularity(self) -> NDArray[np.int64]:
        """Number of people who have seen each item, shape (n_items,)."""
        return np.bincount(self.views.indices, minlength=self.n_items)

    @cached_property
    def last_day(self) -> float:
        """Moment of the last interaction of all; 0 where there is none."""
        return float(self.day.max()) if len(self.day) else 0.0

    @property
    def has_order(self) -> bool:
        """Whether moments differ: else nothing came before anything."""
        return len(self.day) > 0 and bool(self.day.min() < self.day.max())

    def remember(self, key: object, make: Callable[[], Value]) -> Value:
        """Return what was made for ``key`` the first time, as long as these histories live."""
        notes: dict[object, Any] = self.__dict__.setdefault("_notes", {})
        if key not in notes:
            notes[key] = make()
        return notes[key]

    def take(self, people: NDArray[np.integer]) -> Histories:
        """Histories of some people, by number, in the order given."""
        entries = Ragged(self.seen.indptr, np.arange(len(self.day), dtype=np.int32)).take(people)
        return self.of_entries(entries.indices, entries.indptr)

    def sample(self) -> Histories:
        """Histories of some five hundred people, evenly spaced."""
        step = max(1, self.n_people // ABOUT_SO_MANY)
        return self.take(np.arange(0, self.n_people, step))

    def looked_up(
        self,
        values: NDArray[Float],
        people: NDArray[np.integer],
        items: NDArray[np.integer],
    ) -> NDArray[Float]:
        """Look pairs of people and items up in the histories; 0 for what was not met.

        Parameters
        ----------
        values : float array of shape (nnz,)
            Of every interaction; nobody has an item twice.
        people, items : integer arrays of shape (n,)

        Returns
        -------
        float array of shape (n,), of the type of ``values``
        """
        if not len(people):
            return np.zeros(0, values.dtype)
        shape = (self.n_people, self.n_items)
        table = sp.csr_matrix((values, self.seen.indices, self.seen.indptr), shape=shape)
        found: NDArray[Float] = np.asarray(table[people, items], values.dtype).ravel()
        return found

    def block(self, start: int, stop: int) -> Histories:
        """Histories of the people ``start`` to ``stop - 1``."""
        indptr = self.seen.indptr[start : stop + 1]
        return self.of_entries(slice(indptr[0], indptr[-1]), indptr - indptr[0])
