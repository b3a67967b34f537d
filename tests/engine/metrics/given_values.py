"""Measurements with given values, for tests of what is read from them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.metrics.user_matrix import Details, Measured
from engine.remade import Remade

__all__ = ["with_values"]


def with_values(measured: Measured, values: NDArray[np.float32]) -> Measured:
    """Return a measurement with other values and the same exposure."""
    details = Details(values, measured.blocks)
    return replace(measured, details=Remade(lambda: details))
