"""Who would play what: the true preferences where they are known, assumed ones where not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from engine.arrays import read_only
from engine.artifacts import Artifacts
from engine.data.simulated import Truth, truth_behind
from engine.errors import ScenarioError
from engine.pipeline.retrieval.als import fit_als
from engine.pipeline.retrieval.source_config import source_config_of
from engine.simulate.matrices import indicator

__all__ = ["ASSUMPTIONS", "TRUTH", "World", "assumptions_for", "people_of", "world_of"]

TRUTH = "true"
MOST_CELLS = 60_000_000
"""People × items of one simulated world; above that, a sample of the people lives in it."""

MEAN_PREFERENCE = 0.09
"""Chance, averaged over everybody and everything, that a noticed title is played: assumed to be
that of the simulated service."""

SHARPNESS = 1.75
"""Standard deviation over titles of the logit of one person's preference, assumed likewise."""


@dataclass(frozen=True)
class Assumption:
    """Where preferences come from. ``popularity`` is the part of it that is added, or taken out."""

    label: str
    words: str
    popularity: float = 0.0


ASSUMPTIONS: dict[str, Assumption] = {
    TRUTH: Assumption("True preference", "the preferences that the simulated log was drawn from"),
    "estimated": Assumption(
        "As estimated",
        "preferences follow factors of all likes, the test's too; what an older system never "
        "showed looks disliked",
    ),
    "popular because shown": Assumption(
        "Popular because shown",
        "the same with everything that goes along with popularity taken out: titles are popular "
        "only because they were shown",
        -1.0,
    ),
    "popular because liked": Assumption(
        "Popular because liked",
        "the same with popularity added: popular titles please everybody more",
        1.0,
    ),
}
"""Name → what is assumed; :data:`TRUTH` is there only for the simulated service."""


@dataclass(frozen=True, eq=False)
class World:
    """People and what they would play.

    Attributes
    ----------
    assumption : str
        Key of :data:`ASSUMPTIONS`.
    people : int64 array of shape (n_people,)
        Rows of the artifacts: everybody, or a sample.
    preference : float32 array of shape (n_people, n_items)
        Chance that a person plays a title once they notice it, in (0, 1).
    """

    assumption: str
    people: NDArray[np.int64]
    preference: NDArray[np.float32]

    @property
    def is_true(self) -> bool:
        """Whether the preferences are the ones that the data were drawn from."""
        return self.assumption == TRUTH


def people_of(artifacts: Artifacts, *, most_cells: int = MOST_CELLS) -> NDArray[np.int64]:
    """Return who lives in the world: everybody, or an even sample where that would be too many.

    Raises
    ------
    ScenarioError
        Not even 20 people fit beside so many items.
    """
    n_most = most_cells // max(artifacts.n_items, 1)
    if n_most < min(20, artifacts.n_users):
        raise ScenarioError(
            f"{artifacts.n_items:,} items are too many to simulate a year with: a world holds "
            f"{most_cells:,} pairs of people and items; fit a part of the catalogue."
        )
    if artifacts.n_users <= n_most:
        return np.arange(artifacts.n_users)
    drawn = np.random.default_rng(0).choice(artifacts.n_users, n_most, replace=False)
    return np.sort(drawn)


def assumptions_for(artifacts: Artifacts) -> tuple[str, ...]:
    """Return the names of what can be assumed for these data, the best founded first."""
    return tuple(ASSUMPTIONS) if _truth(artifacts) is not None else tuple(ASSUMPTIONS)[1:]


def world_of(
    artifacts: Artifacts, assumption: str | None = None, *, most_cells: int = MOST_CELLS
) -> World:
    """Make a world.

    Parameters
    ----------
    artifacts : Artifacts
    assumption : str, optional
        Key of :data:`ASSUMPTIONS`; by default the truth where it is known, else "estimated".
    most_cells : int

    Raises
    ------
    ScenarioError
        The assumption is unknown, or the truth is asked for and not known.
    """
    known = assumptions_for(artifacts)
    chosen = assumption or known[0]
    if chosen not in known:
        raise ScenarioError(
            f"Preferences of {artifacts.manifest['title']} cannot be {chosen!r:.60}: give one of "
            f"{', '.join(known)}."
        )
    people = people_of(artifacts, most_cells=most_cells)
    if chosen == TRUTH:
        truth = _truth(artifacts)
        assert truth is not None
        chances = np.empty((len(people), artifacts.n_items), np.float32)
        for start in range(0, len(people), 1000):
            chances[start : start + 1000] = truth.preference(people[start : start + 1000])
        return World(chosen, people, read_only(chances))
    return World(chosen, people, _assumed(artifacts, people, ASSUMPTIONS[chosen].popularity))


def _truth(artifacts: Artifacts) -> Truth | None:
    ids = (artifacts.users["user_id"].to_numpy(object), artifacts.items["item_id"].to_numpy(object))
    return truth_behind(artifacts.manifest["name"], *ids)


def _assumed(
    artifacts: Artifacts, people: NDArray[np.int64], popularity: float
) -> NDArray[np.float32]:
    """Preferences from factors of all likes, history and test, as a sigmoid of standard scores."""
    likes = indicator(artifacts.history, artifacts.n_items, artifacts.history_is_liked)
    likes = (likes + indicator(artifacts.holdout, artifacts.n_items)).sign()
    config = source_config_of(artifacts.manifest["config"]["sources"]).als
    als = fit_als(likes.tocsr(), config, seed=0)
    counts = np.log1p(np.asarray(likes.sum(axis=0)).ravel())
    spread = counts.std()
    popular = (counts - counts.mean()) / (spread if spread > 0 else 1.0)
    logits = (als.fold_in(likes.tocsr())[people] @ als.item_factors.T).astype(np.float32)
    _standardise(logits)
    if popularity:
        along = logits @ popular / len(popular) if popularity < 0 else np.ones(len(logits))
        logits += (popularity * along[:, None] * popular).astype(np.float32)
        _standardise(logits)
    logits *= np.float32(SHARPNESS)
    logits += np.float32(_base(logits))
    return read_only(expit(logits).astype(np.float32))


def _standardise(rows: NDArray[np.float32]) -> None:
    rows -= rows.mean(axis=1, keepdims=True)
    spread = rows.std(axis=1, keepdims=True)
    rows /= np.where(spread > 1e-6, spread, 1.0).astype(np.float32)


def _base(logits: NDArray[np.float32]) -> float:
    """Find what to add so that the mean chance is :data:`MEAN_PREFERENCE`, by halving."""
    sample = logits[:: max(1, len(logits) // 500)]
    low, high = -20.0, 20.0
    for _ in range(40):
        middle = (low + high) / 2
        is_low = expit(sample + middle).mean() < MEAN_PREFERENCE
        low, high = (middle, high) if is_low else (low, middle)
    return (low + high) / 2
