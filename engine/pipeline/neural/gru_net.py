"""The network of GRU4Rec, for learning."""

from __future__ import annotations

import torch
from torch import nn

__all__ = ["GruNet"]


class GruNet(nn.Module):
    """What a person is at each place of a sequence, by a gated recurrent unit.

    Parameters
    ----------
    n_items, d : int
    dropout : float

    Source
    ------
    Hidasi, Karatzoglou, "Recurrent neural networks with top-k gains for session-based
    recommendations", CIKM 2018; learned here with the softmax over the catalogue.
    """

    def __init__(self, n_items: int, d: int, dropout: float) -> None:
        super().__init__()
        self.items = nn.Parameter(0.02 * torch.randn(n_items, d))
        self.bias = nn.Parameter(torch.zeros(n_items))
        self.kinds = nn.Parameter(torch.zeros(2, d))
        self.gru = nn.GRU(d, d, batch_first=True)
        self.out = nn.Linear(d, d)
        self.dropout = nn.Dropout(dropout)

    def forward(self, items: torch.Tensor, liked: torch.Tensor) -> torch.Tensor:
        """Return (n, length, d) for int64 tables (n, length) of items, -1 before them, and 0 or 1.

        Padding goes behind while the unit runs, so that it begins with the first item.
        """
        n_before = (items < 0).sum(dim=1, keepdim=True)
        column = torch.arange(items.shape[1], device=items.device)
        forward = (column + n_before) % items.shape[1]
        items, liked = items.gather(1, forward), liked.gather(1, forward)
        states, _ = self.gru(self.dropout(self.items[items.clamp(min=0)] + self.kinds[liked]))
        back = (column - n_before) % items.shape[1]
        states = states.gather(1, back[..., None].expand(-1, -1, states.shape[2]))
        return self.out(self.dropout(states))
