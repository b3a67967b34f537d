"""Learning two towers: which item of a batch is liked next, whatever its popularity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.pipeline.neural.held_back import HeldBack, held_back
from engine.pipeline.neural.sequences import last_sequences
from engine.pipeline.neural.settings import TowerConfig
from engine.pipeline.neural.tower_net import TowerNet
from engine.pipeline.neural.towers import item_content, pool_weights
from engine.pipeline.neural.training import Schedule, Trained, seeded, train
from engine.pipeline.neural.weights import Weights
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories, entry_rows

__all__ = ["Likes", "batch_softmax", "fresh_towers", "learn_towers", "read_people"]


def batch_softmax(
    people: torch.Tensor,
    items: torch.Tensor,
    bias: torch.Tensor,
    target: torch.Tensor,
    log_share: torch.Tensor,
) -> torch.Tensor:
    """Cross-entropy of each person's item among the batch's, as if all items were as frequent.

    ``u·v + b − log q`` with ``q`` the item's share of all targets, for a batch holds popular items
    more often than others; another person's item that is the person's own too is left out.

    Parameters
    ----------
    people : float tensor of shape (n, d)
    items, bias : float tensors of shapes (n_items, d) and (n_items,)
    target : int64 tensor of shape (n,)
    log_share : float tensor of shape (n_items,)

    Source
    ------
    Yi et al., "Sampling-bias-corrected neural modeling for large corpus item recommendations",
    RecSys 2019, equations 4 and 5; with exact shares in place of streaming ones.
    """
    logits = people @ items[target].T + (bias - log_share)[target]
    is_same = target[:, None] == target[None, :]
    is_own = torch.eye(len(target), dtype=torch.bool, device=target.device)
    logits = logits.masked_fill(is_same & ~is_own, -1e9)
    return functional.cross_entropy(logits, torch.arange(len(target), device=target.device))


class Likes:
    """Every like with what came before it: one example each."""

    def __init__(self, histories: Histories, length: int, ahead: int) -> None:
        self.histories, self.length = histories, length
        self.places = np.flatnonzero(histories.is_liked)
        owner = entry_rows(histories.seen)[self.places]
        self.begins = histories.seen.indptr[:-1][owner]
        left = histories.liked.indptr[1:][owner] - np.arange(len(self.places))
        self.n_next = np.minimum(left, ahead)

    def __len__(self) -> int:
        """Count the likes."""
        return len(self.places)

    def before(self, rows: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Items, PAD before them, and whether liked, up to and without each like: (n, length)."""
        places = self.places[rows][:, None] - self.length + np.arange(self.length)
        is_there = places >= self.begins[rows][:, None]
        places = np.where(is_there, places, 0)
        items = np.where(is_there, self.histories.seen.indices[places], PAD)
        return items, np.where(is_there, self.histories.is_liked[places], 0)

    def drawn(self, rows: NDArray[np.int64], chance: NDArray[Any]) -> NDArray[np.int32]:
        """One of the next likes from each one on; ``chance`` in [0, 1) says which."""
        step = (chance * self.n_next[rows]).astype(np.int64)
        return self.histories.liked.indices[rows + step]


def fresh_towers(
    audience: Histories, catalogue: Catalogue, config: TowerConfig, d: int
) -> TowerNet:
    """Make towers of ``d``; an item that nobody met is known by its content alone."""
    content = torch.from_numpy(item_content(catalogue))
    net = TowerNet(content, d, config.hidden, config.dropout, config.id_dropout)
    is_met = torch.from_numpy(audience.popularity > 0)
    with torch.no_grad():
        net.ids[~is_met], net.history_ids[~is_met] = 0.0, 0.0
    return net


def learn_towers(
    audience: Histories, catalogue: Catalogue, config: TowerConfig, seed: int
) -> tuple[Weights, Trained]:
    """Learn on ``audience``; return what serves (vectors of all items, the person's tower).

    Returns
    -------
    weights : dict of str to float32 array
        ``items`` (n_items, d), ``bias`` (n_items,), ``inputs`` (n_items, d) and two layers.
    trained : Trained
    """
    kept = held_back(audience)
    likes = Likes(kept.known, config.length, config.ahead)
    with seeded(seed, config.threads) as device:
        net = fresh_towers(audience, catalogue, config, config.factors).to(device)
        share = np.bincount(kept.known.liked.indices, minlength=audience.n_items) + 1.0
        log_share = torch.from_numpy(np.log(share / share.sum()).astype(np.float32)).to(device)

        def loss(rows: torch.Tensor) -> torch.Tensor:
            at = rows.cpu().numpy()
            target = torch.from_numpy(likes.drawn(at, torch.rand(len(at)).numpy()))
            people = net.people(*read_people(likes.before(at), device))
            items, bias = net.items()
            return batch_softmax(people, items, bias, target.long().to(device), log_share)

        trained = train(
            net,
            loss,
            len(likes),
            Schedule.of(config),
            seed=seed,
            name="The two towers",
            figure=_figure(net, kept, config.length, device) if kept.n_people else None,
        )
        with torch.no_grad():
            items, bias = net.items()
            weights = {
                "items": items.numpy(),
                "bias": bias.numpy(),
                "inputs": net.inputs().numpy(),
                **{n: w for n, w in trained.weights.items() if n.startswith(("first", "second"))},
            }
    return weights, trained


def read_people(
    history: tuple[NDArray[Any], NDArray[Any]], device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Put histories, as :meth:`Likes.before` lays them out, into what a person's tower reads."""
    columns = (history[0].astype(np.int64), *pool_weights(*history))
    items, pools, numbers = (torch.from_numpy(one).to(device) for one in columns)
    return items, pools, numbers


def _figure(
    net: TowerNet, kept: HeldBack, length: int, device: torch.device
) -> Callable[[], float]:
    read = read_people(last_sequences(kept.asked, length), device)

    def figure() -> float:
        items, bias = net.items()
        return kept.ndcg((net.people(*read) @ items.T + bias).cpu().numpy())

    return figure
