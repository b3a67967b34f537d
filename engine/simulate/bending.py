"""Which control bends the curves most for what it costs: each alone, through the same years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.analysis.trials import Told
from engine.artifacts import Artifacts
from engine.data.wording import counted
from engine.formats import Style, change, confidence
from engine.metrics.statistics.verdict import Verdict, judge
from engine.reranking import inert_reasons
from engine.scenario import Cap, Scenario
from engine.simulate.fork import SEED_POLICY, at_the_end, paired
from engine.simulate.loop import run_year
from engine.simulate.loop_config import Arm, LoopConfig
from engine.simulate.measures import MEASURES
from engine.simulate.year import Year

__all__ = ["Bend", "bend_words", "bends", "probes", "run_probes"]

PROBED: tuple[tuple[str, str, float], ...] = (
    ("Diversity 0.3", "diversity", 0.3),
    ("Calibration 0.3", "calibration", 0.3),
    ("Freshness 0.2", "freshness", 0.2),
    ("Long tail lifted 0.2", "item_fairness", 0.2),
    ("Popularity penalty 0.2", "popularity_penalty", 0.2),
)
"""Label, control, weight."""


@dataclass(frozen=True)
class Bend:
    """What one control did to a measure, and what it cost.

    Attributes
    ----------
    label : str
    change : Verdict
        Of the measure at the end of the year.
    cost : Verdict
        Of the NDCG of the whole year.
    ndcg_before : float
    rate : float
        How far the measure bends (see :class:`engine.simulate.measures.Measure`) for each 1 % of
        NDCG lost; infinite where none is clearly lost, NaN where it does not clearly bend that way.
    lowest, highest : float
        The same in the repetition where it is least and most; NaN where ``rate`` is not finite.
    n : int
        Repetitions.
    """

    label: str
    change: Verdict
    cost: Verdict
    ndcg_before: float
    rate: float
    lowest: float
    highest: float
    n: int


def probes(artifacts: Artifacts, k: int) -> tuple[Arm, ...]:
    """Return the controls that are tried, each alone at a usual strength, after the baseline.

    Controls that can move nothing on these data are left out.
    """
    plain = Scenario(k=k)
    inert = inert_reasons(artifacts, plain)
    arms = [Arm("Baseline", plain)]
    for label, name, weight in PROBED:
        if name not in inert:
            arms.append(Arm(label, Scenario.from_dict({"k": k, name: weight})))
    if np.asarray(artifacts.genre_matrix).any():
        cap = Cap("genre", at_most=2, top=5)
        arms.append(Arm("At most 2 of a genre in 5", replace(plain, caps=(cap,))))
    arms.append(Arm("1 exploration place", plain, 1))
    if k > 1:
        arms.append(Arm("2 exploration places", plain, 2))
    return tuple(arms)


def run_probes(
    artifacts: Artifacts, own: Arm, config: LoopConfig, *, tell: Told = lambda _: None
) -> Year:
    """Run every probe, and a setting of one's own, through the loop."""
    return run_year(artifacts, (*probes(artifacts, own.scenario.k), own), config, tell=tell)


def bends(year: Year, measure: str, attribute: str) -> list[Bend]:
    """Compare the controls: those that bend it most for each 1 % of NDCG lost first."""
    own = at_the_end(year.of(measure, attribute))
    ndcg = year.values["ndcg"].mean(axis=2)
    direction = MEASURES[measure].direction
    changes = judge([paired(one, own[0], direction) for one in own[1:]], SEED_POLICY)
    costs = judge([paired(one, ndcg[0], "higher") for one in ndcg[1:]], SEED_POLICY)
    before, way = float(ndcg[0].mean()), MEASURES[measure].bend
    found = []
    for at, (moved, cost) in enumerate(zip(changes, costs, strict=True), start=1):
        rate = _rate(moved, cost, before, way)
        lowest = highest = np.nan
        if np.isfinite(rate):
            lost = -100 * (ndcg[at] - ndcg[0]) / before
            each = way * (own[at] - own[0]) / np.where(lost > 0, lost, np.nan)
            lowest, highest = float(np.nanmin(each)), float(np.nanmax(each))
        label, n = year.arms[at].label, own.shape[1]
        found.append(Bend(label, moved, cost, before, rate, lowest, highest, n))
    return sorted(found, key=lambda one: _place(one, way))


def _place(one: Bend, way: int) -> tuple[float, float]:
    """Sort by rate, then by how far it bends; what does not bend comes last."""
    if np.isnan(one.rate):
        return np.inf, 0.0
    return -one.rate, -way * one.change.value


def _rate(moved: Verdict, cost: Verdict, before: float, bend: int) -> float:
    gain = bend * moved.value
    if not (moved.is_clear and gain > 0):
        return float("nan")
    lost = -100 * cost.value / before
    return gain / lost if cost.is_clear and lost > 0 else float("inf")


def bend_words(found: Sequence[Bend], measure: str) -> str:
    """Say which control bends a curve most for what it costs, and which bends it most of all."""
    bending = [one for one in found if not np.isnan(one.rate)]
    label, style = MEASURES[measure].label, MEASURES[measure].style
    if not bending:
        return f"{label}: no control tried clearly bends it."
    best = bending[0]
    most = max(bending, key=lambda one: abs(one.change.value))
    parts = [f"Most for its NDCG: {_said(best, style)}"]
    parts.append("It bends it most of all, too" if most is best else f"Most: {_said(most, style)}")
    return f"{label}. {'. '.join(parts)}."


def _said(one: Bend, style: Style) -> str:
    verdict = one.change
    moved = change(verdict.value, verdict.before, style, (verdict.low, verdict.high))
    sure = f"{confidence(verdict.confidence)} interval, n = {counted(one.n, 'repetition')}"
    if np.isinf(one.rate):
        return f"{one.label}, {moved} ({sure}), with no clear loss of NDCG"
    lost = change(one.cost.value, one.ndcg_before, ends=(one.cost.low, one.cost.high))
    return f"{one.label}, {moved} ({sure}), for NDCG {lost}"
