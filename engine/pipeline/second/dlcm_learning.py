"""DLCM in PyTorch: the network of :mod:`engine.pipeline.second.dlcm`, with gradients."""

from __future__ import annotations

import torch
from torch import nn

__all__ = ["Recurrent"]


class Recurrent(nn.Module):
    """The network; its parameters have the names that NumPy serves by."""

    def __init__(self, n_inputs: int, width: int, dropout: float) -> None:
        super().__init__()
        self.gru = nn.GRU(n_inputs, width, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.state = nn.Linear(width, width)
        self.out = nn.Linear(width, 1)

    def forward(self, inputs: torch.Tensor, is_candidate: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (n_lists, n); without meaning where padded."""
        n = is_candidate.sum(dim=1, keepdim=True)
        place = torch.arange(inputs.shape[1], device=inputs.device)[None]
        # what is there, from its end to its top; padding stays behind and moves nothing
        turned = torch.where(place < n, n - 1 - place, place)
        index = turned[:, :, None]
        backwards = inputs.gather(1, index.expand(-1, -1, inputs.shape[2]))
        states, _ = self.gru(backwards)
        states = self.dropout(states)
        last = (n - 1).clamp(min=0)[:, :, None].expand(-1, -1, states.shape[2])
        gate = torch.tanh(self.state(states.gather(1, last)))
        scored = self.out(states * gate)[:, :, 0]
        return scored.gather(1, turned)
