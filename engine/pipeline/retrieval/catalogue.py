"""The items of a data set as arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.free_text import item_texts

__all__ = ["Catalogue"]

SECONDS_PER_DAY = 86_400

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class Catalogue:
    """What is known of each item apart from who chose it.

    Attributes
    ----------
    texts : tuple of str
        Words to compare items by: title, and any free-text column, of each item; see
        :func:`engine.data.free_text.item_texts`.
    genre_names : tuple of str
        Sorted.
    genre_matrix : bool array of shape (n_items, n_genres)
    released_day : float64 array of shape (n_items,)
        Days since 1970; NaN where unknown.
    provider_names : tuple of str
        Sorted.
    provider_codes : int16 array of shape (n_items,)
        Index into ``provider_names``; -1 where unknown.
    """

    texts: tuple[str, ...]
    genre_names: tuple[str, ...]
    genre_matrix: NDArray[np.bool_]
    released_day: NDArray[np.float64]
    provider_names: tuple[str, ...]
    provider_codes: NDArray[np.int16]

    @property
    def n_items(self) -> int:
        """Number of items."""
        return len(self.released_day)

    def remember(self, key: object, make: Callable[[], Value]) -> Value:
        """Return what was made for ``key`` the first time, as long as this catalogue lives."""
        notes: dict[object, Any] = self.__dict__.setdefault("_notes", {})
        if key not in notes:
            notes[key] = make()
        return notes[key]

    @classmethod
    def from_items(cls, items: pd.DataFrame) -> Catalogue:
        """Read the arrays from the ``items`` table of a data set."""
        genres = items["genres"].astype(object).fillna("").astype(str)
        genre_names, genre_matrix = _multi_hot([text.split("|") for text in genres])
        providers = items["provider"].astype(object).fillna("").astype(str).to_numpy()
        provider_names = tuple(sorted(set(providers) - {""}))
        code_of = {name: code for code, name in enumerate(provider_names)}
        released = items["released"].to_numpy("datetime64[s]")
        days = released.astype(np.int64) / SECONDS_PER_DAY
        return cls(
            texts=item_texts(items),
            genre_names=genre_names,
            genre_matrix=genre_matrix,
            released_day=np.where(np.isnat(released), np.nan, days),
            provider_names=provider_names,
            provider_codes=np.array([code_of.get(p, -1) for p in providers], np.int16),
        )


def _multi_hot(labels: list[list[str]]) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
    cleaned = [[label.strip() for label in row if label.strip()] for row in labels]
    names = tuple(sorted({label for row in cleaned for label in row}))
    column_of = {name: column for column, name in enumerate(names)}
    matrix = np.zeros((len(labels), len(names)), bool)
    rows = np.repeat(np.arange(len(labels)), [len(row) for row in cleaned])
    matrix[rows, [column_of[label] for row in cleaned for label in row]] = True
    return names, matrix
