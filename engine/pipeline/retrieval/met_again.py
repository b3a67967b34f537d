"""What a person met before, offered again: where items come again, as groceries do.

Sources propose what was not met, and say what everything that was met would have scored. Where
repeats are kept, :func:`with_met` puts both in one order, so each source proposes from all items.
Two sources know a person's own habits, which no score between items does: what they took most
often, and what they took last.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged
from engine.pipeline.kernels.met_again import merge_met
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories, entry_rows, steps_back
from engine.pipeline.retrieval.links import rows_of
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source import (
    ModelRecord,
    Proposed,
    SourceRecord,
    empty_proposals,
)
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.threads import over_rows

__all__ = ["AGAIN", "MODELS", "SOURCES", "MetAgain", "met_first", "with_met"]

AGAIN = ("met_often", "met_lately")
"""The sources of a fit that keeps repeats; it has none of them else."""


def with_met(proposed: Proposed, histories: Histories) -> Proposed:
    """Put what was met among what was not, by score; equals by item. O(n · log n) per person.

    Parameters
    ----------
    proposed : Proposed
        The best ``n`` unseen, and the scores of the seen: so the best of both are the best ``n``.
    histories : Histories
        Of the same people, no item twice.

    Returns
    -------
    Proposed
        Of the same width; ``of_seen`` is empty, since nothing is told apart as seen any more.
    """
    n_people, n = proposed.items.shape
    items, scores = empty_proposals(n_people, n)
    seen = rows_of(histories.seen)
    over_rows(
        lambda start, stop: merge_met(
            proposed.items, proposed.scores, seen, proposed.of_seen, start, stop, items, scores
        ),
        n_people,
    )
    return Proposed(items, scores, np.zeros(0, np.float32))


def met_first(popular: Proposed, histories: Histories, *, by_count: bool) -> NDArray[np.int32]:
    """Order what a person met by their own habit, and what is popular after it.

    Parameters
    ----------
    popular : Proposed
        What was not met, by popularity.
    histories : Histories
    by_count : bool
        See :class:`MetAgain`.
    """
    small = np.float32(1e-9) / max(popular.scores.max(initial=0.0), np.float32(1.0))
    own = MetAgain(by_count).propose(histories, 0).of_seen
    return with_met(Proposed(popular.items, popular.scores * small, own), histories).items


@dataclass(frozen=True, eq=False)
class MetAgain:
    """A person's own habit. Nothing is learned: the history is all.

    ``by_count``: by how often an item was met, the later first among equals; else by when.
    """

    by_count: bool

    def source(self, profile: Profile) -> MetAgain:
        """Ask with the whole history."""
        del profile
        return self

    def _of_seen(self, histories: Histories) -> NDArray[np.float32]:
        """Return a positive score of every entry: larger for what is likelier to come again."""
        back, lengths = steps_back(histories.seen), histories.seen.lengths()
        lateness = 1.0 - (back + 1) / (np.repeat(lengths, lengths) + 1.0)
        count = histories.count
        if not self.by_count or count is None:
            return (1.0 / (1.0 + back)).astype(np.float32)
        return (count + lateness).astype(np.float32)

    def propose(self, histories: Histories, n: int) -> Proposed:
        """Propose nothing that was not met; what was, has its scores."""
        items, scores = empty_proposals(histories.n_people, min(n, histories.n_items))
        return Proposed(items, scores, self._of_seen(histories))

    def score(self, histories: Histories, items: Ragged) -> NDArray[np.float32]:
        """Score any items, one row per person; 0 for what was not met."""
        asked = np.maximum(items.indices, 0)
        found = histories.looked_up(self._of_seen(histories), entry_rows(items), asked)
        return np.where(items.indices == PAD, np.float32(0), found).astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write nothing: ``folder`` is there."""
        del folder

    def report(self) -> dict[str, Any]:
        """Say the method."""
        return {"method": "met most often" if self.by_count else "met last"}


def _record(name: str, *, by_count: bool) -> ModelRecord:
    def fit(_a: Histories, _c: Catalogue, _config: SourceConfig, _seed: int) -> MetAgain:
        return MetAgain(by_count)

    def load(_folder: Path, _config: SourceConfig) -> MetAgain:
        return MetAgain(by_count)

    return ModelRecord(name, fit, load)


MODELS = (_record("own_count", by_count=True), _record("own_order", by_count=False))

SOURCES = (
    SourceRecord("met_often", "met most often", 200, "own_count", needs=("again",), is_option=True),
    SourceRecord(
        "met_lately", "met last", 200, "own_order", needs=("again", "order"), is_option=True
    ),
)
