"""Likeness by what an item's text means: a sentence model's vectors, whatever words are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.factor_index import Indexable
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.hnsw_search import HnswIndex
from engine.pipeline.retrieval.index_measure import IndexReport
from engine.pipeline.retrieval.new_items import unit_rows
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source import Model, ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.pipeline.text.extra import need_sentences
from engine.pipeline.text.worth import TextWorth, text_worth

__all__ = [
    "MODELS",
    "SOURCES",
    "Sentences",
    "centred",
    "known_already",
    "meaning_of",
    "sentences_of",
    "worded",
    "worth_of",
]

FADING = Profile(decay=0.97)
NOTE = "sentences"

LEAST_APART = 1e-3
"""From what all have in common, of vectors of length 1: nearer is rounding."""


@dataclass(frozen=True, eq=False)
class Sentences(Indexable):
    """Scores are products of an item's vector with the weighed sum of those of the profile.

    Attributes
    ----------
    item_factors : float32 array of shape (n_items, 384)
        Of length 1; zero for items of whose text nothing is known.
    profile : Profile
        Which part of a history counts, and how much.
    texts : str
        What the texts hold, for people; empty where it was opened.
    index, index_report
        As :class:`~engine.pipeline.retrieval.factor_index.Indexable` has them.
    """

    item_factors: NDArray[np.float32]
    profile: Profile = FADING
    texts: str = ""
    index: HnswIndex | None = None
    index_report: IndexReport | None = None

    def source(self, profile: Profile) -> Sentences:
        """Add up the vectors of the items that ``profile`` names."""
        return replace(self, profile=profile)

    def factors_of(self, histories: Histories) -> NDArray[np.float32]:
        """Add up vectors, once for all who ask about the same histories."""
        return histories.remember(
            self, lambda: np.asarray(self.profile.weights(histories) @ self.item_factors)
        )

    def save(self, folder: Path) -> None:
        """Write the vectors, and the index where there is one."""
        np.save(folder / "item_factors.npy", self.item_factors)
        self.save_index(folder)

    def report(self) -> dict[str, Any]:
        """Say the method, and what it was made of."""
        method = f"sentence model, {self.item_factors.shape[1]} numbers an item"
        return {"method": method, "texts": self.texts, **self.index_words()}


def sentences_of(catalogue: Catalogue) -> NDArray[np.float32]:
    """Embed each item's text and genres, once for all who ask about the same catalogue.

    Returns
    -------
    float32 array of shape (n_items, 384)
        As :func:`centred` gives them.

    Raises
    ------
    DataError
        The sentence model is not here.
    """

    def make() -> NDArray[np.float32]:
        need_sentences("The source sentences")
        from engine.pipeline.text.sentence_model import sentence_vectors

        return centred(sentence_vectors(worded(catalogue)))

    return catalogue.remember(NOTE, make)


def meaning_of(catalogue: Catalogue, config: SourceConfig) -> NDArray[np.float32] | None:
    """Return :func:`sentences_of` where a fit has them: asked for, and of texts that say enough."""
    is_asked = NOTE in config.options and NOTE not in config.dropped
    return sentences_of(catalogue) if is_asked and not worth_of(catalogue).lacking else None


def worth_of(catalogue: Catalogue) -> TextWorth:
    """Look at what the texts hold, once for all who ask about the same catalogue."""
    return catalogue.remember("text worth", lambda: text_worth(catalogue.texts))


def known_already(catalogue: Catalogue, models: Mapping[str, Model]) -> None:
    """Let a catalogue have the vectors that a fit was opened with: nothing is embedded again."""
    model = models.get(NOTE)
    if isinstance(model, Sentences):
        vectors = model.item_factors
        catalogue.remember(NOTE, lambda: vectors)


def worded(catalogue: Catalogue) -> tuple[str, ...]:
    """Join each item's text and its genres, in words."""
    names = np.array(catalogue.genre_names, object)
    genres = (", ".join(names[row]) for row in catalogue.genre_matrix)
    return tuple(
        f"{text}. {own}" if own else text for text, own in zip(catalogue.texts, genres, strict=True)
    )


def centred(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take out what all items have in common, and make rows of length 1 again; 0 stays 0.

    Sentences all point one way a little, so that without this everything is like everything. A row
    of which nothing but rounding is left becomes 0.

    Parameters
    ----------
    vectors : float32 array of shape (n, d)

    Returns
    -------
    float32 array of shape (n, d)
    """
    known = np.any(vectors != 0, axis=1)
    if known.sum() < 2:
        return vectors
    rest = vectors - vectors[known].mean(axis=0, dtype=np.float64)
    tells = known & (np.linalg.norm(rest, axis=1) > LEAST_APART)
    return unit_rows(np.where(tells[:, None], rest, 0).astype(np.float32))


def _fit(_of: Histories, catalogue: Catalogue, _config: SourceConfig, _seed: int) -> Sentences:
    return Sentences(sentences_of(catalogue), texts=worth_of(catalogue).said)


def _load(folder: Path, _config: SourceConfig) -> Sentences:
    factors = np.load(folder / "item_factors.npy", allow_pickle=False)
    return Sentences(factors).with_saved_index(folder)


MODELS = (ModelRecord("sentences", _fit, _load),)

SOURCES = (
    SourceRecord(
        "sentences",
        "texts of like meaning (sentence model)",
        200,
        "sentences",
        FADING,
        ("text",),
        is_option=True,
        is_text=True,
    ),
)
