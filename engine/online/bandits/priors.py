"""Priors handed down a hierarchy by empirical Bayes: a newcomer starts from where they are.

Country, then region, then group: at each level the rates of the parts are taken to be draws from
a Beta distribution about the rate of the whole, whose spread is estimated from the parts
themselves (method of moments). A part with little behind it stays near the whole. Source: Efron &
Morris 1975; Kleinman 1973 for unequal sizes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_STRENGTH", "BetaPrior", "handed_down", "strength_of"]

Floats = NDArray[np.float64]
MOST_STRENGTH, LEAST_STRENGTH = 1e4, 2.0
"""Visits that a prior may count as, at most: where parts do not differ beyond chance; and least."""


@dataclass(frozen=True, eq=False)
class BetaPrior:
    """Prior of each part: ``a`` and ``b`` of shape (n_parts, n_arms)."""

    a: Floats
    b: Floats


def strength_of(won: Floats, shown: Floats, about: Floats) -> Floats:
    """Return how many visits the rate of the whole is worth to a part, shape (n_arms,).

    ``μ (1 − μ) / τ² − 1`` for the spread τ² of the parts' rates beyond chance; between 2 and
    10,000.

    Parameters
    ----------
    won, shown : float64 arrays of shape (n_parts, n_arms)
    about : float64 array of shape (n_parts, n_arms) or (n_arms,)
        Rate of the whole that each part belongs to.
    """
    about = np.broadcast_to(about, won.shape)
    rate = np.divide(won, shown, out=np.zeros(won.shape), where=shown > 0)
    noise = np.divide(about * (1 - about), shown, out=np.zeros(won.shape), where=shown > 0)
    total = shown.sum(axis=0)
    weight = np.divide(shown, total, out=np.zeros(shown.shape), where=total > 0)
    between = (weight * ((rate - about) ** 2 - noise)).sum(axis=0)
    middle = (weight * about).sum(axis=0)
    spread = np.maximum(between, 1e-12)
    return np.clip(middle * (1 - middle) / spread - 1, LEAST_STRENGTH, MOST_STRENGTH)


def handed_down(won: Floats, shown: Floats, levels: Sequence[NDArray[np.int64]]) -> BetaPrior:
    """Return the prior of a newcomer of each cell.

    Parameters
    ----------
    won, shown : float64 arrays of shape (n_cells, n_arms)
        Rewards and visits of each cell, the finest level.
    levels : sequence of int64 arrays of shape (n_cells,)
        Part that each cell belongs to at each level, coarsest first; the cells themselves may be
        the last.

    Returns
    -------
    BetaPrior
        Of shape (n_cells, n_arms): the posterior of the cell's finest part, as strong as the parts
        of that level are alike.
    """
    about = np.broadcast_to((won.sum(axis=0) + 1) / (shown.sum(axis=0) + 2), won.shape)
    strength = np.broadcast_to(np.full(won.shape[1], LEAST_STRENGTH), won.shape)
    for codes in levels:
        n_parts = int(codes.max()) + 1
        own_won, own_shown = np.zeros((n_parts, won.shape[1])), np.zeros((n_parts, won.shape[1]))
        np.add.at(own_won, codes, won)
        np.add.at(own_shown, codes, shown)
        whole = np.zeros(own_won.shape)
        whole[codes] = about  # the same for every cell of a part
        k = strength_of(own_won, own_shown, whole)
        posterior = (own_won + k * whole) / (own_shown + k)
        about, strength = posterior[codes], np.broadcast_to(k, won.shape)
    return BetaPrior(about * strength, (1 - about) * strength)
