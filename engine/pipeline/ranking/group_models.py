"""A ranker of everybody, with models of their own for the people of some groups."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.listed import Listed, about
from engine.pipeline.ranking.logistic import Logistic
from engine.pipeline.ranking.ranker import Ranker

__all__ = ["GroupModels"]

GROUPS_FILE, EVERYBODY = "groups.json", "everybody"


@dataclass(frozen=True, eq=False)
class GroupModels:
    """Scores of the ranker of everybody, but for people of the groups that have their own.

    It is a different treatment by an attribute: somebody who is told to be of another group is
    ranked otherwise. Whoever is of no group, or of one without a model, has everybody's scores to
    the last bit.

    Attributes
    ----------
    ranker : Ranker
        Everybody's.
    place : int
        Of the attribute among those that may be read, as in :attr:`Listed.groups`.
    shrunk : mapping of int to Logistic
        Group → what is added to everybody's score.
    separate : mapping of int to Ranker
        Group → what scores in place of everybody's.
    listed : Listed or None
        Whose candidates it scores; everybody's scores where that was not told.
    """

    ranker: Ranker
    place: int
    shrunk: Mapping[int, Logistic]
    separate: Mapping[int, Ranker]
    listed: Listed | None = None

    def about(self, listed: Listed) -> GroupModels:
        """Tell whose candidates it will score."""
        return replace(self, ranker=about(self.ranker, listed), listed=listed)

    def _rows(self, n_people: int) -> dict[int, NDArray[np.int64]]:
        """Return group → rows of its people, for the groups that have a model and are there."""
        if self.listed is None:
            return {}
        codes = self.listed.groups[:, self.place]
        if len(codes) != n_people:
            raise ValueError("models for groups were told of other people than they are to score")
        found = {code: np.flatnonzero(codes == code) for code in (*self.shrunk, *self.separate)}
        return {code: rows for code, rows in found.items() if len(rows)}

    def score(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Score candidates, float32 of the shape of ``is_candidate``."""
        scores = np.array(self.ranker.score(features, is_candidate), np.float32)
        for code, rows in self._rows(len(features)).items():
            some, mask = features[rows], is_candidate[rows]
            if code in self.shrunk:
                scores[rows] += self.shrunk[code].score(some, mask)
            else:
                scores[rows] = self._own(code, rows).score(some, mask)
        return scores

    def _own(self, code: int, rows: NDArray[np.int64]) -> Ranker:
        assert self.listed is not None
        own: Ranker = about(self.separate[code], self.listed.take(rows))
        return own

    def contributions(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Split one person's scores; a group's addition goes to the features that it reads."""
        rows = self._rows(1)
        if not rows:
            return self.ranker.contributions(features, is_candidate)
        ((code, row),) = rows.items()
        if code in self.separate:
            return self._own(code, row).contributions(features, is_candidate)
        parts = self.ranker.contributions(features, is_candidate)
        return parts + self.shrunk[code].contributions(features, is_candidate)

    def importance(self) -> NDArray[np.float64]:
        """Shares in everybody's ranker."""
        return self.ranker.importance()

    def save(self, folder: Path) -> None:
        """Write everybody's ranker and each group's model into folders of their own."""
        parts = {
            EVERYBODY: self.ranker,
            **{_folder("shrunk", code): one for code, one in self.shrunk.items()},
            **{_folder("separate", code): one for code, one in self.separate.items()},
        }
        for name, part in parts.items():
            (folder / name).mkdir()
            part.save(folder / name)
        said = {
            "place": self.place,
            "shrunk": sorted(self.shrunk),
            "separate": sorted(self.separate),
        }
        (folder / GROUPS_FILE).write_text(json.dumps(said), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, load: Callable[[Path], Ranker]) -> GroupModels:
        """Read what :meth:`save` wrote; ``load`` reads a ranker of the kind of everybody's.

        Raises
        ------
        ValueError
            A group has two models, or the file says something else than it should.
        """
        said = json.loads((folder / GROUPS_FILE).read_text(encoding="utf-8"))
        place, shrunk, separate = (said[name] for name in ("place", "shrunk", "separate"))
        codes = [*shrunk, *separate]
        if not all(type(one) is int and one >= 0 for one in (place, *codes)):
            raise ValueError("models for groups name a group that is no number")
        if len(set(codes)) < len(codes):
            raise ValueError("a group has two models of its own")
        return cls(
            load(folder / EVERYBODY),
            place,
            {code: Logistic.load(folder / _folder("shrunk", code)) for code in shrunk},
            {code: load(folder / _folder("separate", code)) for code in separate},
        )


def _folder(kind: str, code: int) -> str:
    return f"{kind}_{code}"
