"""What a source of candidates is: its record, what it learns, and what it answers.

A source proposes a few hundred items to each person and can score any items it is asked about;
nothing it makes has an entry for every person and item. What is learned (a model) is told apart
from how it is asked (a source): several sources may ask one model with different parts of a
history.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = [
    "ORDER",
    "WHOLE",
    "Model",
    "ModelRecord",
    "Proposed",
    "Source",
    "SourceRecord",
    "empty_proposals",
]

WHOLE = Profile()
NEEDS = ("not liked", "words", "text", "order", "again")
"""What a source may need of the data: interactions that were not liked; genres or words; texts that
say something; moments that differ, so that one thing comes after another; items that come again."""

ORDER = ("order",)
"""What a source needs that asks what came after what."""


@dataclass(frozen=True, eq=False)
class Proposed:
    """What one source proposes to a batch of people.

    Attributes
    ----------
    items : int32 array of shape (n_people, n)
        Unseen items with a positive score, best first, then :data:`~engine.arrays.PAD`; among
        equals the lower item comes first. Where items come again, of all items, see
        :func:`engine.pipeline.retrieval.met_again.with_met`.
    scores : float32 array of shape (n_people, n)
        Theirs; 0 where padded.
    of_seen : float32 array of shape (nnz,)
        Score of every entry of ``histories.seen``: where seen items would have stood.
    """

    items: NDArray[np.int32]
    scores: NDArray[np.float32]
    of_seen: NDArray[np.float32]


class Source(Protocol):
    """Answers for a batch of people; what one person gets does not depend on who else is asked."""

    def propose(self, histories: Histories, n: int) -> Proposed:
        """Propose the ``n`` best unseen items."""
        ...

    def score(self, histories: Histories, items: Ragged) -> NDArray[np.float32]:
        """Score any items, one row per person: float32 of shape (nnz of ``items``,)."""
        ...


class Model(Protocol):
    """What was learned from an audience."""

    def source(self, profile: Profile) -> Source:
        """Ask with the part of a history that ``profile`` names."""
        ...

    def save(self, folder: Path) -> None:
        """Write into ``folder``, which exists, in formats that hold no code."""
        ...

    def report(self) -> dict[str, Any]:
        """Say what it is: method, sizes, losses; only what JSON can hold."""
        ...


@dataclass(frozen=True)
class ModelRecord:
    """How a model is learned and read back.

    Attributes
    ----------
    name : str
    fit : callable
        ``(audience, catalogue, config, seed) -> Model``; looks at nothing else.
    load : callable
        ``(folder, config) -> Model``, from what ``save`` wrote.
    """

    name: str
    fit: Callable[[Histories, Catalogue, SourceConfig, int], Model]
    load: Callable[[Path, SourceConfig], Model]


@dataclass(frozen=True)
class SourceRecord:
    """One source.

    Attributes
    ----------
    name : str
        Identifies it in recipes, features and artifacts.
    label : str
        Its words for people.
    depth : int
        How many items it proposes to each person; 0 makes it an input of the ranker alone.
    model : str
        Name of the model it asks.
    profile : Profile
        Which part of a history counts, and how much.
    needs : tuple of str
        Of :data:`NEEDS`; where the data lacks one, the source is left out.
    timeless_label : str
        Its words where the data have no order; empty where ``label`` says nothing of time.
    is_option : bool
        Fitted only where it is asked for, by :attr:`SourceConfig.options`.
    is_neural : bool
        Learned with PyTorch, which is an extra; it serves without.
    is_text : bool
        Made by the sentence model, which is an extra that brings PyTorch; it serves without.
    """

    name: str
    label: str
    depth: int
    model: str
    profile: Profile = WHOLE
    needs: tuple[str, ...] = ()
    timeless_label: str = ""
    is_option: bool = False
    is_neural: bool = False
    is_text: bool = False

    def __post_init__(self) -> None:
        unknown = set(self.needs) - set(NEEDS)
        if unknown:
            raise ValueError(f"Source {self.name} needs {sorted(unknown)}; known are {NEEDS}.")


def empty_proposals(n_people: int, n: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Arrays for a kernel to write proposals into."""
    return np.full((n_people, n), -1, np.int32), np.zeros((n_people, n), np.float32)
