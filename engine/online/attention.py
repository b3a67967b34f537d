"""Attention estimated from a log: how likely each place is to be noticed, the top being 1.

Position-based model: a place k is noticed with chance θ_k, and then chosen with what the title is
worth there, γ. What pleases stands high, so rates by place mix the two; they part where *the same*
was seen at different places:

- **draws**: places were filled by draws of known chance. A title's rate at each place, weighed by
  its mean chance there over the chance that each row gives it, is that of the same people
  everywhere;
- **swaps**: the same title was shown to the same person at several places, and what was chosen
  comes again. (Where it does not, a second view means that the first was no choice.)

Both count choices ``c`` and views ``n`` of each title (or pair) ``i`` at each place, and fit
``E c_ik = n_ik θ_k γ_i`` by maximum likelihood of Poisson counts, whose estimating equations hold
whatever the distribution. Intervals: jackknife over 40 parts of the people. Source: Agarwal et al.
2019 (intervention harvesting); Joachims, Swaminathan & Schnabel 2017 (swaps).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from engine.artifacts import Artifacts
from engine.data.wording import counted
from engine.errors import ScenarioError
from engine.online.kept_log import kept_log
from engine.online.log import Log
from engine.recent import Recent
from engine.simulate.choice_models import FROM_LOG, ChoiceModel, choice_model

__all__ = ["Attention", "attention_of", "estimate_attention", "model_of"]

Floats = NDArray[np.float64]
N_PARTS = 40
MOST_PLACES = 20
LEAST_CHOICES = 100
"""Choices, of what was seen at several places, below which nothing is estimated."""

LEAST_AGAIN = 0.8
"""Rate at which what was chosen is shown again, over that of the rest, that swaps need."""

_FOUND: Recent[Attention] = Recent(2)


@dataclass(frozen=True, eq=False)
class Attention:
    """How likely each place is noticed, or why the log cannot say.

    Attributes
    ----------
    refusal : str
        Empty where it can.
    how : str
        ``swaps`` or ``draws``.
    words : str
        What it rests on and what it assumes.
    value, low, high : float64 arrays of shape (n_places,)
        Relative to the top, with 95 % intervals.
    n : int64 array of shape (n_places,)
        Views at each place that the estimate rests on.
    """

    refusal: str
    how: str = ""
    words: str = ""
    value: Floats = field(default_factory=lambda: np.empty(0))
    low: Floats = field(default_factory=lambda: np.empty(0))
    high: Floats = field(default_factory=lambda: np.empty(0))
    n: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    @property
    def model(self) -> ChoiceModel:
        """The estimate as a model of attention."""
        share = tuple(float(one) for one in np.clip(self.value, 0.001, 1.0))
        words = f"place j is noticed as the log says, relative to the top ({self.words})"
        return ChoiceModel(FROM_LOG, "From the log", words, 1.0, measured=share)


def model_of(artifacts: Artifacts, name: str) -> ChoiceModel:
    """Return a model of attention by name; the log's own from the fit's log.

    Raises
    ------
    ScenarioError
        There is none of that name, or the log cannot say.
    """
    if name != FROM_LOG:
        return choice_model(name)
    found = attention_of(artifacts)
    if found.refusal:
        raise ScenarioError(f"Attention cannot be taken from the log: {found.refusal}")
    return found.model


def attention_of(artifacts: Artifacts) -> Attention:
    """Estimate attention from the log that a fit keeps; computed once."""

    def compute() -> Attention:
        log = kept_log(artifacts)
        return Attention("these data have no log of what was shown.") if log is None else (
            estimate_attention(log)
        )  # fmt: skip

    return _FOUND.get(artifacts.folder, compute)


def estimate_attention(log: Log) -> Attention:
    """Estimate attention by draws where chances are known, else by swaps, else refuse in words."""
    is_placed = (log.position >= 0) & (log.position < MOST_PLACES)
    if not (log.position == 0).any():
        return Attention("no top place was logged, and attention is relative to it.")
    person, _ = pd.factorize(log.user_ids)
    item, titles = pd.factorize(log.item_ids)
    is_drawn = is_placed & np.isfinite(log.propensity)
    if is_drawn.any() and (log.propensity[is_drawn] < 1).mean() > 0.5:
        kept = _seen_at_several(item, log.position, is_drawn)
        words = (
            f"from {counted(int(kept.sum()), 'view')} of titles drawn to several places, weighed "
            "by the chances logged"
        )
        return _enough(log, kept) or _estimated(
            log, person, item, kept, _stabilised(log, item, kept), "draws", words
        )
    pair = pd.factorize(person.astype(np.int64) * len(titles) + item)[0]
    kept = _seen_at_several(pair, log.position, is_placed)
    if log.reward[kept].sum() and not _comes_again(log, pair):
        return Attention(
            "titles that were chosen hardly come again, so who saw one at several places had not "
            "chosen it before, and places were not filled by draws of known chance; log some lists "
            "with two places swapped, whatever was chosen."
        )
    words = (
        f"from {counted(int(kept.sum()), 'view')} of titles that the same person saw at several "
        "places; their pleasure in them is taken to stay"
    )
    return _enough(log, kept) or _estimated(
        log, person, pair, kept, np.ones(len(log)), "swaps", words
    )


def _enough(log: Log, kept: NDArray[np.bool_]) -> Attention | None:
    n = int(log.reward[kept].sum())
    if n >= LEAST_CHOICES:
        return None
    return Attention(
        f"{counted(n, 'choice')} of what was seen at several places, and at least {LEAST_CHOICES} "
        "are needed to tell what pleases from what is noticed; log more, or some lists with two "
        "places swapped."
    )


def _comes_again(log: Log, pair: NDArray[np.int64]) -> bool:
    """Whether what was chosen is shown again nearly as often as what was not."""
    at = np.arange(len(log)) if log.day is None else log.day
    order = np.lexsort((at, pair))
    again = np.zeros(len(log), bool)
    again[order[:-1]] = np.diff(pair[order]) == 0
    is_chosen = log.reward > 0
    return bool(again[is_chosen].mean() >= LEAST_AGAIN * again[~is_chosen].mean())


def _seen_at_several(
    unit: NDArray[np.int64], position: NDArray[np.int64], is_asked: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Rows of units that were seen at two places or more."""
    seen = np.unique(unit[is_asked] * MOST_PLACES + position[is_asked])
    n_places = np.bincount(seen // MOST_PLACES, minlength=int(unit.max(initial=0)) + 1)
    return is_asked & (n_places[unit] > 1)


def _stabilised(log: Log, unit: NDArray[np.int64], kept: NDArray[np.bool_]) -> Floats:
    """Mean chance of the unit at the place over the row's own: only what differs in it weighs."""
    cell = unit * MOST_PLACES + np.clip(log.position, 0, MOST_PLACES - 1)
    size = int(cell.max()) + 1
    total = np.bincount(cell[kept], weights=log.propensity[kept], minlength=size)
    count = np.bincount(cell[kept], minlength=size)
    mean = np.divide(total, count, out=np.zeros(size), where=count > 0)
    return np.divide(mean[cell], log.propensity, out=np.zeros(len(log)), where=kept)


def _estimated(
    log: Log,
    person: NDArray[np.int64],
    unit: NDArray[np.int64],
    kept: NDArray[np.bool_],
    weight: Floats,
    how: str,
    words: str,
) -> Attention:
    unit, place = pd.factorize(unit[kept])[0], log.position[kept]
    n_places = int(place.max()) + 1
    # a part of the people is left out at a time; which part is fixed by their number alone
    part = (np.random.default_rng(0).permutation(int(person.max()) + 1) % N_PARTS)[person[kept]]
    cell, index = np.unique((unit * n_places + place) * N_PARTS + part, return_inverse=True)
    chosen, own = (
        np.bincount(index, weights=one).astype(np.float64)
        for one in (log.reward[kept] * weight[kept], weight[kept])
    )
    unit, at, part = (
        cell // N_PARTS // n_places,
        cell // N_PARTS % n_places,
        cell % N_PARTS,
    )
    fits = [_fit(unit, at, chosen, own, np.ones(n_places))]
    if not np.isfinite(fits[0]).all():
        return Attention(
            "not all places are joined by titles that were seen at both: log lists in which titles "
            "change places."
        )
    for left in range(N_PARTS):
        is_in = part != left
        fits.append(_fit(unit[is_in], at[is_in], chosen[is_in], own[is_in], fits[0]))
    without = np.array(fits[1:])
    spread = without - without.mean(axis=0)
    error = np.sqrt((N_PARTS - 1) / N_PARTS * (spread**2).sum(axis=0))
    half = float(stdtrit(N_PARTS - 1, 0.975)) * error
    n = np.bincount(place, minlength=n_places).astype(np.int64)
    return Attention("", how, words, fits[0], fits[0] - half, fits[0] + half, n)


def _fit(
    unit: NDArray[np.int64], place: NDArray[np.int64], chosen: Floats, shown: Floats, theta: Floats
) -> Floats:
    """Fit ``E c_ik = n_ik θ_k γ_i``, from ``theta`` on; NaN where nothing joins a place."""
    n_units, n_places = int(unit.max()) + 1, len(theta)
    by_unit = np.bincount(unit, weights=chosen, minlength=n_units)
    by_place = np.bincount(place, weights=chosen, minlength=n_places)
    for _ in range(500):
        seen = np.bincount(unit, weights=shown * theta[place], minlength=n_units)
        worth = np.divide(by_unit, seen, out=np.zeros(n_units), where=seen > 0)
        hoped = np.bincount(place, weights=shown * worth[unit], minlength=n_places)
        with np.errstate(divide="ignore", invalid="ignore"):
            new = by_place / hoped
            new = new / new[0]
        change = np.abs(new - theta).max()
        theta = new
        if not change > 1e-9:
            break
    return theta
