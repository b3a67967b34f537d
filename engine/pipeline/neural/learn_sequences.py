"""Learning SASRec: at each place of a history, what is liked in the steps after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as functional

from engine.arrays import PAD
from engine.pipeline.neural.gru_net import GruNet
from engine.pipeline.neural.held_back import HeldBack, held_back
from engine.pipeline.neural.sampled_softmax import sampled_softmax
from engine.pipeline.neural.sequence_net import SequenceNet
from engine.pipeline.neural.sequences import last_sequences
from engine.pipeline.neural.settings import SequenceConfig
from engine.pipeline.neural.training import Schedule, Trained, seeded, train
from engine.pipeline.retrieval.histories import Histories, entry_rows

__all__ = ["attention_net", "learn_sequences", "recurrent_net"]


@dataclass(frozen=True, eq=False)
class Windows:
    """Pieces of histories, ``length`` interactions each: all that a like came after, each once.

    A history is asked at its last place, so its last piece ends right before its last like: the
    last column is learned from like the others.

    Attributes
    ----------
    items, liked : int64 tensors of shape (n_windows, length)
    first_next : int64 tensor of shape (n_windows, length)
        Where, among ``likes``, the likes after each place begin.
    n_next : int64 tensor of shape (n_windows, length)
        How many there are, at most ``ahead``; 0 where padded.
    likes : int64 tensor
        Everybody's liked items, one person after another.
    """

    items: torch.Tensor
    liked: torch.Tensor
    first_next: torch.Tensor
    n_next: torch.Tensor
    likes: torch.Tensor

    @classmethod
    def of(cls, histories: Histories, length: int, ahead: int, device: torch.device) -> Windows:
        """Cut histories from their ends."""
        begins = histories.seen.indptr[:-1]
        ends = begins.copy()  # of what is learned from: before the last like
        np.maximum.at(
            ends, entry_rows(histories.seen)[histories.is_liked], np.flatnonzero(histories.is_liked)
        )
        n_windows = -(-(ends - begins) // length)
        owner = np.repeat(np.arange(len(begins)), n_windows)
        number = np.arange(len(owner)) - np.repeat(np.cumsum(n_windows) - n_windows, n_windows)
        stop = ends[owner] - number * length
        places = stop[:, None] - length + np.arange(length)
        is_there = places >= begins[owner][:, None]
        places = np.where(is_there, places, 0)
        upto = np.cumsum(histories.is_liked)[places]  # likes of everybody up to this one
        left = histories.liked.indptr[1:][owner][:, None] - upto
        columns = (
            np.where(is_there, histories.seen.indices[places], PAD),
            np.where(is_there, histories.is_liked[places], 0),
            upto,
            np.where(is_there, np.clip(left, 0, ahead), 0),
            histories.liked.indices,
        )
        return cls(*(torch.from_numpy(one.astype(np.int64)).to(device) for one in columns))

    def __len__(self) -> int:
        """Count the windows."""
        return len(self.items)

    def drawn(self, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Draw one of the next likes for each place of some windows; False where there is none."""
        n = self.n_next[rows]
        step = (torch.rand(n.shape, device=n.device) * n).long().clamp(max=(n - 1).clamp(min=0))
        at = (self.first_next[rows] + step).clamp(max=len(self.likes) - 1)
        return self.likes[at], n > 0


def attention_net(n_items: int, config: SequenceConfig) -> SequenceNet:
    """Make the network of SASRec."""
    sizes = (config.length, config.factors, config.blocks, config.heads)
    return SequenceNet(n_items, *sizes, config.dropout)


def recurrent_net(n_items: int, config: SequenceConfig) -> GruNet:
    """Make the network of GRU4Rec."""
    return GruNet(n_items, config.factors, config.dropout)


def learn_sequences(
    audience: Histories,
    config: SequenceConfig,
    seed: int,
    make: Callable[[int, SequenceConfig], SequenceNet | GruNet] = attention_net,
) -> Trained:
    """Learn on ``audience``; some people's last likes are held back to say when to stop.

    The loss is the softmax cross-entropy over the items that anybody met, whole or sampled; for
    every place one of the next ``ahead`` likes is drawn anew in each epoch.

    Source
    ------
    Klenitskiy, Vasilev, "Turning dross into gold loss: is BERT4Rec really better than SASRec?",
    RecSys 2023: with this loss in place of one negative an item, SASRec is as good or better.
    """
    kept = held_back(audience)
    with seeded(seed, config.threads) as device:
        net = make(audience.n_items, config).to(device)
        windows = Windows.of(kept.known, config.length, config.ahead, device)
        known = torch.from_numpy(np.flatnonzero(audience.popularity)).to(device)
        return train(
            net,
            lambda rows: _loss(net, windows, rows, known, config.negatives),
            len(windows),
            Schedule.of(config, look_every=2),
            seed=seed,
            name="SASRec" if make is attention_net else "GRU4Rec",
            figure=_figure(net, kept, config.length, device) if kept.n_people else None,
        )


def _loss(
    net: SequenceNet | GruNet,
    windows: Windows,
    rows: torch.Tensor,
    known: torch.Tensor,
    n_negatives: int,
) -> torch.Tensor:
    target, is_there = windows.drawn(rows)
    if not is_there.any():
        return 0.0 * net.bias.sum()
    vectors = net(windows.items[rows], windows.liked[rows])[is_there]
    if n_negatives and 2 * n_negatives < len(known):
        return sampled_softmax(vectors, net.items, net.bias, target[is_there], known, n_negatives)
    place = torch.full((len(net.bias),), -1, device=known.device)
    place[known] = torch.arange(len(known), device=known.device)
    logits = vectors @ net.items[known].T + net.bias[known]
    return functional.cross_entropy(logits, place[target[is_there]])


def _figure(
    net: SequenceNet | GruNet, kept: HeldBack, length: int, device: torch.device
) -> Callable[[], float]:
    items, liked = (
        torch.from_numpy(one.astype(np.int64)).to(device)
        for one in last_sequences(kept.asked, length)
    )

    def figure() -> float:
        vectors = net(items, liked)[:, -1]
        return kept.ndcg((vectors @ net.items.T + net.bias).cpu().numpy())

    return figure
