"""How exposure is concentrated on items, for everyone and with each block of people left out.

Whole rows of items at once in NumPy, whose sort is vectorised: faster here than a compiled loop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import quotient
from engine.metrics.kernels.exposure_blocks import Exposure
from engine.threads import over_rows

__all__ = ["SPREAD", "concentration", "gini", "leave_out", "lorenz"]

Floats = NDArray[np.float64]

WORTH_THREADS = 500_000
"""Numbers from which on rows are sorted in threads."""


def leave_out(sums: NDArray[Any], people: NDArray[np.int64]) -> Floats:
    """Add blocks up, all of them and all but one; shape (n_blocks, …) → (1 + n_blocks, …).

    The row of a block with nobody in it is NaN.
    """
    total = sums.sum(axis=0)
    out = np.empty((1 + len(sums), *total.shape))
    out[0] = total
    np.subtract(total, sums, out=out[1:])
    out[1:][people == 0] = np.nan
    return out


@dataclass(frozen=True, eq=False)
class _Spread:
    """Sums with each block left out in turn; float64 arrays of 1 + n_blocks rows."""

    slots: Floats
    total: Floats
    people: Floats
    exposure: Floats
    held: Floats
    k: int


def concentration(blocks: Exposure) -> Floats:
    """Compute every formula of :data:`SPREAD`, in that order.

    Parameters
    ----------
    blocks : Exposure

    Returns
    -------
    float64 array of shape (1 + n_blocks, n_figures)
        Row 0: everyone. Row 1 + b: everyone but block ``b``; NaN where that block is empty or no
        item is shown. O(blocks · items · log items).
    """
    slots = leave_out(blocks.slots, blocks.people)
    people = leave_out(blocks.people, blocks.people)
    # Sums in another order leave a dust of rounding where nothing is left.
    exposure = np.where(slots == 0, 0.0, leave_out(blocks.attention, blocks.people))
    held = leave_out(blocks.held, blocks.people)
    total = slots.sum(axis=1)
    is_empty = ~(total > 0)
    spread = _Spread(slots, total, people, exposure, held, blocks.k)
    figures = np.column_stack([formula(spread) for formula in SPREAD.values()])
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
    ranked = _ascending(exposure) @ (2.0 * np.arange(1, n + 1) - n - 1)
    return quotient(ranked, n * exposure.sum(axis=-1))


def _ascending(rows: NDArray[Any]) -> NDArray[Any]:
    """Sort each row; several at once where they are long."""
    if rows.ndim < 2 or rows.size < WORTH_THREADS:
        return np.sort(rows, axis=-1)
    out = rows.copy()
    over_rows(lambda start, stop: out[start:stop].sort(axis=-1), len(out))
    return out


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
    return np.linspace(0.0, 1.0, n + 1), quotient(cumulated, np.full(n + 1, cumulated[-1]))


def _coverage(spread: _Spread) -> Floats:
    return (spread.slots > 0).mean(axis=1)


def _gini(spread: _Spread) -> Floats:
    return gini(spread.exposure)


def _fewest(spread: _Spread) -> Floats:
    """Count the fewest items that fill 90 % of places."""
    # An empty block's row is NaN, and stays so. Small whole numbers are sorted six times as fast.
    whole = np.nan_to_num(spread.slots).astype(
        np.int32 if spread.slots[0].max(initial=0.0) < 2**31 else np.int64
    )
    filled = np.cumsum(_ascending(whole)[:, ::-1], axis=1, dtype=np.int64)
    # Whole numbers on both sides: 9/10 of the places without rounding.
    return 1.0 + (10 * filled < 9 * spread.total[:, None]).sum(axis=1)


def _top(spread: _Spread) -> Floats:
    return spread.slots.max(axis=1, initial=0.0) / np.maximum(spread.people, 1)


def _personalisation(spread: _Spread) -> Floats:
    shared = (spread.slots * spread.slots).sum(axis=1) - spread.total
    return 1.0 - quotient(shared / spread.k, spread.people * (spread.people - 1))


def _inequity(spread: _Spread) -> Floats:
    exposure, held = spread.exposure, spread.held
    seen, wanted = exposure.sum(axis=1), held.sum(axis=1)
    gap = np.abs(exposure * wanted[:, None] - held * seen[:, None]).sum(axis=1)
    return quotient(gap, seen * wanted)


SPREAD: dict[str, Callable[[_Spread], Floats]] = {
    "coverage": _coverage,
    "gini": _gini,
    "n90": _fewest,
    "top_item_share": _top,
    "personalisation": _personalisation,
    "attention_inequity": _inequity,
}
"""Name of a metric → its formula."""
