"""Complementary suppression: no suppressed group can be worked out from what is shown.

A group of few people is not shown. But its mean follows from everyone's and those of all other
groups; from a crossing and its margins ("women", "women under 18"); from everyone else's mean. So
of every total that is published, what stays hidden is at least as large as a group may be, and no
small group is the only one that the totals leave open: else further groups are hidden, the
smallest first.

Source: Willenborg & de Waal, "Elements of Statistical Disclosure Control", 2001, chapter 4
(secondary cell suppression). That a group can be worked out is decided by linear algebra over all
totals at once, not total by total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["Margin", "hidden_groups"]

RANK_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Margin:
    """A coarser division of the same people, which is published as well.

    Attributes
    ----------
    of : int64 array of shape (n_groups,)
        Which group of the coarser division each group is a part of.
    n_groups : int
        Groups of the coarser division.
    margins : tuple of Margin
        Its own.
    """

    of: NDArray[np.int64]
    n_groups: int
    margins: tuple[Margin, ...] = ()

    @cached_property
    def _key(self) -> tuple[bytes, int, tuple[Margin, ...]]:
        return self.of.tobytes(), self.n_groups, self.margins

    def __eq__(self, other: object) -> bool:
        """Whether both divide the same groups in the same way."""
        return isinstance(other, Margin) and self._key == other._key

    def __hash__(self) -> int:
        """Hash what :meth:`__eq__` compares."""
        return hash(self._key)


def hidden_groups(
    n: NDArray[np.integer], least_n: int, margins: Sequence[Margin] = ()
) -> NDArray[np.bool_]:
    """Tell which groups are not to be shown.

    Parameters
    ----------
    n : integer array of shape (n_groups,)
        People with a value in each group.
    least_n : int
        Groups with fewer are small.
    margins : sequence of Margin
        Coarser divisions that somebody may look at; everyone together is always one.

    Returns
    -------
    bool array of shape (n_groups,)
        True for every small group, and for those that would give one away.
        O(hidden³) at each of at most n_groups steps.

    Examples
    --------
    >>> hidden_groups(np.array([300, 200, 5]), 20).tolist()
    [False, True, True]
    >>> hidden_groups(np.array([300, 200, 50, 12, 9]), 20).tolist()
    [False, False, False, True, True]
    """
    return _hidden(np.asarray(n, np.int64).tobytes(), least_n, tuple(margins)).copy()


@lru_cache(maxsize=512)
def _hidden(counts: bytes, least_n: int, margins: tuple[Margin, ...]) -> NDArray[np.bool_]:
    """Do so once for the same counts: most metrics have a value for the same people."""
    n = np.frombuffer(counts, dtype=np.int64)
    hidden = n < least_n
    hidden |= _inside_hidden(n, hidden, least_n, margins)
    protected = hidden & (n > 0)
    if not protected.any():
        return hidden
    totals = _totals(n, least_n, margins)
    while True:
        more = _given_away(n, hidden, protected, least_n, totals)
        if not more:
            return hidden
        for total in more:
            shown = np.flatnonzero(total & ~hidden)
            if len(shown):
                hidden[shown[np.argmin(n[shown])]] = True


def _inside_hidden(
    n: NDArray[np.integer],
    hidden: NDArray[np.bool_],
    least_n: int,
    margins: Sequence[Margin],
) -> NDArray[np.bool_]:
    """Hide the smallest part of every group that a margin hides: its parts would add up to it."""
    more = np.zeros(len(n), dtype=bool)
    for margin in margins:
        sizes = _sizes(n, margin)
        also = hidden_groups(sizes, least_n, margin.margins) & (sizes >= least_n)
        for group in np.flatnonzero(also):
            parts = np.flatnonzero((margin.of == group) & (n > 0))
            if not (hidden | more)[parts].any():
                more[parts[np.argmin(n[parts])]] = True
    return more


def _sizes(n: NDArray[np.integer], margin: Margin) -> NDArray[np.int64]:
    return np.bincount(margin.of, weights=n, minlength=margin.n_groups).astype(np.int64)


def _totals(
    n: NDArray[np.integer], least_n: int, margins: Sequence[Margin]
) -> list[NDArray[np.bool_]]:
    """Which groups make up each total: everyone, and each group of each margin.

    A group of a margin that is hidden there counts as well: others may be looked at that give it.
    """
    found = [np.ones(len(n), dtype=bool)]
    for margin in margins:
        sizes = _sizes(n, margin)
        found += [margin.of == group for group in np.flatnonzero(sizes >= least_n)]
    return found


def _given_away(
    n: NDArray[np.integer],
    hidden: NDArray[np.bool_],
    protected: NDArray[np.bool_],
    least_n: int,
    totals: list[NDArray[np.bool_]],
) -> list[NDArray[np.bool_]]:
    """Return the totals in each of which one more group must be hidden."""
    unknown = np.flatnonzero(hidden & (n > 0))
    still = [one for one in totals if one[unknown].any() and (one & ~hidden).any()]
    small = [one for one in still if n[one & hidden].sum() < least_n]
    if small or not still:
        return small
    rows = np.array([one[unknown] for one in totals if one[unknown].any()], dtype=np.float64)
    found = []
    for place in unknown[_is_determined(rows)]:
        mine = [one for one in still if one[place]] if protected[place] else []
        if mine:
            found.append(min(mine, key=lambda one: n[one & ~hidden].min()))
    return found


def _is_determined(rows: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which unknowns a system of sums determines: those whose axis lies in its row space."""
    size, left = np.linalg.eigh(rows @ rows.T)
    kept = size > RANK_TOLERANCE * max(float(size.max(initial=0.0)), 1.0)
    basis = (left[:, kept] / np.sqrt(size[kept])).T @ rows
    return (basis**2).sum(axis=0) > 1 - 1e-6
