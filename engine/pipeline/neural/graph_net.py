"""The network of LightGCN without vectors of people, for learning."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import torch
from torch import nn

__all__ = ["GraphNet", "normalised"]


def normalised(likes: sp.csr_matrix) -> sp.csr_matrix:
    """Divide each like by the roots of both degrees, ``1 / √(n_person · n_item)``."""
    of_person = 1 / np.sqrt(np.maximum(np.diff(likes.indptr), 1))
    of_item = 1 / np.sqrt(np.maximum(np.bincount(likes.indices, minlength=likes.shape[1]), 1))
    return sp.csr_matrix(sp.diags(of_person) @ likes @ sp.diags(of_item), dtype=np.float32)


class GraphNet(nn.Module):
    """Items have vectors; people begin at zero, so everything that they are comes from their likes.

    With ``Â`` the normalised likes and an item's vector ``e``, steps from people to items and back
    make ``e``, ``ÂᵀÂ e``, …; items are the mean of these, people ``Â`` times the same mean: linear
    in a history, so that somebody new is read like everybody.

    Parameters
    ----------
    likes : sparse matrix of shape (n_people, n_items)
    d, layers : int

    Source
    ------
    He et al., "LightGCN", SIGIR 2020, equations 3 and 4, with vectors of people that begin at zero.
    """

    def __init__(self, likes: sp.csr_matrix, d: int, layers: int) -> None:
        super().__init__()
        n_items = likes.shape[1]
        self.ids = nn.Parameter(0.1 * torch.randn(n_items, d))
        self.bias = nn.Parameter(torch.zeros(n_items))
        graph = normalised(likes).tocoo()
        places = torch.from_numpy(np.stack([graph.row, graph.col]).astype(np.int64))
        values = torch.from_numpy(graph.data.astype(np.float32))
        there = torch.sparse_coo_tensor(places, values, graph.shape, check_invariants=False)
        back = torch.sparse_coo_tensor(
            places.flip(0), values, graph.shape[::-1], check_invariants=False
        )
        self.register_buffer("there", there.coalesce(), persistent=False)
        self.register_buffer("back", back.coalesce(), persistent=False)
        n_likes = np.bincount(likes.indices, minlength=n_items)
        of_item = 1 / np.sqrt(np.maximum(n_likes, 1))
        self.register_buffer("of_item", torch.from_numpy(of_item.astype(np.float32)), False)
        self.rounds = (layers - 1) // 2

    def forward(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Vectors of items, and what an item tells of a person who liked it: (n_items, d) each."""
        step = total = self.ids
        for _ in range(self.rounds):
            step = torch.sparse.mm(self.back, torch.sparse.mm(self.there, step))
            total = total + step
        mean = total / (1 + self.rounds)
        return mean, mean * self.of_item[:, None]
