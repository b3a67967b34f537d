"""The network of LightGCN without vectors of people, for learning."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import torch
from torch import nn

__all__ = ["GraphNet"]


class GraphNet(nn.Module):
    """Items have vectors; people begin at zero, so everything that they are comes from their likes.

    With ``Â`` the normalised likes and an item's vector ``e``, steps from people to items and back
    make ``e``, ``ÂᵀÂ e``, …; items are the mean of these, people ``Â`` times the same mean: linear
    in a history, so that somebody new is read like everybody. Biases begin at the log of the likes,
    so that vectors need not tell what is popular.

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
        self.shape = likes.shape
        self.ids = nn.Parameter(0.1 * torch.randn(likes.shape[1], d))
        n_likes = np.bincount(likes.indices, minlength=likes.shape[1])
        self.bias = nn.Parameter(torch.from_numpy(np.log1p(n_likes).astype(np.float32)))
        edges = likes.tocsr().sorted_indices().tocoo()
        there = torch.from_numpy(np.stack([edges.row, edges.col]).astype(np.int64))
        turned = torch.from_numpy(np.lexsort((edges.row, edges.col)))
        self.register_buffer("there", there, persistent=False)
        self.register_buffer("turned", turned, persistent=False)
        self.rounds = (layers - 1) // 2

    def forward(self, out: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """Vectors of items, and what an item tells of a person who liked it: (n_items, d) each.

        Parameters
        ----------
        out : int64 tensor, optional
            People whose likes are no part of the graph. Those who are learned from have to be: an
            item that they like would else be told by itself, which nobody new can be told by.
        """
        n_people, n_items = self.shape
        person, item = self.there
        is_in = torch.ones(n_people, device=person.device)
        if out is not None:
            is_in[out] = 0.0
        weight = is_in[person]
        of_person = torch.bincount(person, minlength=n_people).clamp(min=1).rsqrt()
        n_likes = torch.zeros(n_items, device=person.device).index_add(0, item, weight)
        of_item = n_likes.clamp(min=1).rsqrt()
        step = total = self.ids
        if self.rounds:
            values = weight * of_person[person] * of_item[item]
            there = self._sparse(self.there, values, (n_people, n_items))
            turned = self.there.flip(0)[:, self.turned]
            back = self._sparse(turned, values[self.turned], (n_items, n_people))
            for _ in range(self.rounds):
                step = torch.sparse.mm(back, torch.sparse.mm(there, step))
                total = total + step
        mean = total / (1 + self.rounds)
        return mean, mean * of_item[:, None]

    @staticmethod
    def _sparse(places: torch.Tensor, values: torch.Tensor, shape: tuple[int, int]) -> torch.Tensor:
        return torch.sparse_coo_tensor(
            places, values, shape, is_coalesced=True, check_invariants=False
        )
