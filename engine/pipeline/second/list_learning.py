"""How every model over lists learns: softmax over the list, several members, early stopping."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine.pipeline.neural.over_candidates import held_out_by
from engine.pipeline.neural.training import Schedule, seeded, train
from engine.pipeline.neural.weights import Weights
from engine.pipeline.second.stage import ListSet, SecondConfig
from engine.progress import part

__all__ = ["learned_members", "list_loss"]


def list_loss(
    logits: torch.Tensor, is_candidate: torch.Tensor, is_label: torch.Tensor
) -> torch.Tensor:
    """Return the mean over lists of ``-Σ log P(label)``, P the softmax over the list.

    Source
    ------
    Pei et al., RecSys 2019, equation 8.
    """
    chance = logits.masked_fill(~is_candidate, -torch.inf).log_softmax(dim=1)
    return -torch.where(is_label, chance, 0.0).sum() / len(logits)


def learned_members(
    make: Callable[[np.random.Generator], nn.Module],
    inputs: NDArray[np.float32],
    lists: ListSet,
    is_label: NDArray[np.bool_],
    config: SecondConfig,
    seed: int,
    *,
    name: str,
) -> tuple[Weights, ...]:
    """Learn ``config.members`` networks from lists with a label; the same seed, the same weights.

    Parameters
    ----------
    make : callable
        Draws a network, which maps ``(inputs, is_candidate)`` to logits, by a generator.
    inputs : float32 array of shape (n_people, n, n_inputs)
    lists : ListSet
        A member stops early on whole people: all lists of one are learned from, or none.
    is_label : bool array of shape (n_people, n)
    config : SecondConfig
    seed : int
    name : str
        For people.
    """
    is_candidate = lists.is_candidate
    taught = np.flatnonzero((is_label & is_candidate).any(axis=1))
    schedule = Schedule.of(config, threads=1)
    order = _order_of_people(lists, taught, np.random.default_rng((seed, 0)))
    members = []
    for member in range(config.members):
        is_held = held_out_by(order, member)
        learner = _Learner(inputs, is_candidate, is_label, taught[~is_held], taught[is_held])
        span = part(member / config.members, (member + 1) / config.members)
        with span, seeded(seed * 1000 + member, threads=1) as device:
            model = make(np.random.default_rng((seed, member, 1))).to(device)
            learner.put(model, device)
            found = train(
                model,
                learner.loss,
                len(taught) - int(is_held.sum()),
                schedule,
                seed=seed * 1000 + member,
                name=name,
                figure=learner.figure if is_held.any() else None,
            )
        members.append(found.weights)
    return tuple(members)


def _order_of_people(
    lists: ListSet, taught: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Give each list a place in an order drawn of people; lists of one person share theirs.

    Somebody's lists hold the same items: a network that is looked at on one while it learns from
    another is praised for what it remembers of the person.
    """
    if lists.whose is None:
        return rng.permutation(len(taught))
    people, of = np.unique(lists.whose[taught], return_inverse=True)
    return rng.permutation(len(people))[of]


class _Learner:
    """A network with the lists that it learns from and those that it is looked at on."""

    def __init__(
        self,
        inputs: NDArray[np.float32],
        is_candidate: NDArray[np.bool_],
        is_label: NDArray[np.bool_],
        taught: NDArray[np.int64],
        held: NDArray[np.int64],
    ) -> None:
        arrays = (inputs, is_candidate, is_label & is_candidate)
        self.taught = tuple(torch.from_numpy(np.ascontiguousarray(a[taught])) for a in arrays)
        self.held = tuple(torch.from_numpy(np.ascontiguousarray(a[held])) for a in arrays)

    def put(self, model: nn.Module, device: torch.device) -> None:
        """Bring everything to the device."""
        self.model = model
        self.taught = tuple(part.to(device) for part in self.taught)
        self.held = tuple(part.to(device) for part in self.held)

    def loss(self, batch: torch.Tensor) -> torch.Tensor:
        """Return the loss of a batch of lists."""
        inputs, is_candidate, is_label = (part[batch] for part in self.taught)
        return list_loss(self.model(inputs, is_candidate), is_candidate, is_label)

    def figure(self) -> float:
        """Return how likely the labels of the people held out are: less the loss."""
        inputs, is_candidate, is_label = self.held
        return -float(list_loss(self.model(inputs, is_candidate), is_candidate, is_label))
