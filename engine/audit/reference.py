"""What every group is compared with: another group, everyone else, or everyone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.wording import counted
from engine.metrics.reference_disparity import largest_groups
from engine.metrics.statistics.group_test import EVERYONE, REST

__all__ = ["LARGEST", "REFERENCES", "REST_OF_ALL", "Reference"]
__all__ += ["reference_of", "references_in_words"]

LARGEST, REST_OF_ALL = "largest", "rest"
REFERENCES = {
    REST_OF_ALL: "everyone else",
    LARGEST: "the largest group",
    "everyone": "everyone",
}
"""References that exist under every attribute; any other name is a group's label.

The first is the one unless another is chosen: it is the same question of every group, and no tie of
two groups as large decides it.
"""

A_GROUP = "group: "
"""Stands before a label that would else be taken for one of ours, or for one marked like this."""


def references_in_words(labels: Sequence[str]) -> dict[str, str]:
    """Return what every group can be compared with → its words; no two have the same.

    >>> list(references_in_words(["everyone", "woman"]).items())[2:]
    [('everyone', 'everyone'), ('group: everyone', 'group: everyone'), ('woman', 'woman')]
    """
    ours = {*REFERENCES, *REFERENCES.values()}
    marked = [
        f"{A_GROUP}{label}" if label in ours or label.startswith(A_GROUP) else label
        for label in labels
    ]
    return {**REFERENCES, **{name: name for name in marked}}


@dataclass(frozen=True)
class Reference:
    """The reference in the engine's terms and in words.

    ``code`` is a group's, or REST or EVERYONE of :mod:`engine.metrics.statistics.group_test`;
    ``words`` reads after "than for".
    """

    code: int
    words: str


def reference_of(
    chosen: str, labels: tuple[str, ...], values: NDArray[np.floating], codes: NDArray[np.integer]
) -> Reference:
    """Find the reference; a label that is not among the groups falls back to the largest one.

    Where several groups are equally large none of them is it, since the order of their names would
    choose: everyone else is.

    Parameters
    ----------
    chosen : str
        A key of :func:`references_in_words`.
    labels : tuple of str
        Of the groups.
    values : float array of shape (n_users,)
        The metric: the largest group is the one with the most people who have a value.
    codes : integer array of shape (n_users,)
    """
    if chosen in (REST_OF_ALL, "everyone"):
        return Reference({REST_OF_ALL: REST, "everyone": EVERYONE}[chosen], REFERENCES[chosen])
    groups = list(references_in_words(labels))[len(REFERENCES) :]
    if chosen in groups:
        code = groups.index(chosen)
        return Reference(code, f"the reference ({labels[code]})")
    largest = largest_groups(values, codes, len(labels))
    if len(largest) > 1:
        return Reference(
            REST, f"{REFERENCES[REST_OF_ALL]} ({counted(len(largest), 'group')} are equally large)"
        )
    return Reference(largest[0], f"{REFERENCES[LARGEST]} ({labels[largest[0]]})")
