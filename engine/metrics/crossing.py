"""Groups of people by several attributes at once."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.metrics.audience import Audience
from engine.metrics.statistics.disclosure import Margin

__all__ = ["BETWEEN", "MOST_ATTRIBUTES", "cross", "margins_of"]

MOST_ATTRIBUTES = 3
BETWEEN = " · "
"""Stands between the labels of an intersection: ``woman · 25-34``."""


def cross(
    audience: Audience, attributes: tuple[str, ...]
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Divide people by one attribute, or by the intersections of up to three. O(n_users).

    Parameters
    ----------
    audience : Audience
    attributes : tuple of str
        One to three different names.

    Returns
    -------
    labels : tuple of str
        Of one attribute all its groups; of several the intersections with anybody in them, in the
        order of the first attribute, then the second.
    codes : int64 array of shape (n_users,)
        Index into ``labels``; -1 for a person without a group in one of the attributes.

    Raises
    ------
    ScenarioError
        An unknown attribute, one twice, none or more than three.
    """
    _check(audience, attributes)
    parts = [audience.codes(name).astype(np.int64) for name in attributes]
    if len(parts) == 1:
        return tuple(audience.attributes[attributes[0]]), parts[0]
    names = [audience.attributes[name] for name in attributes]
    is_known = np.all([part >= 0 for part in parts], axis=0)
    sizes = tuple(len(labels) for labels in names)
    flat = np.ravel_multi_index([np.maximum(part, 0) for part in parts], sizes)
    present, place = np.unique(flat[is_known], return_inverse=True)
    codes = np.full(audience.n_users, -1, dtype=np.int64)
    codes[is_known] = place
    cells = zip(*np.unravel_index(present, sizes), strict=True)
    labels = tuple(
        BETWEEN.join(names[axis][code] for axis, code in enumerate(cell)) for cell in cells
    )
    return labels, codes


def margins_of(audience: Audience, attributes: tuple[str, ...]) -> tuple[Margin, ...]:
    """Return the coarser divisions that an intersection is a part of; none of one attribute."""
    if len(attributes) < 2:
        return ()
    labels, codes = cross(audience, attributes)
    member = np.zeros(len(labels), dtype=np.int64)
    known = np.flatnonzero(codes >= 0)
    member[codes[known]] = known
    found = []
    for size in range(1, len(attributes)):
        for chosen in combinations(attributes, size):
            coarser, of = cross(audience, chosen)
            found.append(Margin(of[member], len(coarser), margins_of(audience, chosen)))
    return tuple(found)


def _check(audience: Audience, attributes: tuple[str, ...]) -> None:
    unknown = [name for name in attributes if name not in audience.attributes]
    if unknown:
        allowed = ", ".join(audience.attributes)
        raise ScenarioError(f"No attribute is named {unknown[0]!r}; there are {allowed}.")
    if not 1 <= len(attributes) <= MOST_ATTRIBUTES or len(set(attributes)) < len(attributes):
        raise ScenarioError(
            f"Groups take one to {MOST_ATTRIBUTES} different attributes; got "
            f"{', '.join(attributes) or 'none'}."
        )
