"""PRM in PyTorch: the same blocks as in :mod:`engine.pipeline.second.attention`, with gradients."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch.nn import functional

from engine.pipeline.neural.over_candidates import FromArrays
from engine.pipeline.second.attention import (
    APART,
    LAYER_NORM_EPS,
    MASKED,
    Shape,
    apart,
    fresh_weights,
)

__all__ = ["Encoder"]


class Encoder(FromArrays):
    """The network; its parameters have the names that NumPy serves by."""

    def __init__(self, shape: Shape, dropout: float, rng: np.random.Generator) -> None:
        super().__init__(fresh_weights(shape, rng))
        self.shape, self.dropout = shape, dropout
        self.register_buffer("apart", torch.from_numpy(apart(shape, shape.n_places)), False)

    def forward(self, inputs: torch.Tensor, is_candidate: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (n_lists, n); without meaning where padded."""
        hidden = self.linear("in", inputs)
        if self.shape.has_places:
            hidden = hidden + self.get_parameter("places")[: inputs.shape[1]]
        for block in range(self.shape.blocks):
            attended = self._attended(block, hidden, is_candidate)
            hidden = self._joined(f"attended_{block}", hidden, attended)
            hidden = self._joined(f"fed_{block}", hidden, self._fed(block, hidden))
        return self.linear("out", hidden)[..., 0]

    def _joined(self, name: str, before: torch.Tensor, found: torch.Tensor) -> torch.Tensor:
        """Drop out, add what went in, and normalise."""
        found = functional.dropout(found, self.dropout, self.training)
        total = before + found if self.shape.has_residual else found
        scale, shift = self.get_parameter(f"{name}_scale"), self.get_parameter(f"{name}_shift")
        return functional.layer_norm(total, scale.shape, scale, shift, float(LAYER_NORM_EPS))

    def _attended(
        self, block: int, hidden: torch.Tensor, is_candidate: torch.Tensor
    ) -> torch.Tensor:
        n_lists, n, _ = hidden.shape
        size = (n_lists, n, self.shape.heads, self.shape.head_width)
        query, key, value = (
            (hidden @ self.get_parameter(f"{name}_{block}_w")).view(size).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        scores = query @ key.transpose(2, 3) / math.sqrt(self.shape.head_width)
        if self.shape.has_distances:
            of = self.get_buffer("apart")[:n, :n]
            scores = scores + float(APART) * self.get_parameter(f"apart_{block}")[:, of]
        scores = scores.masked_fill(~is_candidate[:, None, None, :], float(MASKED))
        share = functional.dropout(scores.softmax(dim=-1), self.dropout, self.training)
        return self.linear(f"joined_{block}", (share @ value).transpose(1, 2).flatten(2))

    def _fed(self, block: int, hidden: torch.Tensor) -> torch.Tensor:
        wide = functional.relu(self.linear(f"wide_{block}", hidden))
        return self.linear(f"narrow_{block}", wide)
