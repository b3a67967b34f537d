"""What can be tried: titles, genres, explanations or settings, and what each is worth to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.errors import ScenarioError
from engine.online.bandits.explained import explained_titles
from engine.reranking import rerank
from engine.scenario import Scenario
from engine.simulate.groups import groups_of
from engine.simulate.world import World

__all__ = ["ARM_KINDS", "MOST_ARMS", "ArmTable", "arm_table", "people_read"]

Floats = NDArray[np.float64]
MOST_ARMS = 8
N_TASTES = 6
N_LEVELS = 3
NEW_DAYS, MOST_LIFT = 365, 5.0
"""Age of a new release, and the largest lift."""


@dataclass(frozen=True, eq=False)
class ArmTable:
    """Arms and people.

    Attributes
    ----------
    labels : tuple of str
    chance : float64 array of shape (n_people, n_arms)
        That the person plays what the arm shows them at the first place.
    features : float64 array of shape (n_people, n_features)
        What a contextual policy may read: a constant, leading tastes, groups.
    cell : int64 array of shape (n_people,)
        Each person's finest group: the groups of the first attributes together.
    levels : tuple of int64 arrays of shape (n_cells,)
        Part of each cell by the first attribute, by the first two …, and the cell itself.
    worth : float64 array of shape (n_people, n_arms), or None
        What a play counts as, in (0, 1], where a business rule says: see :func:`arm_table`.
    """

    labels: tuple[str, ...]
    chance: Floats
    features: Floats
    cell: NDArray[np.int64]
    levels: tuple[NDArray[np.int64], ...]
    worth: Floats | None = None

    @property
    def value(self) -> Floats:
        """Expected reward of each arm, shape (n_people, n_arms)."""
        return self.chance if self.worth is None else self.chance * self.worth


def arm_table(
    artifacts: Artifacts,
    world: World,
    kind: str,
    settings: Sequence[tuple[str, Scenario]] = (),
    *,
    new_lift: float = 0.0,
) -> ArmTable:
    """Make the table of one kind of arms.

    Parameters
    ----------
    artifacts : Artifacts
    world : World
    kind : str
        Key of :data:`ARM_KINDS`. ``genres``: the person's best-ranked candidate of the genre;
        ``titles``: the most frequent first candidates; ``settings``: the first title of each
        setting's list; ``explanations``: the candidate that each explanation fits best.
    settings : sequence of (str, Scenario)
        For ``settings``.
    new_lift : float
        A business rule: a play of a title released in the last :data:`NEW_DAYS` counts as
        ``1 + new_lift`` plays of another. Rewards are divided by that, so that they stay in [0, 1].

    Raises
    ------
    ScenarioError
        The kind is unknown, there are fewer than two arms, or the lift is out of range.
    """
    if kind not in ARM_KINDS:
        raise ScenarioError(f"Arms are {', '.join(ARM_KINDS)}; got {kind!r:.60}.")
    candidates = np.asarray(artifacts.candidates)[world.people]
    if kind == "genres":
        labels, shown = _genres(artifacts, candidates)
    elif kind == "titles":
        labels, shown = _titles(artifacts, candidates)
    elif kind == "explanations":
        labels, shown = explained_titles(artifacts, world.people, candidates)
    else:
        labels = [label for label, _ in settings]
        lists = [rerank(artifacts, one, users=world.people).items[:, 0] for _, one in settings]
        shown = np.column_stack(lists) if lists else np.empty((len(candidates), 0), np.int64)
    if len(labels) < 2:
        raise ScenarioError(f"There are fewer than two {kind} to choose between in these data.")
    own = np.take_along_axis(world.preference, np.maximum(shown, 0), axis=1).astype(np.float64)
    features, cell, levels = people_read(artifacts, world.people)
    chance = np.where(shown >= 0, own, 0.0)
    worth = _worth(artifacts, shown, new_lift) if new_lift else None
    return ArmTable(tuple(labels), chance, features, cell, levels, worth)


def _worth(artifacts: Artifacts, shown: NDArray[np.int64], lift: float) -> Floats:
    if not 0 < lift <= MOST_LIFT:
        raise ScenarioError(
            f"The lift of new releases must be from 0 to {MOST_LIFT:g}; got {lift:g}."
        )
    age = artifacts.now_day - np.asarray(artifacts.released_day)[np.maximum(shown, 0)]
    is_new = (shown >= 0) & (age <= NEW_DAYS)
    if not is_new.any():
        raise ScenarioError(
            f"No arm shows a title of the last {NEW_DAYS} days: a lift of new releases moves "
            "nothing; leave it out."
        )
    return np.where(is_new, 1.0, 1 / (1 + lift))


def people_read(
    artifacts: Artifacts, people: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.int64], tuple[NDArray[np.int64], ...]]:
    """Return what policies may read of people: features, cell and levels of :class:`ArmTable`."""
    return _features(artifacts, people), *_cells(artifacts, people)


def _cells(
    artifacts: Artifacts, rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], tuple[NDArray[np.int64], ...]]:
    """Part people by one attribute, by two, by three, each within the one before."""
    codes = np.asarray(artifacts.user_groups)[rows].astype(np.int64)[:, :N_LEVELS]
    _, first, cell = np.unique(codes, axis=0, return_index=True, return_inverse=True)
    levels = []
    for depth in range(1, codes.shape[1] + 1):
        _, part = np.unique(codes[first, :depth], axis=0, return_inverse=True)
        levels.append(part.ravel().astype(np.int64))
    return cell.ravel().astype(np.int64), tuple(levels)


def _genres(
    artifacts: Artifacts, candidates: NDArray[np.int32]
) -> tuple[list[str], NDArray[np.int64]]:
    matrix = np.asarray(artifacts.genre_matrix)
    frequent = np.argsort(-matrix.sum(axis=0), kind="stable")[:MOST_ARMS]
    frequent = frequent[matrix.sum(axis=0)[frequent] > 0]
    shown = np.full((len(candidates), len(frequent)), -1, np.int64)
    for column, genre in enumerate(frequent):
        is_in = matrix[np.maximum(candidates, 0), genre] & (candidates >= 0)
        first = is_in.argmax(axis=1)
        found = np.take_along_axis(candidates, first[:, None], axis=1)[:, 0]
        shown[:, column] = np.where(is_in.any(axis=1), found, -1)
    return [artifacts.genre_names[genre] for genre in frequent], shown


def _titles(
    artifacts: Artifacts, candidates: NDArray[np.int32]
) -> tuple[list[str], NDArray[np.int64]]:
    first = candidates[:, :10]
    counts = np.bincount(first[first >= 0], minlength=artifacts.n_items)
    frequent = np.argsort(-counts, kind="stable")[:MOST_ARMS]
    frequent = frequent[counts[frequent] > 0]
    titles = artifacts.items["title"].astype(str).to_numpy(object)
    shown = np.broadcast_to(frequent, (len(candidates), len(frequent)))
    return [str(titles[item]) for item in frequent], shown


def _features(artifacts: Artifacts, rows: NDArray[np.int64]) -> Floats:
    people = np.asarray(artifacts.mf_user_factors, np.float64)[rows]
    left, sizes, _ = np.linalg.svd(people - people.mean(axis=0), full_matrices=False)
    tastes = (left * sizes)[:, :N_TASTES]
    spread = tastes.std(axis=0)
    tastes = tastes / np.where(spread > 0, spread, 1.0)
    groups = groups_of(artifacts, rows)
    of_groups = np.zeros((len(people), groups.n_groups))
    np.put_along_axis(of_groups, groups.codes, 1.0, axis=1)
    kept = of_groups[:, groups.sizes >= 20][:, :20]
    return np.column_stack([np.ones(len(people)), tastes, kept])


ARM_KINDS = ("genres", "titles", "explanations", "settings")
