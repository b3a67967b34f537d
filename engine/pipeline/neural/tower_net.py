"""The network of the two towers, for learning."""

from __future__ import annotations

import torch
from torch import nn

from engine.pipeline.neural.towers import N_NUMBERS, N_POOLS

__all__ = ["TowerNet"]


class TowerNet(nn.Module):
    """Items by their numbers and their content; people by what they met.

    Parameters
    ----------
    content : float tensor of shape (n_items, n_columns)
    d, hidden : int
    dropout : float
    id_dropout : float
        Share of items that a batch knows by their content alone, so that content learns to speak
        for items that nobody met.
    """

    def __init__(
        self, content: torch.Tensor, d: int, hidden: int, dropout: float, id_dropout: float
    ) -> None:
        super().__init__()
        n_items, n_columns = content.shape
        self.register_buffer("content", content, persistent=False)
        self.ids = nn.Parameter(0.05 * torch.randn(n_items, d))
        self.id_bias = nn.Parameter(torch.zeros(n_items))
        self.of_content = nn.Linear(n_columns, d + 1)
        self.history_ids = nn.Parameter(0.05 * torch.randn(n_items, d))
        self.history_content = nn.Linear(n_columns, d, bias=False)
        self.first = nn.Linear(N_POOLS * d + N_NUMBERS, hidden)
        self.second = nn.Linear(hidden, d)
        self.dropout, self.id_dropout = nn.Dropout(dropout), id_dropout

    def items(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Vectors (n_items, d) and biases (n_items,) of all items."""
        content = self.of_content(self.content)
        kept = torch.ones_like(self.id_bias)
        if self.training and self.id_dropout:
            kept = (torch.rand_like(kept) >= self.id_dropout).float()
        return self.ids * kept[:, None] + content[:, :-1], self.id_bias * kept + content[:, -1]

    def inputs(self) -> torch.Tensor:
        """Return what each item says when it stands in a history, shape (n_items, d)."""
        return self.history_ids + self.history_content(self.content)

    def people(
        self, items: torch.Tensor, pools: torch.Tensor, numbers: torch.Tensor
    ) -> torch.Tensor:
        """Vectors of shape (n, d) from the means that ``pools`` weigh and the numbers beside them.

        ``items`` is of shape (n, length), ``pools`` (n, 3, length), ``numbers`` (n, 3).
        """
        means = pools @ self.inputs()[items.clamp(min=0)]
        read = torch.cat([means.flatten(1), numbers], dim=1)
        return self.second(self.dropout(torch.relu(self.first(self.dropout(read)))))
