"""What a policy would have earned, from the log of another: estimators of one action a context.

With weights ``w = π_e(a|x) / π_b(a|x)`` of the logged action, rewards r and a model q of rewards::

    replay     mean of r where the policy would have done the same
    IPW        mean(w r)
    SNIPW      mean(w r) / mean(w)
    DM         mean(q(x, π_e))
    DR         mean(q(x, π_e) + w (r - q(x, a)))
    SNDR       mean(q(x, π_e)) + mean(w (r - q(x, a))) / mean(w)
    Switch-DR  DR, with the correction only where w ≤ τ
    DRos       DR, with λ w / (w² + λ) for w

Each estimate comes with what every context contributes to it, so that intervals, differences and
groups follow from one thing. Source: Horvitz & Thompson 1952; Dudík et al. 2014; Wang et al. 2017
(Switch); Su et al. 2020 (DRos); Li et al. 2011 (replay).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.online.model_error import ModelError

__all__ = [
    "DIRECT",
    "DIRECT_CAVEAT",
    "ESTIMATORS",
    "REPLAY",
    "Actions",
    "Estimate",
    "Ratio",
    "mean_of",
]

Floats = NDArray[np.float64]

SWITCH_AT = 10.0
"""τ: weights above it are left to the model."""

SHRINKAGE = 100.0
"""λ of DRos: weights far above its root are shrunk."""


LEAST_MATCHES = 20
"""Contexts that replay needs."""

REPLAY, DIRECT = "Replay", "DM"
DIRECT_CAVEAT = (
    "the interval of DM holds what chance does to its model of rewards, and not that the model may "
    "be of the wrong form: then it misses the truth more often than one time in 20"
)


@dataclass(frozen=True, eq=False)
class Actions:
    """A log beside a policy; all arrays have shape (n,).

    Attributes
    ----------
    reward : float64
    weight : float64
        Chance of the logged action under the policy, over that under the logging policy.
    is_same : bool
        Whether the policy's likeliest action was the logged one.
    model_own : float64
        The model's reward of the logged action; NaN without a model.
    model_policy : float64
        The model's reward, averaged over the policy's actions; NaN without a model.
    person : int64
        Contexts of one person are not independent.
    error : ModelError, optional
        What the model owes to the contexts that it learned from; None where it is given.
    """

    reward: Floats
    weight: Floats
    is_same: NDArray[np.bool_]
    model_own: Floats
    model_policy: Floats
    person: NDArray[np.int64]
    error: ModelError | None = None

    def through_model(self, correction: Floats) -> Floats:
        """Return what each context moves an estimate by through the model, shape (n,)."""
        return (
            np.zeros(len(self.reward)) if self.error is None else self.error.influence(correction)
        )


@dataclass(frozen=True, eq=False)
class Ratio:
    """The part of an estimate that is ``mean(y) / mean(x)``.

    Attributes
    ----------
    influence : float64 array of shape (n,)
        What each context contributes to it; mean 0.
    below : float64 array of shape (n,)
        x.
    """

    influence: Floats
    below: Floats


@dataclass(frozen=True, eq=False)
class Estimate:
    """A value and what each context contributes.

    Attributes
    ----------
    value : float
        NaN where undefined.
    influence : float64 array of shape (n,)
        What the context adds by itself; mean 0.
    through_model : float64 array of shape (n,), or None
        What it moves by way of the model of rewards that learned from it; mean 0.
    ratios : tuple of Ratio
        The parts of ``influence`` that are not of a mean over contexts.
    """

    value: float
    influence: Floats
    through_model: Floats | None = None
    ratios: tuple[Ratio, ...] = ()

    @property
    def whole(self) -> Floats:
        """Both: the value's error is that of their mean."""
        return self.influence if self.through_model is None else self.influence + self.through_model

    def less(self, base: Estimate) -> Estimate:
        """Return the difference from another estimate over the same contexts."""
        theirs = tuple(Ratio(-one.influence, one.below) for one in base.ratios)
        return Estimate(
            self.value - base.value, self.whole - base.whole, ratios=(*self.ratios, *theirs)
        )


def mean_of(terms: Floats) -> Estimate:
    """Return the mean over contexts; NaN of none."""
    value = float(terms.mean()) if len(terms) else np.nan
    return Estimate(value, terms - value)


def _ratio(terms: Floats, weights: Floats) -> Estimate:
    """``mean(terms) / mean(weights)``, linearised."""
    below = float(weights.mean()) if len(weights) else 0.0
    if below <= 0:
        return Estimate(np.nan, np.full(len(terms), np.nan))
    value = float(terms.mean()) / below
    influence = (terms - value * weights) / below
    return Estimate(value, influence, ratios=(Ratio(influence, weights),))


def replay(log: Actions) -> Estimate:
    """Mean reward where the policy's likeliest action was the logged one.

    It answers for the ranking itself, not for the policy drawn from it, and is right only where
    logging was even. Undefined below :data:`LEAST_MATCHES` such contexts.
    """
    if log.is_same.sum() < LEAST_MATCHES:
        return Estimate(np.nan, np.full(len(log.reward), np.nan))
    return _ratio(log.is_same * log.reward, log.is_same.astype(np.float64))


def ipw(log: Actions) -> Estimate:
    """Inverse propensity weighting."""
    return mean_of(log.weight * log.reward)


def snipw(log: Actions) -> Estimate:
    """Self-normalised inverse propensity weighting."""
    return _ratio(log.weight * log.reward, log.weight)


def _modelled(log: Actions, weight: Floats) -> Estimate:
    """Take the model, and so much of what the log knows better."""
    terms = log.model_policy + weight * (log.reward - log.model_own)
    return replace(mean_of(terms), through_model=log.through_model(weight))


def direct(log: Actions) -> Estimate:
    """Trust the model alone."""
    return _modelled(log, np.zeros(len(log.reward)))


def doubly_robust(log: Actions) -> Estimate:
    """Model, corrected where the log knows better."""
    return _modelled(log, log.weight)


def sndr(log: Actions) -> Estimate:
    """Doubly robust with a self-normalised correction."""
    model, mean = direct(log), float(log.weight.mean()) if len(log.weight) else 0.0
    through = log.through_model(log.weight / mean) if mean > 0 else model.through_model
    correction = _ratio(log.weight * (log.reward - log.model_own), log.weight)
    influence = model.influence + correction.influence
    return Estimate(model.value + correction.value, influence, through, correction.ratios)


def switch_dr(log: Actions) -> Estimate:
    """Doubly robust where the weight is at most :data:`SWITCH_AT`, else the model."""
    kept = np.where(log.weight <= SWITCH_AT, log.weight, 0.0)
    return _modelled(log, kept)


def dros(log: Actions) -> Estimate:
    """Doubly robust with optimistically shrunk weights."""
    shrunk = SHRINKAGE * log.weight / (log.weight**2 + SHRINKAGE)
    return _modelled(log, shrunk)


ESTIMATORS: dict[str, Callable[[Actions], Estimate]] = {
    REPLAY: replay,
    "IPW": ipw,
    "SNIPW": snipw,
    DIRECT: direct,
    "DR": doubly_robust,
    "SNDR": sndr,
    "Switch-DR": switch_dr,
    "DRos": dros,
}
"""Name → estimator."""
