"""Who likes a genre: more of it among what they liked than among what everybody liked."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.errors import DataError
from engine.people.taste import genre_membership, genre_mix, liked_rows

__all__ = ["LIKES", "MEANING", "likes_genre"]

LIKES = "likes"
"""Stands among the attributes of people where they are searched by what they like."""

LEAST_SHARE, LEAST_ITEMS = 1.5, 3

MEANING = (
    f"who likes a genre has {LEAST_ITEMS} or more liked items of it, and its share of their likes "
    f"is at least {LEAST_SHARE} times its share of everybody's"
)


def likes_genre(artifacts: Artifacts, genres: Collection[str]) -> NDArray[np.bool_]:
    """Mark the people who like one of the genres, as :data:`MEANING` says.

    An item of several genres counts for each in part. O(likes · genres).

    Returns
    -------
    bool array of shape (n_users,)

    Raises
    ------
    DataError
        If a genre is unknown; the sentence lists the known ones.
    """
    names = list(artifacts.genre_names)
    unknown = [genre for genre in genres if genre not in names]
    if unknown:
        raise DataError(
            f"{artifacts.manifest['title']} has no genre {unknown[0]!r}; its genres are "
            f"{', '.join(names) or 'none'}."
        )
    columns = [names.index(genre) for genre in genres]
    _, membership = genre_membership(artifacts)
    rows = liked_rows(artifacts)
    mix = genre_mix(rows, membership)
    everybody = membership[rows.indices].mean(axis=0, dtype=np.float64)
    of_genre = (np.asarray(artifacts.genre_matrix)[:, columns] > 0).astype(np.float32)
    n_liked = np.nan_to_num(genre_mix(rows, of_genre)) * rows.lengths()[:, None]
    is_more = np.nan_to_num(mix[:, columns]) >= LEAST_SHARE * everybody[columns]
    return np.asarray((is_more & (np.round(n_liked) >= LEAST_ITEMS)).any(axis=1))
