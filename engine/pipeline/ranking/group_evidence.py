"""Whether a group is served worse, and whether a model of its own serves it better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from engine.held_out import mean_with_half_width
from engine.metrics.statistics.disclosure import hidden_groups
from engine.metrics.statistics.evidence import Evidence, student
from engine.metrics.statistics.group_evidence import evidence_of, n_deals_for
from engine.metrics.statistics.group_test import REST, contrasts
from engine.metrics.statistics.moments import moments, share_of_events
from engine.metrics.statistics.policy import POLICY
from engine.metrics.statistics.verdict import Verdict, judge
from engine.pipeline.ranking.group_rows import Estimate, Tried

__all__ = ["best_clear", "closed_by", "estimate", "gain_verdicts", "gap_verdicts", "visible_groups"]

Floats = NDArray[np.float64]


def estimate(values: NDArray[np.floating]) -> Estimate:
    """Return the mean of what is not NaN with its interval."""
    wide = np.asarray(values, np.float64)
    return Estimate(*mean_with_half_width(wide), int((~np.isnan(wide)).sum()))


def visible_groups(codes: NDArray[np.integer], n_groups: int) -> NDArray[np.bool_]:
    """Tell which groups may be shown and judged, bool of shape (n_groups,).

    Neither those of too few people, nor one that would give such a one away; see
    :func:`engine.metrics.statistics.disclosure.hidden_groups`.
    """
    n = np.bincount(codes[codes >= 0], minlength=n_groups)
    return ~hidden_groups(n, POLICY.least_n)


def gap_verdicts(
    ndcg: Floats, codes: NDArray[np.integer], shown: NDArray[np.bool_]
) -> dict[int, Verdict]:
    """Hold every group that is shown against all other people, corrected for their number.

    Parameters
    ----------
    ndcg : float64 array of shape (n_people,)
    codes : integer array of shape (n_people,)
        Group of each person; -1 for none, who is among the others of every group.
    shown : bool array of shape (n_groups,)

    Returns
    -------
    dict
        Group → its mean minus that of the others.
    """
    n_groups = len(shown)
    known = np.where(codes >= 0, codes, n_groups)
    own = moments(ndcg, known, n_groups + 1)
    tested = np.append(shown, False)
    held = contrasts(ndcg, known, own, tested, REST, n_deals=n_deals_for(int(shown.sum())))
    share = share_of_events(ndcg)
    family = [
        evidence_of(one, (int(own.n[code]), share * float(own.n[code])), "higher", nan)
        for code, one in held.items()
    ]
    return dict(zip(held, judge(family), strict=True))


def gain_verdicts(gains: Sequence[Floats], before: Sequence[Floats]) -> list[Verdict]:
    """Judge gains person by person, of all groups and kinds of model together.

    Parameters
    ----------
    gains : sequence of float64 arrays
        Of each model tried: the change of everybody's NDCG@10 in the group.
    before : sequence of float64 arrays
        The same people's by everybody's ranker.
    """
    return judge([_paired(one, old) for one, old in zip(gains, before, strict=True)])


def _paired(gain: Floats, before: Floats) -> Evidence:
    n, value = len(gain), float(gain.mean())
    error = float(gain.std(ddof=1)) / sqrt(n) if n > 1 else nan
    p, ends = student(value, error, n - 1)
    n_moved = float((gain != 0).sum())
    return Evidence(value, p, ends, n, n_moved, "higher", before=float(before.mean()))


def closed_by(gain: Floats, is_mine: NDArray[np.bool_]) -> tuple[float, float, float]:
    """How much nearer a group came to the others: its mean gain minus theirs.

    Parameters
    ----------
    gain : float64 array of shape (n_people,)
        Change of everybody's NDCG@10.
    is_mine : bool array of shape (n_people,)
        The group.

    Returns
    -------
    value, low, high : float
        With the 95 % interval of Welch's t; NaN with fewer than two people on either side.

    Source
    ------
    Welch, "The generalization of 'Student's' problem when several different population variances
    are involved", 1947.
    """
    sides = gain[is_mine], gain[~is_mine]
    if min(map(len, sides)) < 2:
        return nan, nan, nan
    value = float(sides[0].mean() - sides[1].mean())
    parts = [float(side.var(ddof=1)) / len(side) for side in sides]
    if sum(parts) == 0:
        return value, value, value
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(side) - 1) for part, side in zip(parts, sides, strict=True)
    )
    _, ends = student(value, sqrt(sum(parts)), freedom)
    return value, *ends(1 - POLICY.confidence)


def best_clear(kinds: Mapping[str, Tried]) -> str:
    """Return the kind of model that serves: of those clearly better the best; empty for none.

    A model of its own treats people by an attribute, so a better mean is not enough for it, as it
    is among rankers: the interval, corrected for all that was tried, has to lie above 0. One that
    is everybody's after all, with an infinite ridge, is no model of its own.
    """
    better = {name: one for name, one in kinds.items() if one.gain.is_clear and one.gain.value > 0}
    clear = {name: one for name, one in better.items() if one.ridge != inf}
    return max(clear, key=lambda name: clear[name].gain.value, default="")
