"""Two years of visits: what each visitor is shown, notices, plays, and how they rate it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo_data.records import Plays, Shown, joined, numbered, taken
from demo_data.window import (
    ROUND_DAYS,
    Rows,
    attention,
    fill_rows,
    propensities,
    window_weights,
)
from demo_data.world import BASE_LOGIT, DAYS, Dials, World, true_logits

__all__ = ["simulate_visits"]

N_ROUNDS = DAYS // ROUND_DAYS
MEMORY = 0.85
"""Share of an item's recent plays that still counts a fortnight later."""
SEEN_CELLS = 400_000_000
"""People are handled in blocks of at most this many people × items."""

RATING_NOISE = 0.9
RATING_SCALE = 1.75
RATING_CUTS = np.array([-0.7, 0.1, 0.95, 2.0])
"""A rating is 1 plus the number of cuts below (logit - base) / scale + noise."""

SHUFFLE_LOGIT = -2.0
"""Instead of a preference, where a visit is a shuffle: taste plays no part."""

DAY_SECONDS = 86_400
PLAY_SECONDS = 5400


@dataclass(frozen=True, eq=False)
class _Fortnight:
    """What every block meets in one fortnight: the window's weights, and how busy it is."""

    number: int
    weights: NDArray[np.float64]
    visits: float


