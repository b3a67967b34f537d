"""How exposure is concentrated on items, for everyone and with each block of people left out.

Whole rows of items at once in NumPy, whose sort is vectorised: faster here than a compiled loop.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.metrics.kernels.exposure_blocks import Exposure

__all__ = ["concentration", "gini", "leave_out", "lorenz"]

Floats = NDArray[np.float64]


def leave_out(sums: NDArray, people: NDArray[np.int64]) -> Floats:
    """Add blocks up, all of them and all but one; shape (n_blocks, …) → (1 + n_blocks, …).

    The row of a block with nobody in it is NaN.
    """
    total = sums.sum(axis=0)
    out = np.empty((1 + len(sums), *total.shape))
    out[0] = total
    np.subtract(total, sums, out=out[1:])
    out[1:][people == 0] = np.nan
    return out


def concentration(blocks: Exposure) -> Floats:
    """Compute the figures of ``exposure_definitions.CONCENTRATION``, in that order.

    Parameters
    ----------
    blocks : Exposure

    Returns
    -------
    float64 array of shape (1 + n_blocks, 6)
        Coverage, Gini, n90, top item's share, personalisation, inequity of attention. Row 0:
        everyone. Row 1 + b: everyone but block ``b``; NaN where that block is empty or no item is
        shown. O(blocks · items · log items).
    """
    slots = leave_out(blocks.slots, blocks.people)
    people = leave_out(blocks.people, blocks.people)
    # Sums in another order leave a dust of rounding where nothing is left.
    exposure = np.where(slots == 0, 0.0, leave_out(blocks.attention, blocks.people))
    held = leave_out(blocks.held, blocks.people)
    total = slots.sum(axis=1)
    is_empty = ~(total > 0)
    figures = np.column_stack(
        [
            (slots > 0).mean(axis=1),
            gini(exposure),
            _fewest(slots, total),
            slots.max(axis=1, initial=0.0) / np.maximum(people, 1),
            _personalisation(slots, total, people, blocks.k),
            _inequity(exposure, held),
        ]
    )
    figures[is_empty] = np.nan
    return figures


def gini(exposure: Floats) -> Floats:
    """Gini of each row over all its items, zeros included; NaN where all are 0.

    Parameters
    ----------
    exposure : float64 array of shape (..., n_items)
        Not negative.

    Returns
    -------
    float64 array of shape (...)
        Σ_i (2i − n − 1) x_i / (n Σ x), x ascending; 0 is even, (n − 1) / n is all on one item.

    Examples
    --------
    >>> gini(np.array([0.0, 0.0, 0.0, 8.0])).item()
    0.75
    """
    n = exposure.shape[-1]
    ranked = np.sort(exposure, axis=-1) @ (2.0 * np.arange(1, n + 1) - n - 1)
    return _divide(ranked, n * exposure.sum(axis=-1))


def lorenz(exposure: Floats) -> tuple[Floats, Floats]:
    """Return the Lorenz curve: shares of items, least exposed first, and of exposure.

    Parameters
    ----------
    exposure : float64 array of shape (n_items,)

    Returns
    -------
    items, share : float64 arrays of shape (n_items + 1,)
        Both from 0 to 1; ``share`` is NaN where nothing is exposed.
    """
    n = len(exposure)
    cumulated = np.concatenate([[0.0], np.cumsum(np.sort(exposure))])
    return np.linspace(0.0, 1.0, n + 1), _divide(cumulated, np.full(n + 1, cumulated[-1]))


def _fewest(slots: Floats, total: Floats) -> Floats:
    """Count the fewest items that fill 90 % of places."""
    filled = np.cumsum(-np.sort(-slots, axis=1), axis=1)
    # Whole numbers on both sides: 9/10 of the places without rounding.
    return 1.0 + (10 * filled < 9 * total[:, None]).sum(axis=1)


def _personalisation(slots: Floats, total: Floats, people: Floats, k: int) -> Floats:
    shared = (slots * slots).sum(axis=1) - total
    return 1.0 - _divide(shared / k, people * (people - 1))


def _inequity(exposure: Floats, held: Floats) -> Floats:
    seen, wanted = exposure.sum(axis=1), held.sum(axis=1)
    gap = np.abs(exposure * wanted[:, None] - held * seen[:, None]).sum(axis=1)
    return _divide(gap, seen * wanted)


def _divide(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)
