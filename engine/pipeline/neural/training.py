"""One way to learn for every network: batches, early stopping, seeds, progress, refusals."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import torch
from torch import nn

from engine.errors import DataError
from engine.pipeline.neural.weights import Weights, put_weights, weights_of
from engine.progress import told
from engine.threads import thread_count

__all__ = ["Schedule", "Trained", "learning_device", "seeded", "train"]


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to learn.

    Parameters
    ----------
    epochs : int
        At most so many.
    batch : int
        Examples of one step.
    rate : float
        Of Adam.
    decay : float
        Of weights (AdamW).
    patience : int
        Ends after so many looks at the figure without a better one.
    look_every : int
        Epochs between two looks.
    clip : float
        Longest gradient; longer ones are shortened.
    falls : bool
        Whether the rate rises over the first steps and then falls to 0 by the last epoch, along a
        cosine.
    threads : int
        0 takes :func:`engine.threads.thread_count`; the same seed gives the same weights
        with 1.
    """

    epochs: int = 100
    batch: int = 128
    rate: float = 1e-3
    decay: float = 0.0
    patience: int = 5
    look_every: int = 1
    clip: float = 5.0
    falls: bool = False
    threads: int = 0

    @classmethod
    def of(cls, config: object, **more: Any) -> Self:
        """Take what a stage's settings say of learning, by name; ``more`` goes before it."""
        named = (one.name for one in fields(cls) if hasattr(config, one.name))
        return cls(**{**{name: getattr(config, name) for name in named}, **more})


@dataclass(frozen=True, eq=False)
class Trained:
    """What learning came to; the network holds ``weights``, in evaluation mode, on the CPU.

    Attributes
    ----------
    weights : dict of str to float32 array
        The best ones seen; the last ones without a figure.
    epochs : int
        After which they were so.
    losses : tuple of float
        Mean of each epoch.
    figures : tuple of float
        Of each look.
    best : float
        The best of these; NaN without a figure.
    seconds : float
    """

    weights: Weights
    epochs: int
    losses: tuple[float, ...]
    figures: tuple[float, ...]
    best: float
    seconds: float

    @property
    def said(self) -> str:
        """How it went, for people."""
        return f"best after {self.epochs} of {len(self.losses)} epochs"


def learning_device() -> torch.device:
    """Return the GPU where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@contextmanager
def seeded(seed: int, threads: int = 0) -> Iterator[torch.device]:
    """Seed PyTorch and set its threads within; what was before is put back, whatever happens.

    Networks are to be made within, for their first weights are drawn. Yields
    :func:`learning_device`.
    """
    before, device = torch.get_num_threads(), learning_device()
    with torch.random.fork_rng(enabled=True):
        torch.manual_seed(seed)
        torch.set_num_threads(threads or thread_count())
        try:
            yield device
        finally:
            torch.set_num_threads(before)


def train(
    model: nn.Module,
    loss: Callable[[torch.Tensor], torch.Tensor],
    n_examples: int,
    schedule: Schedule,
    *,
    seed: int,
    name: str,
    figure: Callable[[], float] | None = None,
) -> Trained:
    """Minimise ``loss`` over examples, and keep the weights with the best figure.

    Call it within :func:`seeded`, with the network and all that ``loss`` touches on the device.
    Progress goes to :func:`engine.progress.told`; a listener that raises stops it.

    Parameters
    ----------
    model : Module
        In training mode while ``loss`` is called, in evaluation mode for ``figure``.
    loss : callable
        Takes the numbers of a batch's examples, an int64 tensor on the device, and returns the
        batch's mean loss.
    n_examples : int
    schedule : Schedule
    seed : int
        Of the order of examples.
    name : str
        Of what is learned, for people.
    figure : callable, optional
        Larger is better; to be measured on what no example holds. Called without gradients.

    Raises
    ------
    DataError
        A loss or a figure is not finite, or there is no example.
    """
    if n_examples < 1:
        raise DataError(f"{name} has nothing to learn from: no example is left; leave it out.")
    begun = time.perf_counter()
    device = next(model.parameters()).device
    optimiser = torch.optim.AdamW(model.parameters(), lr=schedule.rate, weight_decay=schedule.decay)
    rng = np.random.default_rng(seed)
    best: tuple[float, int, Weights] = (-math.inf, 0, {})
    losses: list[float] = []
    figures: list[float] = []
    n_without = 0
    for epoch in range(1, schedule.epochs + 1):
        order = torch.from_numpy(rng.permutation(n_examples)).to(device)
        losses.append(_epoch(model, loss, order, optimiser, schedule, (epoch, name)))
        if figure is None or epoch % schedule.look_every:
            continue
        reached = _look(model, figure, (epoch, name))
        figures.append(reached)
        n_without += 1
        if reached > best[0]:
            best, n_without = (reached, epoch, weights_of(model)), 0
        if n_without >= schedule.patience:
            break
    told(1.0)
    if not figures:
        best = (math.nan, len(losses), weights_of(model))
    put_weights(model.cpu().eval(), best[2])
    spent = time.perf_counter() - begun
    return Trained(best[2], best[1], tuple(losses), tuple(figures), best[0], spent)


RISING = 100
"""Steps over which a rate that falls rises first."""


def _share_of_rate(done: float, step: int) -> float:
    """How much of the rate a step has, ``done`` in [0, 1] of the way, that falls."""
    return 0.5 * (1 + math.cos(math.pi * done)) * min(1.0, (step + 1) / RISING)


def _epoch(
    model: nn.Module,
    loss: Callable[[torch.Tensor], torch.Tensor],
    order: torch.Tensor,
    optimiser: Any,
    schedule: Schedule,
    at: tuple[int, str],
) -> float:
    model.train()
    total = 0.0
    for start in range(0, len(order), schedule.batch):
        done = (at[0] - 1 + start / len(order)) / schedule.epochs
        told(done)
        if schedule.falls:
            step = (at[0] - 1) * math.ceil(len(order) / schedule.batch) + start // schedule.batch
            for group in optimiser.param_groups:
                group["lr"] = schedule.rate * _share_of_rate(done, step)
        batch = order[start : start + schedule.batch]
        optimiser.zero_grad(set_to_none=True)
        value = loss(batch)
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), schedule.clip)
        optimiser.step()
        total += _number(value.item(), "loss", at) * len(batch)
    return total / len(order)


def _look(model: nn.Module, figure: Callable[[], float], at: tuple[int, str]) -> float:
    model.eval()
    with torch.no_grad():
        return _number(figure(), "figure", at)


def _number(value: float, what: str, at: tuple[int, str]) -> float:
    if not math.isfinite(value):
        raise DataError(
            f"{at[1]} was stopped in epoch {at[0]}: its {what} is {value}, not a finite number; "
            "learn with a lower rate, or leave it out. Nothing was changed."
        )
    return float(value)