def simulate_visits(
    world: World, dials: Dials, n_plays: int, *, n_logged: int, rng: np.random.Generator
) -> tuple[Plays, Shown]:
    """Let two years pass.

    The window follows the plays of the first block of people, who are everyone unless people ×
    items exceed 400 million; further blocks meet the window that the first one made.

    Parameters
    ----------
    world : World
    dials : Dials
    n_plays : int
        About how many plays there shall be.
    n_logged : int
        About how many rows go into the impression log, all from the first block.
    rng : Generator

    Returns
    -------
    plays : Plays
        By user, then time. Nobody plays an item twice.
    shown : Shown
        By time. Shuffles are not logged.
    """
    n_users, n_items = len(world.user_bias), len(world.item_bias)
    size = max(1, min(n_users, SEEN_CELLS // max(n_items, 1)))
    lead, *others = (np.arange(at, min(at + size, n_users)) for at in range(0, n_users, size))
    first = _Block(world, dials, lead, rng)
    fortnights, shown = _lead(first, n_plays, n_logged)
    done = [first.plays()]
    for people in others:
        block = _Block(world, dials, people, rng)
        for fortnight in fortnights:
            block.pass_fortnight(fortnight, n_logged=0.0)
        done.append(block.plays())
    return joined(Plays, done), shown


def _lead(block: _Block, n_plays: int, n_logged: int) -> tuple[list[_Fortnight], Shown]:
    """Run the block whose plays make the window.

    The number of visits of a fortnight is steered by how many plays are still missing.
    """
    recent = np.zeros(len(block.world.item_bias))
    per_visit, share_so_far = 1.0, 0.0
    share_of_all = block.world.activity[block.people].sum()
    fortnights, logs = [], []
    for number in range(N_ROUNDS):
        share = float(block.shares(number).sum())
        share_so_far += share
        missing = max(n_plays * share_so_far - block.n_plays, 0.0)
        visits = missing / per_visit / share if share else 0.0
        weights = window_weights(recent, block.world, number * ROUND_DAYS, block.dials)
        fortnights.append(_Fortnight(number, weights, visits))
        to_log = n_logged * share / share_of_all
        n_visits, items, log = block.pass_fortnight(fortnights[-1], n_logged=to_log)
        recent = MEMORY * recent + np.bincount(items, minlength=len(recent))
        per_visit = max(len(items) / n_visits, 0.01) if n_visits else per_visit
        logs.append(log)
    return fortnights, numbered(logs)


class _Block:
    """Some of the people, with what they have played so far."""

    def __init__(
        self, world: World, dials: Dials, people: NDArray[np.int64], rng: np.random.Generator
    ) -> None:
        self.world, self.dials, self.people, self.rng = world, dials, people, rng
        self.is_played = np.zeros((len(people), len(world.item_bias)), dtype=bool)
        self.attention = attention(dials)
        self.done: list[Plays] = []
        self.n_plays = 0

    def shares(self, number: int) -> NDArray[np.float64]:
        """Each person's expected share of all visits in a fortnight; 0 before they joined."""
        joined = self.world.joined_day[self.people] // ROUND_DAYS
        share = self.world.activity[self.people] / (N_ROUNDS - joined)
        return np.where(joined <= number, share, 0.0)

    def pass_fortnight(
        self, fortnight: _Fortnight, *, n_logged: float
    ) -> tuple[int, NDArray[np.int32], Shown]:
        """Make the fortnight's visits; return their number, the items played and the log."""
        rng, n_items = self.rng, self.is_played.shape[1]
        expected = self.shares(fortnight.number) * fortnight.visits * bool(fortnight.weights.any())
        counts = rng.poisson(expected)
        visitor = np.repeat(np.arange(len(self.people)), counts)
        is_first = np.diff(visitor, prepend=-1) > 0
        start = fortnight.number * ROUND_DAYS * DAY_SECONDS
        second = start + rng.integers(0, (ROUND_DAYS - 1) * DAY_SECONDS, len(visitor))
        may_shuffle = self.world.is_noisy[self.people[visitor]]
        is_shuffle = may_shuffle & (rng.random(len(visitor)) < self.dials.quality_gap)
        rows = self._rows(visitor, is_shuffle, fortnight.weights)
        logit = true_logits(self.world, self.people[visitor][rows.row], rows.item)
        logit[is_shuffle[rows.row]] = SHUFFLE_LOGIT
        chance = self.attention[rows.position] / (1 + np.exp(-logit))
        plays = np.flatnonzero(rng.random(len(chance)) < chance)
        # Of a person's visits only the first may be logged: a later one knows what that played.
        log_share = n_logged / max((1 - np.exp(-expected)).sum(), 1e-9)
        is_logged = is_first & ~is_shuffle & (rng.random(len(visitor)) < log_share)
        log = self._log(rows, visitor, second, plays, is_logged, fortnight.weights)
        # Two visits in one fortnight may come upon the same item: the first play counts.
        pair = visitor[rows.row[plays]] * n_items + rows.item[plays]
        plays = plays[np.sort(np.unique(pair, return_index=True)[1])]
        self._keep(rows, visitor, second, logit, plays)
        return len(visitor), rows.item[plays].astype(np.int32), log

    def _rows(
        self,
        visitor: NDArray[np.int64],
        is_shuffle: NDArray[np.bool_],
        weights: NDArray[np.float64],
    ) -> Rows:
        """Fill each visit's row: from the window, or from all released items alike."""
        parts = []
        for is_kind, cumulative in (
            (~is_shuffle, np.cumsum(weights)),
            (is_shuffle, np.cumsum(weights > 0.0, dtype=np.float64)),
        ):
            visits = np.flatnonzero(is_kind)
            rows = fill_rows(self.is_played, visitor[visits], cumulative, self.rng)
            parts.append(Rows(visits[rows.row], rows.position, rows.item))
        merged = [np.concatenate(arrays) for arrays in zip(*map(_flat, parts), strict=True)]
        order = np.argsort(merged[0], kind="stable")
        return Rows(*(array[order] for array in merged))

    def _log(
        self,
        rows: Rows,
        visitor: NDArray[np.int64],
        second: NDArray[np.int64],
        plays: NDArray[np.int64],
        is_logged: NDArray[np.bool_],
        weights: NDArray[np.float64],
    ) -> Shown:
        was_played = np.zeros(len(rows.row), dtype=bool)
        was_played[plays] = True
        chosen = np.flatnonzero(is_logged[rows.row])
        number = np.cumsum(is_logged) - 1
        part = Rows(number[rows.row[chosen]], rows.position[chosen], rows.item[chosen])
        people = visitor[is_logged]
        return Shown(
            row=part.row.astype(np.int32),
            user=self.people[people][part.row].astype(np.int32),
            item=part.item.astype(np.int32),
            second=second[is_logged][part.row],
            position=part.position.astype(np.int8),
            propensity=propensities(part, self.is_played, people, weights),
            is_played=was_played[chosen],
        )

    def _keep(
        self,
        rows: Rows,
        visitor: NDArray[np.int64],
        second: NDArray[np.int64],
        logit: NDArray[np.float64],
        plays: NDArray[np.int64],
    ) -> None:
        row, item = rows.row[plays], rows.item[plays]
        # The plays of one visit follow each other.
        nth = np.arange(len(row)) - np.searchsorted(row, row)
        liking = (logit[plays] - BASE_LOGIT) / RATING_SCALE
        liking += RATING_NOISE * self.rng.standard_normal(len(plays))
        rating = 1 + np.searchsorted(RATING_CUTS, liking)
        self.is_played[visitor[row], item] = True
        self.n_plays += len(plays)
        self.done.append(
            Plays(
                self.people[visitor[row]].astype(np.int32),
                item.astype(np.int32),
                second[row] + nth * PLAY_SECONDS,
                rating.astype(np.int8),
            )
        )

    def plays(self) -> Plays:
        """Return everything that was played, by user, then time."""
        table = joined(Plays, self.done)
        return taken(table, np.lexsort((table.item, table.second, table.user)))


def _flat(rows: Rows) -> tuple[NDArray[np.int64], ...]:
    return rows.row, rows.position, rows.item
