"""Which control bends the curves most for what it costs: each alone, through the same years."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.analysis.trials import Told
from engine.artifacts import Artifacts
from engine.metrics.statistics.verdict import Verdict, judge
from engine.reranking import inert_reasons
from engine.scenario import Cap, Scenario
from engine.simulate.fork import SEED_POLICY, at_the_end, paired
from engine.simulate.loop import run_year
from engine.simulate.loop_config import Arm, LoopConfig
from engine.simulate.measures import MEASURES
from engine.simulate.year import Year

__all__ = ["Bend", "bends", "probes", "run_probes"]

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
        NDCG lost; infinite where none is lost, NaN where it does not clearly bend that way.
    """

    label: str
    change: Verdict
    cost: Verdict
    ndcg_before: float
    rate: float


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
    before = float(ndcg[0].mean())
    found = [
        Bend(arm.label, change, cost, before, _rate(change, cost, before, MEASURES[measure].bend))
        for arm, change, cost in zip(year.arms[1:], changes, costs, strict=True)
    ]
    return sorted(found, key=lambda one: -one.rate if not np.isnan(one.rate) else np.inf)


def _rate(change: Verdict, cost: Verdict, before: float, bend: int) -> float:
    gain = bend * change.value
    if not (change.is_clear and gain > 0):
        return float("nan")
    lost = -100 * cost.value / before
    return gain / lost if lost > 0 else float("inf")
