"""How people go down a list: which places they notice, and when they leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.simulate.kernels.competition import compete

__all__ = [
    "CASCADE",
    "CHOICE_MODELS",
    "EVERYTHING",
    "FROM_LOG",
    "NEIGHBOURS",
    "POSITION",
    "ChoiceModel",
    "choice_model",
]

POSITION, CASCADE, EVERYTHING = "position", "cascade", "everything"
NEIGHBOURS = "neighbours"
FROM_LOG = "log"
"""The model that is estimated from the fit's own log, see :mod:`engine.online.attention`."""


@dataclass(frozen=True)
class ChoiceModel:
    """One way of going down a list.

    Attributes
    ----------
    name : str
    label, words : str
        For people: its name, and what it assumes.
    falls : float
        Power of ``1 / log2(1 + place)`` with which a place is noticed; 0 notices every place.
    stay_after_skip, stay_after_play : float
        Chance to go on after a place, in [0, 1].
    measured : tuple of float
        Chance of the first places where it was measured; below them it falls as ``falls`` says.
    decay : float
        Power of ``1 / place`` that is multiplied in; 0 leaves it out.
    competition : float
        How much titles of one genre take from each other, see
        :func:`engine.simulate.kernels.competition.compete`; 0 lets each title stand by itself.
    reach : int
        So many places away they still do.
    """

    name: str
    label: str
    words: str
    falls: float
    stay_after_skip: float = 1.0
    stay_after_play: float = 1.0
    measured: tuple[float, ...] = ()
    decay: float = 0.0
    competition: float = 0.0
    reach: int = 2

    @property
    def stays(self) -> tuple[float, float]:
        """Chance to go on after a place that is skipped, and after one that is played."""
        return self.stay_after_skip, self.stay_after_play

    @property
    def is_placewise(self) -> bool:
        """Whether what happens at a place depends on nothing at the other places."""
        return self.stays == (1.0, 1.0) and not self.competition

    def chances(
        self,
        lists: NDArray[np.int32],
        appeal: NDArray[np.float32],
        genres: NDArray[np.bool_],
    ) -> NDArray[np.float32]:
        """Return the chance of a play once noticed, of each title in the list it stands in.

        Parameters
        ----------
        lists : int32 array of shape (n_lists, k)
        appeal : float32 array of shape (n_lists, k)
            The same chance, of each title by itself.
        genres : bool array of shape (n_items, n_genres)
        """
        if not self.competition:
            return appeal
        found = np.empty_like(appeal)
        compete(lists, appeal, genres, self.reach, self.competition, found)
        return found

    def attention(self, k: int) -> NDArray[np.float64]:
        """Chance that each place is noticed by somebody who is still there, shape (k,).

        >>> CHOICE_MODELS["position"].attention(3).round(3).tolist()
        [1.0, 0.631, 0.5]
        """
        shape = (1 / np.log2(np.arange(k) + 2)) ** self.falls
        shape *= (1 / (np.arange(k) + 1)) ** self.decay
        n = min(len(self.measured), k)
        if n:
            shape[n:] *= self.measured[n - 1] / shape[n - 1]
            shape[:n] = self.measured[:n]
        return shape


CHOICE_MODELS: dict[str, ChoiceModel] = {
    one.name: one
    for one in (
        ChoiceModel(
            POSITION,
            "Position-based",
            "place j is noticed with chance 1 / log2(1 + j), each place by itself",
            1.0,
        ),
        ChoiceModel(
            CASCADE,
            "Cascade",
            "people read from the top, go on with chance .85 after a title they skip, and leave "
            "after the first one they play",
            0.0,
            stay_after_skip=0.85,
            stay_after_play=0.0,
        ),
        ChoiceModel(EVERYTHING, "Everything seen", "every place is noticed", 0.0),
        ChoiceModel(
            NEIGHBOURS,
            "Neighbours compete",
            "place j is noticed with chance 1 / j^.2, and titles that share genres take plays from "
            "each other where they stand at most two places apart: of two that appeal alike, each "
            "keeps half",
            0.0,
            decay=0.2,
            competition=1.0,
        ),
    )
}
"""Name → model, in the order in which they are offered."""


def choice_model(name: str) -> ChoiceModel:
    """Return a model by name.

    Raises
    ------
    ScenarioError
        There is none of that name.
    """
    if name not in CHOICE_MODELS:
        raise ScenarioError(
            f"There is no model of attention {name!r:.60}: give one of {', '.join(CHOICE_MODELS)}."
        )
    return CHOICE_MODELS[name]
