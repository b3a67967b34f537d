"""Settings of the networks that learn sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["GraphConfig", "NeuMfConfig", "SequenceConfig", "TowerConfig"]


def _check_network(config: Any, sizes: Sequence[str]) -> None:
    for name in sizes:
        if getattr(config, name) < 1:
            raise ValueError(f"`{name}` must be 1 or more; got {getattr(config, name)}.")
    for name in ("dropout", "id_dropout"):
        if not 0 <= getattr(config, name, 0.0) < 1:
            raise ValueError(f"`{name}` must be in [0, 1); got {getattr(config, name)}.")
    if not 0 < config.rate <= 1:
        raise ValueError(f"`rate` must be above 0 and at most 1; got {config.rate}.")


@dataclass(frozen=True)
class SequenceConfig:
    """Settings of the sequence models; the defaults were tuned on the labels of MovieLens 100K.

    Parameters
    ----------
    factors : int
    length : int
        How many of the last interactions speak.
    blocks, heads : int
        Of self-attention.
    dropout : float in [0, 1)
    ahead : int
        One of so many next likes is to be told, drawn anew for each place in every epoch.
    negatives : int
        Where there are more than twice as many items, the softmax is over so many, drawn for each
        batch; else over all, as it is with 0. On MovieLens 100K all gave an NDCG@10 of .183 on the
        labels, 512 drawn ones .139 after as many epochs.
    epochs, batch, patience : int
        See :class:`engine.pipeline.neural.training.Schedule`.
    rate : float
    members : int
        Networks that differ by their seeds, whose scores add up.
    threads : int
        0 takes the pipeline's.
    """

    factors: int = 64
    length: int = 50
    blocks: int = 1
    heads: int = 1
    dropout: float = 0.3
    ahead: int = 1
    negatives: int = 2048
    epochs: int = 12
    batch: int = 64
    patience: int = 2
    rate: float = 3e-3
    members: int = 1
    threads: int = 0

    def __post_init__(self) -> None:
        sizes = ("factors", "length", "blocks", "heads", "ahead", "epochs", "batch", "members")
        _check_network(self, sizes)
        if self.factors % self.heads:
            raise ValueError(
                f"`factors` must be a multiple of `heads`; got {self.factors} and {self.heads}."
            )


@dataclass(frozen=True)
class TowerConfig:
    """Settings of the two towers; the defaults were tuned on the labels of MovieLens 100K.

    Parameters
    ----------
    factors : int
    hidden : int
        Width of the person's tower.
    length : int
        How many of the last interactions speak.
    dropout : float in [0, 1)
    id_dropout : float in [0, 1)
        Share of items that a batch knows by their content alone.
    ahead : int
        One of so many next likes is to be told, drawn anew in every epoch.
    epochs, batch, patience : int
        See :class:`engine.pipeline.neural.training.Schedule`.
    rate, decay : float
    members : int
        Networks that differ by their seeds, whose scores add up.
    threads : int
        0 takes the pipeline's.
    """

    factors: int = 64
    hidden: int = 128
    length: int = 50
    dropout: float = 0.3
    id_dropout: float = 0.1
    ahead: int = 1
    epochs: int = 8
    batch: int = 512
    patience: int = 8
    rate: float = 2e-3
    decay: float = 0.01
    members: int = 1
    threads: int = 0

    def __post_init__(self) -> None:
        sizes = ("factors", "hidden", "length", "ahead", "epochs", "batch", "members")
        _check_network(self, sizes)


@dataclass(frozen=True)
class NeuMfConfig(TowerConfig):
    """Settings of NeuMF, beside those of the towers that it reads people and items by.

    Parameters
    ----------
    factors : int
        Of each of both parts: products of factors, and the layers.
    negatives : int
        Items drawn beside each like, which are to be told from it.
    """

    factors: int = 32
    rate: float = 3e-3
    epochs: int = 10
    patience: int = 3
    negatives: int = 8

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_network(self, ("negatives",))
        if self.members > 1:
            raise ValueError(f"NeuMF is one network: `members` must be 1; got {self.members}.")


@dataclass(frozen=True)
class GraphConfig:
    """Settings of LightGCN; the defaults were tuned on the labels of MovieLens 100K.

    Parameters
    ----------
    factors : int
    layers : int
        Steps over the graph of people and items, from what an item is to what a person is: 1
        reads the likes, 3 those of people with likes in common as well.
    held : float in (0, 1)
        Share of a person's likes that are to be told from the others, drawn anew in every epoch.
    length : int
        So many of a person's last likes are learned from.
    epochs, batch, patience : int
        See :class:`engine.pipeline.neural.training.Schedule`.
    rate, decay : float
    threads : int
        0 takes the pipeline's.
    """

    factors: int = 64
    layers: int = 3
    held: float = 0.5
    length: int = 200
    epochs: int = 60
    batch: int = 64
    patience: int = 8
    rate: float = 2e-2
    decay: float = 0.0
    threads: int = 0

    def __post_init__(self) -> None:
        _check_network(self, ("factors", "layers", "length", "epochs", "batch"))
        if not 0 < self.held < 1:
            raise ValueError(f"`held` must be above 0 and below 1; got {self.held}.")
