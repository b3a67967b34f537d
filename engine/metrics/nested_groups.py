"""Which badly served groups are more than a part of a larger badly served group.

Where light users are served worse, so are light users of every age, and a list of hundreds of
intersections says one thing over and over. A group is *explained* by a larger group that holds it,
and was found too, where it is not served clearly worse than the rest of that group.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from engine.metrics.audience import Audience
from engine.metrics.crossing import BETWEEN, cross
from engine.metrics.worst_groups import Finding, adjust_for_discoveries

__all__ = ["explained_by"]

LEVEL = 0.05
LEAST = 2
"""People needed on either side of a comparison."""

Member = NDArray[np.bool_]
Key = tuple[tuple[str, ...], str]


def explained_by(
    audience: Audience,
    values: NDArray[np.floating],
    findings: Sequence[Finding],
    *,
    users: NDArray[np.int64] | None = None,
    higher_is_better: bool = True,
) -> tuple[str, ...]:
    """Return, for each finding, the larger found group that explains it; ``""`` where none does.

    Of several, the one that this group differs from least is named. A finding that was not "found"
    explains nothing and is not explained. O(found · users).

    Parameters
    ----------
    audience : Audience
    values : float array of shape (n_rows,)
        The metric that the findings are about; NaN left out.
    findings : sequence of Finding
        From :func:`engine.metrics.worst_groups.worst_groups`.
    users : int64 array of shape (n_rows,), optional
        Whose values they are; everyone's by default.
    higher_is_better : bool

    Source: the idea of the most general significant groups is SliceFinder's (Chung et al., ICDE
    2019). Tested by Welch's one-sided test against the rest of each larger group, the highest p of
    a group's tests kept, and Benjamini-Hochberg at 5 % over all groups that have a larger one.
    """
    rows = np.arange(audience.n_users) if users is None else users
    good = np.asarray(values, np.float64) * (1.0 if higher_is_better else -1.0)
    found = {(one.attributes, one.label): one for one in findings if one.is_found}
    members = {key: member[rows] & ~np.isnan(good) for key, member in _members(audience, found)}
    closest = {key: _closest(key, found, members, good) for key in found}
    tested = [key for key, (name, _) in closest.items() if name]
    q = adjust_for_discoveries(np.array([closest[key][1] for key in tested]))
    stands = {key for key, value in zip(tested, q, strict=True) if value <= LEVEL}
    return tuple(
        "" if key in stands else closest.get(key, ("", 0.0))[0]
        for key in ((one.attributes, one.label) for one in findings)
    )


def _members(audience: Audience, found: dict[Key, Finding]) -> list[tuple[Key, Member]]:
    """Mark the people of every found group; each crossing is made once."""
    crossed = {attributes: cross(audience, attributes) for attributes, _ in found}
    out = []
    for attributes, label in found:
        labels, codes = crossed[attributes]
        out.append(((attributes, label), codes == labels.index(label)))
    return out


def _closest(
    key: Key, found: dict[Key, Finding], members: dict[Key, Member], good: NDArray[np.float64]
) -> tuple[str, float]:
    """Return the larger found group that this one differs from least, and the p of differing."""
    tests = [
        (_p_of_lower(good[members[key]], good[members[wider] & ~members[key]]), wider[1])
        for wider in _wider(key)
        if wider in found
    ]
    p, name = max(tests, default=(0.0, ""))
    return name, p


def _wider(key: Key) -> list[Key]:
    """Name the groups that hold this one: every choice of fewer of its attributes."""
    attributes, labels = key[0], key[1].split(BETWEEN)
    if len(labels) != len(attributes):  # a label holds the separator itself
        return []
    places = range(len(attributes))
    return [
        (tuple(attributes[at] for at in chosen), BETWEEN.join(labels[at] for at in chosen))
        for size in range(1, len(attributes))
        for chosen in combinations(places, size)
    ]


def _p_of_lower(own: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the p of Welch's test that ``own`` is no lower; 1 where nothing can be said."""
    if min(len(own), len(other)) < LEAST:
        return 1.0
    parts = own.var(ddof=1) / len(own), other.var(ddof=1) / len(other)
    total = sum(parts)
    if not total > 0:
        return 1.0
    freedom = total**2 / (parts[0] ** 2 / (len(own) - 1) + parts[1] ** 2 / (len(other) - 1))
    return float(stats.t.cdf((own.mean() - other.mean()) / np.sqrt(total), freedom))
