"""Weights as named float32 arrays in one ``.npz``: a fitted folder opens without PyTorch.

NumPy's own format holds them as well as another would, is read by what serves, holds no code, and
is on the fit's list of checksums as every file there.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.tensors import finite

if TYPE_CHECKING:
    from torch import nn

__all__ = ["Weights", "load_weights", "put_weights", "save_weights", "weights_of"]

FILE = "weights.npz"

Weights = dict[str, NDArray[np.float32]]


def weights_of(model: nn.Module) -> Weights:
    """Copy a network's parameters and buffers, by their names, as float32.

    Raises
    ------
    ScoreError
        One is not finite.
    """
    found = {}
    for name, tensor in model.state_dict().items():
        values = tensor.detach().cpu().numpy().astype(np.float32, copy=True)
        found[name] = np.asarray(finite(values, f"Learning {name}"))
    return found


def put_weights(model: nn.Module, weights: Mapping[str, NDArray[Any]]) -> None:
    """Put weights into a network of the same names and shapes."""
    import torch

    model.load_state_dict({name: torch.from_numpy(np.array(w)) for name, w in weights.items()})


def save_weights(folder: Path, weights: Mapping[str, NDArray[Any]]) -> None:
    """Write into ``folder``, which exists."""
    plain = {name: np.ascontiguousarray(values, np.float32) for name, values in weights.items()}
    np.savez(folder / FILE, allow_pickle=False, **plain)


def load_weights(folder: Path) -> Weights:
    """Read what :func:`save_weights` wrote."""
    with np.load(folder / FILE, allow_pickle=False) as file:
        return dict(file)
