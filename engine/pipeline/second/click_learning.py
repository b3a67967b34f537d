"""The click network behind personalised vectors, in PyTorch: how likely each candidate is liked."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from engine.pipeline.neural.over_candidates import FromArrays
from engine.pipeline.neural.training import Schedule, seeded, train
from engine.pipeline.neural.weights import Weights

__all__ = ["Clicks", "learned_click"]

N_PARTS = 5
"""One row in so many is held out to stop early by."""

SCHEDULE = Schedule(epochs=40, batch=512, rate=2e-3, decay=1e-2, patience=4, threads=1)


class Clicks(FromArrays):
    """Two layers and the logit of a like; parameters have the names that NumPy serves by."""

    def __init__(self, weights: Weights, dropout: float = 0.1) -> None:
        super().__init__(weights)
        self.dropout = dropout

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (n_rows,)."""
        hidden = inputs
        for layer in ("click_first", "click_second"):
            hidden = functional.relu(self.linear(layer, hidden))
            hidden = functional.dropout(hidden, self.dropout, self.training)
        return self.linear("click_out", hidden)[:, 0]


def learned_click(
    weights: Weights, rows: NDArray[np.float32], liked: NDArray[np.bool_], seed: int
) -> Weights:
    """Learn from rows of candidates, stopping early on some of them.

    Parameters
    ----------
    weights : mapping of str to float32 array
        First ones.
    rows : float32 array of shape (n_rows, n_inputs)
    liked : bool array of shape (n_rows,)
    seed : int
    """
    is_held = np.random.default_rng(seed).permutation(len(rows)) % N_PARTS == 0
    with seeded(seed, threads=1) as device:
        model = Clicks(weights).to(device)
        inputs, labels = (
            torch.from_numpy(values).to(device) for values in (rows, liked.astype(np.float32))
        )
        held = torch.from_numpy(is_held).to(device)
        taught = torch.nonzero(~held)[:, 0]

        def loss(batch: torch.Tensor) -> torch.Tensor:
            of = taught[batch]
            return functional.binary_cross_entropy_with_logits(model(inputs[of]), labels[of])

        def figure() -> float:
            found = functional.binary_cross_entropy_with_logits(model(inputs[held]), labels[held])
            return -float(found)

        return train(
            model,
            loss,
            len(taught),
            SCHEDULE,
            seed=seed,
            name="The click network",
            figure=figure,
        ).weights
