"""Factor models whose people are read by a network: served in NumPy, learned with PyTorch."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.weights import Weights, load_weights, save_weights
from engine.pipeline.retrieval.factor_index import Indexable
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.hnsw_search import HnswIndex
from engine.pipeline.retrieval.index_measure import IndexReport
from engine.progress import part

__all__ = ["ByNetwork", "held_against", "learned_together", "raised_biases", "with_bias"]

Config = TypeVar("Config")
ITEMS = "item_factors"
FAR, OF = 1_000_003, "/"


@dataclass(frozen=True, eq=False)
class ByNetwork(Indexable, Generic[Config]):
    """A network that reads a history, and items to hold what it says against.

    Attributes
    ----------
    item_factors : float32 array of shape (n_items, d + 1)
        The last column is the item's bias; rows of items of which nothing is known are zero. Of
        several members, theirs side by side.
    weights : mapping of str to float32 array
        Of the network; of several, each name behind the number of its member, see
        :func:`learned_together`.
    config : object
        Of :mod:`engine.pipeline.neural.settings`.
    learned : str
        How learning went, for people.
    index, index_report
        As :class:`~engine.pipeline.retrieval.factor_index.Indexable` has them.
    """

    item_factors: NDArray[np.float32]
    weights: Weights
    config: Config
    learned: str = ""
    index: HnswIndex | None = None
    index_report: IndexReport | None = None

    @property
    @abstractmethod
    def method(self) -> str:
        """What it is called, with its sizes, for people."""

    @abstractmethod
    def read_by(self, histories: Histories, weights: Weights) -> NDArray[np.float32]:
        """Factors of people by one network, float32 of shape (n_people, d + 1)."""

    def read(self, histories: Histories) -> NDArray[np.float32]:
        """Factors of people by all members side by side: their scores add up."""
        return np.hstack([self.read_by(histories, own) for own in _members(self.weights)])

    def factors_of(self, histories: Histories) -> NDArray[np.float32]:
        """Read histories, once for all who ask about the same ones."""
        return histories.remember(self, lambda: self.read(histories))

    def save(self, folder: Path) -> None:
        """Write the weights and the items, and the index where there is one."""
        save_weights(folder, {**self.weights, ITEMS: self.item_factors})
        self.save_index(folder)

    @classmethod
    def load(cls, folder: Path, config: Config) -> Self:
        """Read what :meth:`save` wrote."""
        weights = load_weights(folder)
        return cls(weights.pop(ITEMS), weights, config).with_saved_index(folder)

    def report(self) -> dict[str, Any]:
        """Say the method, and how learning went."""
        learned = {"learned": self.learned} if self.learned else {}
        return {"method": self.method, **learned, **self.index_words()}


def learned_together(
    learn: Callable[[int], tuple[NDArray[np.float32], Weights, str]], n: int, seed: int
) -> tuple[NDArray[np.float32], Weights, str]:
    """Learn several networks that differ by their seeds alone, and put them side by side.

    Inner products over factors side by side are the sums of the members', so that a mean of
    networks is searched as one.

    Parameters
    ----------
    learn : callable
        ``seed -> (item factors, weights, how it went)``.
    n : int
        Of one nothing is changed.
    seed : int
        Of the first; the others' lie far from it.

    Source
    ------
    Lakshminarayanan et al., "Simple and scalable predictive uncertainty estimation using deep
    ensembles", NIPS 2017.
    """
    learned = []
    for member in range(n):
        with part(member / n, (member + 1) / n):
            learned.append(learn(seed + FAR * member))
    factors, weights, said = zip(*learned, strict=True)
    if n == 1:
        return learned[0]
    named = {f"{k}{OF}{name}": own[name] for k, own in enumerate(weights) for name in own}
    return np.hstack(factors), named, f"{n} networks; the first: {said[0]}"


def _members(weights: Weights) -> list[Weights]:
    found: dict[str, Weights] = {}
    for name, values in weights.items():
        member, of, own = name.rpartition(OF)
        found.setdefault(member if of else "", {})[own] = values
    return list(found.values())


def with_bias(vectors: NDArray[np.float32], histories: Histories) -> NDArray[np.float32]:
    """Add the column that meets the items' biases: 0 for people of whom nothing is known."""
    has_any = (histories.seen.lengths() > 0)[:, None]
    return np.hstack([vectors, has_any]).astype(np.float32)


def raised_biases(
    people: NDArray[np.float32], items: NDArray[np.float32], bias: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Shift biases alike so that no score of these people is below 0, for 0 means nothing is known.

    A softmax is the same whatever is added to all of its scores, so none of it is lost.

    Parameters
    ----------
    people : float32 array of shape (n_people, d)
    items : float32 array of shape (n_items, d)
    bias : float32 array of shape (n_items,)
    """
    if not len(people) or not len(items):
        return bias
    return bias - np.float32(min((people @ items.T + bias).min(), 0.0)) + np.float32(1e-3)


def held_against(
    audience: Histories,
    learned: Mapping[str, NDArray[np.float32]],
    read: Callable[[Histories, Mapping[str, Any]], NDArray[np.float32]],
) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
    """Part what a network of sequences learned into what people are held against and the rest.

    Parameters
    ----------
    audience : Histories
        That was learned from; items that nobody of them met become zero.
    learned : mapping of str to float32 array
        With ``items`` of shape (n_items, d) and ``bias`` of shape (n_items,).
    read : callable
        ``(histories, weights) -> vectors``, float32 of shape (n_people, d).

    Returns
    -------
    item_factors : float32 array of shape (n_items, d + 1)
        The last column is the bias, see :func:`raised_biases`.
    weights : dict of str to float32 array
        Without ``bias``.
    """
    weights = dict(learned)
    known = audience.popularity > 0
    weights["items"] = np.where(known[:, None], weights["items"], 0).astype(np.float32)
    people = read(audience.sample(), weights)
    bias = np.where(known, weights.pop("bias"), 0).astype(np.float32)
    bias[known] = raised_biases(people, weights["items"][known], bias[known])
    return np.hstack([weights["items"], bias[:, None]]).astype(np.float32), weights
