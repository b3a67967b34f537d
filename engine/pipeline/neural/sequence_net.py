"""The network of SASRec, for learning; serving it is :mod:`engine.pipeline.neural.sequences`."""

from __future__ import annotations

import math

import torch
from torch import nn

__all__ = ["Block", "SequenceNet"]


class Block(nn.Module):
    """Self-attention and two dense layers, each after a layer norm and beside a short cut."""

    def __init__(self, d: int, n_heads: int, dropout: float) -> None:
        super().__init__()
        self.n_heads = n_heads
        self.before = nn.LayerNorm(d)
        self.queries, self.keys, self.values = (nn.Linear(d, d) for _ in range(3))
        self.out = nn.Linear(d, d)
        self.between = nn.LayerNorm(d)
        self.first, self.second = nn.Linear(d, 2 * d), nn.Linear(2 * d, d)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, may_see: torch.Tensor) -> torch.Tensor:
        """Return (n, length, d) for (n, length, d) and a mask (n, length, length)."""
        y = self.before(x)
        x = x + self.dropout(self.out(self._attended(y, may_see)))
        y = self.dropout(torch.relu(self.first(self.between(x))))
        return x + self.dropout(self.second(y))

    def _attended(self, y: torch.Tensor, may_see: torch.Tensor) -> torch.Tensor:
        n, length, d = y.shape
        shape = (n, length, self.n_heads, d // self.n_heads)
        q, k, v = (
            layer(y).view(shape).transpose(1, 2) for layer in (self.queries, self.keys, self.values)
        )
        found = (q @ k.transpose(2, 3)) / math.sqrt(d // self.n_heads)
        found = found.masked_fill(~may_see[:, None], -1e9).softmax(dim=-1)
        return (self.dropout(found) @ v).transpose(1, 2).reshape(n, length, d)


class SequenceNet(nn.Module):
    """What a person is at each place of a sequence, from what came up to it.

    Parameters
    ----------
    n_items, length, d, n_blocks, n_heads : int
    dropout : float

    Source
    ------
    Kang, McAuley, "Self-attentive sequential recommendation", ICDM 2018, with layer norms before
    each part, and places counted from the end, so that padding before a sequence changes nothing.
    """

    def __init__(
        self, n_items: int, length: int, d: int, n_blocks: int, n_heads: int, dropout: float
    ) -> None:
        super().__init__()
        self.items = nn.Parameter(0.02 * torch.randn(n_items, d))
        self.bias = nn.Parameter(torch.zeros(n_items))
        self.places = nn.Parameter(0.02 * torch.randn(length, d))
        self.kinds = nn.Parameter(torch.zeros(2, d))
        self.blocks = nn.ModuleList(Block(d, n_heads, dropout) for _ in range(n_blocks))
        self.last = nn.LayerNorm(d)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("up_to", torch.ones(length, length).tril() > 0, persistent=False)

    def forward(self, items: torch.Tensor, liked: torch.Tensor) -> torch.Tensor:
        """Return (n, length, d) for int64 tables (n, length) of items, -1 before them, and 0 or 1.

        The table may be narrower than ``length``: its last column is the last place.
        """
        width = items.shape[1]
        is_there = items >= 0
        x = self.items[items.clamp(min=0)] + self.kinds[liked]
        x = self.dropout(torch.where(is_there[..., None], x, 0.0) + self.places[-width:])
        itself = torch.eye(width, dtype=torch.bool, device=items.device)
        may_see = self.up_to[-width:, -width:] & is_there[:, None, :] | itself
        for block in self.blocks:
            x = block(x, may_see)
        return self.last(x)
