"""The network of NeuMF, for learning: products of factors beside layers over both sides."""

from __future__ import annotations

import torch
from torch import nn

from engine.pipeline.neural.tower_net import TowerNet

__all__ = ["NeuMfNet"]

FIRST, SECOND = 32, 16
"""Widths of the layers over both sides."""


class NeuMfNet(nn.Module):
    """Two towers of ``2 d``: the first half of a vector is for products, the second for layers.

    People are read by what they met and items by their content too, so that both may be new.

    Parameters
    ----------
    towers : TowerNet
        Of ``2 d`` factors.
    d : int

    Source
    ------
    He et al., "Neural collaborative filtering", WWW 2017, equation 12, with towers in place of
    vectors by number alone.
    """

    def __init__(self, towers: TowerNet, d: int) -> None:
        super().__init__()
        self.towers, self.d = towers, d
        self.of_person = nn.Linear(d, FIRST)
        self.of_item = nn.Linear(d, FIRST, bias=False)
        self.layer = nn.Linear(FIRST, SECOND)
        self.out = nn.Linear(SECOND, 1, bias=False)

    def forward(
        self, people: torch.Tensor, items: torch.Tensor, bias: torch.Tensor
    ) -> torch.Tensor:
        """Logits (n, m) of people (n, 2 d) and items, (n, m, 2 d) or (m, 2 d), with biases."""
        one, other = people[:, None, : self.d], people[:, None, self.d :]
        products = (one * items[..., : self.d]).sum(dim=-1)
        hidden = torch.relu(self.of_person(other) + self.of_item(items[..., self.d :]))
        return products + self.out(torch.relu(self.layer(hidden)))[..., 0] + bias
