"""Learning LightGCN: some of a person's likes are told from the others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from engine.pipeline.neural.graph_net import GraphNet
from engine.pipeline.neural.held_back import HeldBack, held_back
from engine.pipeline.neural.settings import GraphConfig
from engine.pipeline.neural.tensors import last_items
from engine.pipeline.neural.training import Schedule, Trained, seeded, train
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.lightgcn import pooled

__all__ = ["learn_graph", "told_apart"]

Floats = NDArray[np.float32]


def told_apart(
    items: torch.Tensor,
    inputs: torch.Tensor,
    vectors: torch.Tensor,
    bias: torch.Tensor,
    held: float,
) -> torch.Tensor:
    """Cross-entropy of held likes over the catalogue, by the likes that are left; mean of people.

    Which are held is drawn anew at each call; items that are left have no part in the softmax.

    Parameters
    ----------
    items : int64 tensor of shape (n_people, length)
        Likes, -1 where padded.
    inputs, vectors : float tensors of shape (n_items, d)
    bias : float tensor of shape (n_items,)
    held : float

    Source
    ------
    Liang et al., "Variational autoencoders for collaborative filtering", WWW 2018, equation 2: the
    multinomial likelihood in place of pairs; held edges as in Wang et al., "NGCF", SIGIR 2019.
    """
    is_there = items >= 0
    is_held = is_there & (torch.rand(items.shape, device=items.device) < held)
    is_left = is_there & ~is_held
    at = items.clamp(min=0)
    said = inputs[at] * is_left[..., None]
    people = said.sum(dim=1) / is_left.sum(dim=1, keepdim=True).clamp(min=1).sqrt()
    logits = people @ vectors.T + bias
    known = torch.zeros_like(logits).scatter_add(1, at, is_left.float()) > 0
    chance = logits.masked_fill(known, -1e9).log_softmax(dim=1).gather(1, at)
    n_held = is_held.sum(dim=1)
    of_person = -(chance * is_held).sum(dim=1) / n_held.clamp(min=1)
    counts = ((n_held > 0) & is_left.any(dim=1)).float()
    return (of_person * counts).sum() / counts.sum().clamp(min=1)


def learn_graph(
    audience: Histories, config: GraphConfig, seed: int
) -> tuple[Floats, Floats, Floats, Trained]:
    """Learn on what ``audience`` liked; return vectors, biases and inputs of items.

    Returns
    -------
    vectors : float32 array of shape (n_items, d)
    bias : float32 array of shape (n_items,)
    inputs : float32 array of shape (n_items, d)
        Zero, like the vectors, for items that nobody liked.
    trained : Trained
    """
    kept = held_back(audience)
    likes = kept.known.likes
    able = np.flatnonzero(np.diff(likes.indptr) > 1)
    rows = last_items(kept.known.liked, config.length)[able].astype(np.int64)
    with seeded(seed, config.threads) as device:
        net = GraphNet(likes, config.factors, config.layers)
        is_met = torch.from_numpy(np.bincount(likes.indices, minlength=likes.shape[1]) > 0)
        with torch.no_grad():
            net.ids[~is_met] = 0.0
        net = net.to(device)
        items, people = (torch.from_numpy(one).to(device) for one in (rows, able))

        def loss(batch: torch.Tensor) -> torch.Tensor:
            vectors, inputs = net(people[batch])
            return told_apart(items[batch], inputs, vectors, net.bias, config.held)

        trained = train(
            net,
            loss,
            len(rows),
            Schedule.of(config, look_every=3),
            seed=seed,
            name="LightGCN",
            figure=_figure(net, kept) if kept.n_people else None,
        )
        whole = GraphNet(audience.likes, config.factors, config.layers)
        with torch.no_grad():
            whole.ids.copy_(net.ids)
            vectors, inputs = whole()
    n_likes = np.bincount(audience.liked.indices, minlength=audience.n_items)
    is_known = (n_likes > 0)[:, None]
    found = (np.where(is_known, one.numpy(), 0).astype(np.float32) for one in (vectors, inputs))
    items_found, inputs_found = found
    return items_found, trained.weights["bias"], inputs_found, trained


def _figure(net: GraphNet, kept: HeldBack) -> Callable[[], float]:
    likes = kept.asked.likes

    def figure() -> float:
        vectors, inputs = (one.cpu().numpy() for one in net())
        people = pooled(likes, inputs)
        return kept.ndcg(people @ vectors.T + net.bias.detach().cpu().numpy())

    return figure
