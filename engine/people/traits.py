"""People by id and by the groups they belong to."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.errors import DataError
from engine.people.likings import LIKES, likes_genre

__all__ = ["person_row", "share_traits"]


def person_row(artifacts: Artifacts, user_id: str) -> int:
    """Row of the person with this external id.

    Raises
    ------
    DataError
        If nobody has it; the sentence gives two ids that somebody has.
    """
    index = artifacts.user_index
    row = index.get(str(user_id), index.get(str(user_id).strip()))
    if row is None:
        ids = artifacts.users["user_id"]
        raise DataError(
            f"Nobody in {artifacts.manifest['title']} has the id {str(user_id).strip()!r}; its "
            f"{artifacts.n_users:,} people have ids such as {ids.iloc[0]!r} or {ids.iloc[-1]!r}."
        )
    return row


def share_traits(artifacts: Artifacts, traits: Mapping[str, Collection[str]]) -> NDArray[np.bool_]:
    """Mark the people who belong, for every named attribute, to one of its named groups.

    Parameters
    ----------
    artifacts : Artifacts
    traits : mapping of str to collection of str
        Attribute → group labels, such as ``{"gender": ["woman"], "age band": ["25-34", "35-44"]}``;
        with no attribute, everybody is marked. ``"likes"`` takes genres, see
        :func:`engine.people.likings.likes_genre`.

    Returns
    -------
    bool array of shape (n_users,)

    Raises
    ------
    DataError
        If an attribute or a label is unknown; the sentence lists the known ones.
    """
    is_in = np.ones(artifacts.n_users, dtype=bool)
    names = list(artifacts.attributes)
    for name, wanted in traits.items():
        if name == LIKES and name not in names:
            is_in &= likes_genre(artifacts, wanted)
            continue
        if name not in names:
            raise DataError(
                f"{artifacts.manifest['title']} knows nothing of {name!r}; its attributes are "
                f"{', '.join(names)}."
            )
        labels = artifacts.attributes[name]
        for label in wanted:
            if label not in labels:
                raise DataError(
                    f"{name} has no group {label!r}; its groups are {', '.join(labels)}."
                )
        codes = artifacts.user_groups[:, names.index(name)]
        is_in &= np.isin(codes, [labels.index(label) for label in wanted])
    return is_in
