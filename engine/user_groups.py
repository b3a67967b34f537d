"""Groups of people: demographic attributes, and what their history says of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.attribute_names import ACTIVITY, TASTE_GROUP, unique_names
from engine.data.limits import MOST_LABELS
from engine.errors import DataError
from engine.pipeline.retrieval.histories import Histories

__all__ = [
    "ALL_ATTRIBUTES",
    "Attribute",
    "activity_groups",
    "demographic_groups",
    "readable_attributes",
    "short_head",
    "stacked_codes",
    "taste_groups",
]

UNKNOWN = "unknown"

ALL_ATTRIBUTES = "people-attributes"
"""Stands for every attribute of people where some are named that may not be read."""


@dataclass(frozen=True, eq=False)
class Attribute:
    """One way to divide people.

    Attributes
    ----------
    name : str
    labels : tuple of str
        In the order to show them.
    codes : int16 array of shape (n_people,)
        Index into ``labels``.
    """

    name: str
    labels: tuple[str, ...]
    codes: NDArray[np.int16]


def demographic_groups(users: pd.DataFrame, attributes: tuple[str, ...]) -> tuple[Attribute, ...]:
    """Read the demographic attributes that have 2 to 50 different labels.

    Their names are unique, and none is that of a taste or activity group. Labels with numbers in
    them (age bands) are ordered by their first number, others by name; ``unknown`` comes last.
    """
    found = []
    for name, shown in unique_names(attributes).items():
        column = users[name].astype(object).fillna(UNKNOWN).astype(str).to_numpy()
        labels = tuple(sorted(set(column), key=_label_order))
        if 2 <= len(labels) <= MOST_LABELS:
            place = {label: code for code, label in enumerate(labels)}
            codes = np.array([place[label] for label in column], np.int16)
            found.append(Attribute(shown, labels, codes))
    return tuple(found)


def readable_attributes(
    demographic: tuple[Attribute, ...], names: tuple[str, ...], without: tuple[str, ...]
) -> tuple[Attribute, ...]:
    """Leave out the attributes that the ranker may not read; a first word is enough of a name.

    Parameters
    ----------
    demographic : tuple of Attribute
    names : tuple of str
        All columns of people, also those that divide them too finely to be among the former.
    without : tuple of str
        Some of these names, in any case, or :data:`ALL_ATTRIBUTES`.

    Raises
    ------
    DataError
        Where a name is none of theirs, or the first word of several.
    """
    if ALL_ATTRIBUTES in without:
        return ()
    known = list(unique_names(names).values())
    hidden = set()
    for asked in without:
        word = asked.replace("_", " ").strip().casefold()
        exact = [name for name in known if name.casefold() == word]
        found = exact or [name for name in known if name.casefold().split(" ")[0] == word]
        if len(found) != 1:
            raise DataError(
                f"The data have no attribute of people {asked!r} that the ranker could do without: "
                f"they have {', '.join(known) or 'none'}; name some of them after --without, or "
                f"{ALL_ATTRIBUTES} for all."
            )
        hidden.add(found[0])
    return tuple(attribute for attribute in demographic if attribute.name not in hidden)


def _label_order(label: str) -> tuple[bool, float, str]:
    number = re.search(r"\d+", label)
    is_below = label.lower().startswith(("under", "below", "<"))
    first = float(number.group()) - 0.5 * is_below if number else float("inf")
    return (label == UNKNOWN, first, label)


def short_head(popularity: NDArray[np.int64], share: float = 0.8) -> NDArray[np.bool_]:
    """Mark the fewest items that make up ``share`` of all interactions, bool (n_items,)."""
    order = np.argsort(-popularity, kind="stable")
    before = np.cumsum(popularity[order]) - popularity[order]
    head = np.empty(len(popularity), bool)
    head[order] = before < share * popularity.sum()
    return head


def taste_groups(histories: Histories) -> Attribute:
    """Niche, diverse and blockbuster-minded people, by the long-tail share of their history.

    The fifth of people with the largest share of items outside the short head (80 % of
    interactions) is niche, the fifth with the smallest is blockbuster, the rest diverse. Ties are
    broken by the person's index, so the sizes are as stated.

    Source
    ------
    Abdollahpouri et al., "The unfairness of popularity bias in recommendation", RMSE 2019,
    section 4.
    """
    is_tail = ~short_head(histories.popularity)
    n_seen = np.asarray(histories.views.sum(axis=1)).ravel()
    share = (histories.views @ is_tail.astype(np.float64)) / np.maximum(n_seen, 1)
    codes = _by_rank(-share, (0.2, 0.8))
    return Attribute(TASTE_GROUP, ("niche", "diverse", "blockbuster"), codes)


def activity_groups(histories: Histories) -> Attribute:
    """Light, medium and heavy thirds, by the number of interactions in the history."""
    codes = _by_rank(histories.seen.lengths().astype(np.float64), (1 / 3, 2 / 3))
    return Attribute(ACTIVITY, ("light", "medium", "heavy"), codes)


def _by_rank(values: NDArray[np.float64], cuts: tuple[float, ...]) -> NDArray[np.int16]:
    """Group number by rank: the first ``cuts[0]`` of people with the lowest values are 0."""
    place = np.empty(len(values))
    place[np.argsort(values, kind="stable")] = (np.arange(len(values)) + 0.5) / max(len(values), 1)
    return np.searchsorted(np.asarray(cuts), place).astype(np.int16)


def stacked_codes(attributes: tuple[Attribute, ...], n_people: int) -> NDArray[np.int16]:
    """Put the codes of all attributes side by side, int16 of shape (n_people, n_attributes)."""
    return np.column_stack([np.empty((n_people, 0), np.int16), *(a.codes for a in attributes)])
