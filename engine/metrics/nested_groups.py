"""Which badly served groups are more than a part of a larger badly served group.

Where light users are served worse, so are light users of every age, and a list of hundreds of
intersections says one thing over and over. A group is *explained* by a larger group that holds it,
and was found too, where it does not clearly differ further from the rest of that group.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from engine.metrics.audience import Audience
from engine.metrics.crossing import BETWEEN, cross
from engine.metrics.statistics.policy import POLICY, benjamini_hochberg
from engine.metrics.worst_groups import Finding

__all__ = ["explained_by", "random_group_p"]

LEAST = 2
"""People needed on either side of a comparison."""

Floats = NDArray[np.float64]
Member = NDArray[np.bool_]
Key = tuple[tuple[str, ...], str]


def explained_by(
    audience: Audience,
    values: NDArray[np.floating],
    findings: Sequence[Finding],
    *,
    users: NDArray[np.int64] | None = None,
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

    Source: the idea of the most general significant groups is SliceFinder's (Chung et al., ICDE
    2019). Tested one-sided against random groups of the same size out of each larger group, the
    highest p of a group's tests kept, and Benjamini-Hochberg over all that have a larger one.
    """
    rows = np.arange(audience.n_users) if users is None else users
    good = np.asarray(values, np.float64)
    found = {(one.attributes, one.label): one for one in findings if one.is_found}
    members = {key: member[rows] & ~np.isnan(good) for key, member in _members(audience, found)}
    closest = {key: _closest(key, found, members, good) for key in found}
    tested = [key for key, (name, _) in closest.items() if name]
    q = benjamini_hochberg(np.array([closest[key][1] for key in tested]))
    stands = {key for key, value in zip(tested, q, strict=True) if value <= POLICY.level}
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
    side = np.sign(found[key].difference)
    tests = [
        (_p_of_more(-side * good[members[key]], -side * good[members[wider]]), wider[1])
        for wider in _wider(key)
        if wider in found and np.sign(found[wider].difference) == side
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


def _p_of_more(own: Floats, wider: Floats) -> float:
    """Return the p of ``own`` being no lower than a part of ``wider``; 1 where nothing shows."""
    if min(len(own), len(wider) - len(own)) < LEAST:
        return 1.0
    return float(random_group_p(wider, np.array([own.mean()]), np.array([len(own)]))[0])


def random_group_p(values: Floats, means: Floats, sizes: NDArray[np.integer]) -> Floats:
    """Return the chance that a random group of the same size has a mean as low.

    The first three moments of the mean of a random draw without replacement are known exactly; a
    gamma (Pearson type III) with these moments stands in for its distribution. With the skewness
    of list metrics the normal distribution would be far off in the tail, where it matters.

    Parameters
    ----------
    values : float64 array of shape (n,)
        Of everyone.
    means, sizes : arrays of shape (n_groups,)

    Returns
    -------
    float64 array of shape (n_groups,)
        1 where all values are equal, or the group is everyone or nobody.

    Source: Kazi-Aoual et al. 1995; Josse, Pagès, Husson 2008.
    """
    total = len(values)
    centred = values - values.mean() if total else values
    variance = float((centred**2).mean()) if total else 0.0
    size = np.asarray(sizes, dtype=np.float64)
    p = np.ones(len(size))
    fits = (size > 0) & (size < total)
    if not variance > 1e-24 or total < 3:
        return p
    skewness = float((centred**3).mean()) / variance**1.5
    m = size[fits]
    spread = np.sqrt(variance / m * (total - m) / (total - 1))
    z = (means[fits] - values.mean()) / spread
    drawn = skewness * (total - 2 * m) / np.sqrt(m * (total - m))
    drawn *= np.sqrt(total - 1) / (total - 2)
    p[fits] = stats.pearson3.cdf(z, drawn)
    return p
