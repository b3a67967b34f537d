"""Groups of all attributes in one numbering, for means by group at every round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.metrics.statistics.policy import POLICY

__all__ = ["Groups", "groups_of"]


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups of the people of a world.

    Attributes
    ----------
    attributes, labels : tuples of str, one per group
    sizes : int64 array of shape (n_groups,)
    codes : int64 array of shape (n_people, n_attributes)
        Each person's groups.
    """

    attributes: tuple[str, ...]
    labels: tuple[str, ...]
    sizes: NDArray[np.int64]
    codes: NDArray[np.int64]

    @property
    def n_groups(self) -> int:
        """Number of groups of all attributes."""
        return len(self.labels)

    def of(self, attribute: str) -> NDArray[np.int64]:
        """Return the groups of one attribute that are large enough to be judged."""
        return np.array(
            [
                at
                for at, name in enumerate(self.attributes)
                if name == attribute and self.sizes[at] >= POLICY.least_n
            ],
            dtype=np.int64,
        )


def groups_of(artifacts: Artifacts, people: NDArray[np.int64]) -> Groups:
    """Give the groups of every attribute their numbers, one attribute after the other."""
    attributes = artifacts.attributes
    names = [(name, label) for name, labels in attributes.items() for label in labels]
    starts = np.cumsum([0, *(len(labels) for labels in attributes.values())])[:-1]
    own = np.asarray(artifacts.user_groups)[people].astype(np.int64) + starts
    sizes = np.bincount(own.ravel(), minlength=len(names))
    return Groups(tuple(name for name, _ in names), tuple(label for _, label in names), sizes, own)
