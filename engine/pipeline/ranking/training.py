"""Who of the first moment's people a ranker learns from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["taught_people"]


def taught_people(is_label: NDArray[np.bool_], most: int) -> NDArray[np.int64]:
    """Choose the people with a label among their candidates; of more than ``most``, evenly spaced.

    Parameters
    ----------
    is_label : bool array of shape (n_people, n)
        Whether each candidate was liked after the moment of the candidates.
    most : int >= 1

    Returns
    -------
    int64 array of shape (n_taught,)
        Rising.
    """
    able = np.flatnonzero(is_label.any(axis=1))
    return able[np.linspace(0, len(able) - 1, min(len(able), max(most, 1))).astype(np.int64)]
