"""What networks over candidates share: named parameters, who is held out, and how well they do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine.held_out import LIST_LENGTH, ndcg_at

__all__ = ["FromArrays", "held_out_by", "mean_ndcg"]

N_PARTS = 5
"""A member stops early on the NDCG@10 of one in so many people, each member on others."""

LEAST_HELD = 10
"""Of fewer people held out the figure would be noise: all are then learnt from, to the end."""


class FromArrays(nn.Module):
    """A network whose parameters begin as arrays, and have the names that NumPy serves by."""

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        super().__init__()
        for name, values in weights.items():
            self.register_parameter(name, nn.Parameter(torch.from_numpy(values.copy())))

    def linear(self, name: str, values: torch.Tensor) -> torch.Tensor:
        """Apply the layer whose parameters are ``NAME_w`` and ``NAME_b``."""
        return values @ self.get_parameter(f"{name}_w") + self.get_parameter(f"{name}_b")


def held_out_by(order: NDArray[np.int64], member: int) -> NDArray[np.bool_]:
    """Return whom a member does not learn from; nobody where they would be too few.

    Parameters
    ----------
    order : int64 array of shape (n_people,)
        A permutation.
    member : int
    """
    is_held = order % N_PARTS == member % N_PARTS
    return is_held if is_held.sum() >= LEAST_HELD else np.zeros_like(is_held)


def mean_ndcg(logits: torch.Tensor, is_label: torch.Tensor) -> float:
    """Return the mean NDCG@10 of the labels of lists by logits, ``-inf`` where padded."""
    places = logits.argsort(dim=1, descending=True, stable=True)[:, :LIST_LENGTH]
    is_hit = is_label.gather(1, places).cpu().numpy()
    return float(ndcg_at(LIST_LENGTH, is_hit, is_label.sum(dim=1).cpu().numpy()).mean())
