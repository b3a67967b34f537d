"""What one person is shown, by whose policy, and with what chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.served.policies import Policy

__all__ = ["Answer"]


@dataclass(frozen=True, eq=False)
class Answer:
    """What one person is shown.

    Attributes
    ----------
    user_id : str
    row : int
        Of the person.
    policy : Policy
        Whose list it is, with the list length asked for.
    is_split : bool
        Whether the split decided it, rather than who asked.
    items : int32 array of shape (n,)
        Best first, without padding.
    positions : int array of shape (n,)
        Where the ranker had put each, from 0.
    propensity : float64 array of shape (n,)
        Part of all possible deals, of the split and of what is explored, in which this person is
        shown this item at this place; 1 where the list was asked for by name.
    explored : int
        The place, from 0, that holds a title drawn to learn of it; -1 where none does.
    """

    user_id: str
    row: int
    policy: Policy
    is_split: bool
    items: NDArray[np.int32]
    positions: NDArray[np.integer]
    propensity: NDArray[np.float64]
    explored: int = -1
