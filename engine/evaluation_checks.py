"""The slower checks of an evaluation: bootstrap, permutation tests, the finder of worst groups.

The live intervals of :mod:`engine.evaluation` need none of these; they are what stands behind them.
"""

from __future__ import annotations

from engine.evaluation import Evaluation
from engine.metrics.bootstrap import Bootstrapped, bootstrap
from engine.metrics.crossing import cross
from engine.metrics.gap_null import GapNull, gap_null
from engine.metrics.registry import METRICS
from engine.metrics.sign_flip import sign_flip_p
from engine.metrics.small_groups import MIN_N
from engine.metrics.statistics.policy import Policy
from engine.metrics.worst_groups import DISCOVERIES, Finding, worst_groups

__all__ = ["bootstrap_of", "gap_of", "sign_flip_of", "worst_groups_of"]


def bootstrap_of(
    evaluation: Evaluation, *attributes: str, n_resamples: int = 1000, seed: int = 0
) -> Bootstrapped:
    """Resample people within the groups of one to three attributes, all metrics and changes."""
    labels, codes = cross(evaluation.audience, attributes)
    return bootstrap(
        evaluation.measured,
        evaluation.baseline,
        codes[evaluation.measured.users],
        len(labels),
        n_resamples=n_resamples,
        seed=seed,
    )


def sign_flip_of(evaluation: Evaluation, *, n_flips: int = 1000, seed: int = 0) -> dict[str, float]:
    """Return the sign-flip permutation p of no change, per per-user metric."""
    change = evaluation.measured.values - evaluation.baseline.values
    p = sign_flip_p(change, n_flips=n_flips, seed=seed)
    return dict(zip(evaluation.measured.names, p.tolist(), strict=True))


def gap_of(
    evaluation: Evaluation,
    name: str,
    *attributes: str,
    measure: str = "gap",
    min_n: int = MIN_N,
    n_shuffles: int = 1000,
    seed: int = 0,
) -> GapNull:
    """Measure the distance between groups on one metric beside its permutation null."""
    labels, codes = cross(evaluation.audience, attributes)
    return gap_null(
        evaluation.measured.column(name),
        codes[evaluation.measured.users],
        len(labels),
        measure=measure,
        min_n=min_n,
        n_shuffles=n_shuffles,
        seed=seed,
    )


def worst_groups_of(
    evaluation: Evaluation, name: str, *, depth: int = 3, policy: Policy = DISCOVERIES
) -> list[Finding]:
    """Test all groups and intersections on one metric, worst first.

    Of a metric without a better direction, groups that differ either way are found.
    """
    return worst_groups(
        evaluation.audience,
        evaluation.measured.column(name),
        users=evaluation.measured.users,
        direction=METRICS[name].direction,
        target=METRICS[name].target,
        depth=depth,
        policy=policy,
    )
