"""Simulate how sure the figures are: coverage of intervals, and false alarms of group tests.

Every per-user metric of real lists is simulated: MovieLens 100K where it is fitted, else the
simulated service. ``run`` prints both tables with their binomial uncertainty.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts, open_artifacts
from engine.data import artifact_folder
from engine.errors import ArtifactError
from engine.evaluation import evaluate_scenario
from engine.metrics.registry import METRICS
from engine.metrics.statistics.group_evidence import evidence_of, n_deals_for
from engine.metrics.statistics.group_means import mean_intervals
from engine.metrics.statistics.group_test import REST, contrasts
from engine.metrics.statistics.moments import Moments, moments, share_of_events
from engine.metrics.statistics.policy import POLICY
from engine.metrics.statistics.random_groups import dealt_nulls
from engine.metrics.statistics.skewed_means import shape_of, skewed_interval
from engine.metrics.statistics.verdict import judge
from engine.scenario import Scenario

SIZES = (20, 50, 100, 300)
N_SAMPLES = 4000
N_AUDITS = 500
AGAIN, N_AGAIN = 3, 5000
"""The cells with most false alarms are simulated again, with other draws: the highest of many is
high by chance alone."""

SETTING = Scenario(diversity=0.3)
ROUNDING = 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Column:
    """One metric of everybody: its value, or its change under :data:`SETTING`."""

    name: str
    values: Floats

    @property
    def known(self) -> Floats:
        """Values of those who have one."""
        return self.values[~np.isnan(self.values)]


def columns_of(artifacts: Artifacts) -> tuple[list[Column], list[Column]]:
    """Return every metric that varies between people: in the neutral lists, and its change."""
    found = evaluate_scenario(artifacts, SETTING)
    before = found.baseline.values.astype(np.float64)
    change = found.measured.values.astype(np.float64) - before
    change[np.abs(change) <= ROUNDING] = 0.0
    names = found.measured.names
    both = []
    for matrix in (before, change):
        columns = [Column(name, matrix[:, at].copy()) for at, name in enumerate(names)]
        both.append([one for one in columns if len(one.known) and np.ptp(one.known) > ROUNDING])
    return both[0], both[1]


def coverage(column: Column, n: int, *, n_samples: int = N_SAMPLES, seed: int = 0) -> float:
    """Share of groups of ``n`` whose interval holds the mean that they were drawn around.

    NaN where the product says "too few events" in place of an interval.
    """
    everyone = column.known
    drawn = np.random.default_rng([seed, n]).choice(everyone, (n_samples, n))
    mean = drawn.mean(axis=1)
    squares = ((drawn - mean[:, None]) ** 2).sum(axis=1)
    counts = np.full(n_samples, n)
    metric = METRICS[column.name]
    bounds = (metric.low, metric.high) if everyone.min() >= 0 else None
    low, high = mean_intervals(everyone, Moments(counts, mean, squares), bounds=bounds)
    if np.isnan(low).all():
        return np.nan
    truth, slack = everyone.mean(), ROUNDING * np.abs(everyone).max()
    return float(((low - slack <= truth) & (truth <= high + slack)).mean())


def live_coverage(column: Column, n: int, *, n_samples: int = N_SAMPLES, seed: int = 0) -> float:
    """As :func:`coverage`, of the intervals in closed form that follow a slider."""
    everyone = column.known
    shape = shape_of(*sums_of(everyone))
    drawn = np.random.default_rng([seed, n]).choice(everyone, (n_samples, n))
    mean = drawn.mean(axis=1, keepdims=True)
    about = ((drawn - mean) ** 2).sum(axis=1, keepdims=True)
    metric = METRICS[column.name]
    bounds = (metric.low, metric.high) if everyone.min() >= 0 else None
    low, high = skewed_interval(np.full((n_samples, 1), n), mean, about, shape, bounds=bounds)
    if np.isnan(low).all():
        return np.nan
    truth, slack = everyone.mean(), ROUNDING * np.abs(everyone).max()
    return float(((low - slack <= truth) & (truth <= high + slack)).mean())


def sums_of(values: Floats) -> tuple[NDArray, ...]:
    """Return number, sums of values, squares and cubes, and how many are not 0, each (1,)."""
    wide = values[:, None]
    sums = (wide.sum(axis=0), (wide**2).sum(axis=0), (wide**3).sum(axis=0))
    return np.array([len(values)]), *sums, np.array([np.count_nonzero(values)])


def false_alarms(
    column: Column, codes: NDArray[np.integer], *, n_audits: int = N_AUDITS, seed: int = 0
) -> float:
    """Share of audits with any clear group where people are dealt to the groups at random."""
    has = ~np.isnan(column.values) & (codes >= 0)
    values, own_codes = column.values[has], codes[has].astype(np.int64)
    n_groups = int(codes.max()) + 1
    n = np.bincount(own_codes, minlength=n_groups)
    tested = n >= POLICY.least_n
    share = share_of_events(values)
    n_deals = n_deals_for(int(tested.sum()))
    nulls = dealt_nulls(values, n[tested & (n < len(values))].tolist(), n_deals=n_deals, seed=seed)
    rng = np.random.default_rng([seed, 1])
    alarms = 0
    for _ in range(n_audits):
        dealt = rng.permutation(own_codes)
        own = moments(values, dealt, n_groups)
        held = contrasts(values, dealt, own, tested, REST, n_deals=n_deals, nulls=nulls)
        family = [
            evidence_of(one, (int(n[g]), float(n[g] * share)), "higher", np.nan)
            for g, one in held.items()
        ]
        alarms += any(verdict.is_clear for verdict in judge(family))
    return alarms / n_audits


def half_width(share: float, n: int) -> float:
    """Half of the 95 % interval of a simulated share."""
    return float(1.96 * np.sqrt(share * (1 - share) / n))


def fitted() -> Artifacts:
    """Open MovieLens 100K, or fit the simulated service."""
    for name in ("movielens-100k", "simulated"):
        try:
            return open_artifacts(artifact_folder(name))
        except ArtifactError:
            continue
    from engine.data import load_with_fallback
    from engine.fit import fit

    dataset, _ = load_with_fallback("simulated")
    fit(dataset, artifact_folder("simulated"))
    return open_artifacts(artifact_folder("simulated"))


def run() -> dict[str, dict]:
    """Print both tables; return their worst cells."""
    artifacts = fitted()
    before, change = columns_of(artifacts)
    print(f"{artifacts.manifest['title']}, {artifacts.n_users:,} people; policy: {POLICY}")
    rows = {}
    for what, columns in (("means of groups", before), ("paired changes of groups", change)):
        for how, covered in (("audit", coverage), ("live", live_coverage)):
            rows[f"coverage, {what}, {how}"] = _coverage_table(f"{what}, {how}", columns, covered)
    rows["false alarms"] = _alarm_table(artifacts, before)
    return rows


def _coverage_table(
    what: str, columns: list[Column], covered: Callable[[Column, int], float]
) -> dict:
    start = time.perf_counter()
    print(f"\nCoverage of 95 % intervals, {what}, {N_SAMPLES:,} groups a cell (± .007):")
    print(f"{'':20}" + "".join(f"{f'n = {n}':>12}" for n in SIZES))
    found = []
    for column in columns:
        cells = [covered(column, n) for n in SIZES]
        found += [cell for cell in cells if cell == cell]
        said = ["few events" if cell != cell else f"{cell:.3f}" for cell in cells]
        print(f"{column.name:20}" + "".join(f"{one:>12}" for one in said), flush=True)
    few = len(columns) * len(SIZES) - len(found)
    against = (
        f"farthest from .95 of {len(found)} cells, {min(found):.3f} to {max(found):.3f}; "
        f'{few} cells say "too few events"'
    )
    worst = max(abs(cell - 0.95) for cell in found)
    return {"seconds": time.perf_counter() - start, "ratio": worst, "unit": "", "against": against}


def _alarm_table(artifacts: Artifacts, columns: list[Column]) -> dict:
    start = time.perf_counter()
    width = half_width(POLICY.level, N_AUDITS)
    print(
        f"\nAudits with any false alarm, groups dealt at random, {N_AUDITS:,} audits a cell "
        f"(.05 ± {width:.3f}):"
    )
    names = list(artifacts.attributes)
    print(f"{'':20}" + "".join(f"{name:>14}" for name in names))
    groups, found = np.asarray(artifacts.user_groups), {}
    for column in columns:
        cells = [false_alarms(column, groups[:, at]) for at in range(len(names))]
        found |= {(column, at): cell for at, cell in enumerate(cells) if cell == cell}
        said = ["few events" if cell != cell else f"{cell:.3f}" for cell in cells]
        print(f"{column.name:20}" + "".join(f"{one:>14}" for one in said), flush=True)
    again = []
    for column, at in sorted(found, key=lambda cell: -found[cell])[:AGAIN]:
        again.append(false_alarms(column, groups[:, at], n_audits=N_AGAIN, seed=1))
        print(
            f"again, {N_AGAIN:,} audits: {column.name} by {names[at]}: {again[-1]:.3f} "
            f"(± {half_width(again[-1], N_AGAIN):.3f})"
        )
    against = (
        f"highest of {len(found)} cells; mean {np.mean(list(found.values())):.3f}; the {AGAIN} "
        f"highest again: {', '.join(f'{one:.3f}' for one in again)}; level {POLICY.level}"
    )
    return {
        "seconds": time.perf_counter() - start,
        "ratio": max(found.values()),
        "unit": "",
        "against": against,
    }
