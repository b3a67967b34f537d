"""Learning NeuMF: what is liked next is told from items drawn by chance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray

from engine.pipeline.neural.held_back import HeldBack, held_back
from engine.pipeline.neural.learn_towers import Likes, fresh_towers, read_people
from engine.pipeline.neural.neumf_net import NeuMfNet
from engine.pipeline.neural.sequences import last_sequences
from engine.pipeline.neural.settings import NeuMfConfig
from engine.pipeline.neural.training import Schedule, Trained, seeded, train
from engine.pipeline.neural.weights import Weights
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories

__all__ = ["learn_neumf", "serving_weights"]

BLOCK = 64
"""People who are scored together to say when it is enough."""


def serving_weights(net: NeuMfNet) -> tuple[NDArray[np.float32], Weights]:
    """Part a network into items to be held against, (n_items, d + h + 1), and what reads people."""
    with torch.no_grad():
        vectors, bias = net.towers.items()
        layers = net.of_item(vectors[:, net.d :])
        items = torch.cat([vectors[:, : net.d], layers, bias[:, None]], dim=1).numpy()
        weights = {
            "inputs": net.towers.inputs().numpy(),
            "of_person.weight": net.of_person.weight.numpy(),
            "of_person.bias": net.of_person.bias.numpy(),
            "layer": net.layer.weight.numpy(),
            "layer_bias": net.layer.bias.numpy(),
            "out": net.out.weight[0].numpy(),
        }
        for name in ("first", "second"):
            layer = getattr(net.towers, name)
            weights |= {
                f"{name}.weight": layer.weight.numpy(),
                f"{name}.bias": layer.bias.numpy(),
            }
    return items, {name: values.copy() for name, values in weights.items()}


def learn_neumf(
    audience: Histories, catalogue: Catalogue, config: NeuMfConfig, seed: int
) -> tuple[NDArray[np.float32], Weights, Trained]:
    """Learn on ``audience``; return items, the weights that serve, and how it went.

    Each like is to be told from ``negatives`` items that anybody met, drawn anew in every epoch,
    by the log-loss of each, as in the paper.
    """
    kept = held_back(audience)
    likes = Likes(kept.known, config.length, config.ahead)
    with seeded(seed, config.threads) as device:
        towers = fresh_towers(audience, catalogue, config, 2 * config.factors)
        net = NeuMfNet(towers, config.factors).to(device)
        met = torch.from_numpy(np.flatnonzero(audience.popularity)).to(device)

        def loss(rows: torch.Tensor) -> torch.Tensor:
            at = rows.cpu().numpy()
            target = torch.from_numpy(likes.drawn(at, torch.rand(len(at)).numpy())).long()
            drawn = met[torch.randint(len(met), (len(at), config.negatives), device=device)]
            asked = torch.cat([target.to(device)[:, None], drawn], dim=1)
            people = net.towers.people(*read_people(likes.before(at), device))
            vectors, bias = net.towers.items()
            logits = net(people, vectors[asked], bias[asked])
            goal = torch.zeros_like(logits)
            goal[:, 0] = 1.0
            is_same = asked == asked[:, :1]
            counts = ~is_same | (goal > 0)
            losses = functional.binary_cross_entropy_with_logits(logits, goal, reduction="none")
            return (losses * counts).sum() / len(at)

        trained = train(
            net,
            loss,
            len(likes),
            Schedule.of(config),
            seed=seed,
            name="NeuMF",
            figure=_figure(net, kept, config.length, device) if kept.n_people else None,
        )
        items, weights = serving_weights(net)
    return items, weights, trained


def _figure(
    net: NeuMfNet, kept: HeldBack, length: int, device: torch.device
) -> Callable[[], float]:
    read = read_people(last_sequences(kept.asked, length), device)

    def figure() -> float:
        people = net.towers.people(*read)
        items, bias = net.towers.items()
        blocks = [net(some, items, bias) for some in people.split(BLOCK)]
        return kept.ndcg(torch.cat(blocks).cpu().numpy())

    return figure
