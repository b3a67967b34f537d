"""Why each item of a list moved: every rise and fall split into the parts that caused it.

An item that rose stands above a rival: the ranker's best among the candidates that might have come
there instead. An item that fell, or dropped out, was passed over: a candidate that the ranker put
below it was chosen while it was still there. Either way two candidates competed for one place, and
the ledger holds the difference of their scores at that place, term by term.

A pin, a cap, a hidden item or a floor decides against the scores. Its part is then what it took
from the candidate that it stopped: just so much that the one who got the place is level. So the
parts always add up to the difference, which is never against the one who got the place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.reranking.person import SUMMANDS, Person
from engine.reranking.plan import RerankPlan, prepare
from engine.scenario import Cap, Scenario

__all__ = ["PARTS", "CapBlock", "Ledger", "LedgerEntry", "explain_list", "ledger_of"]

LEAST_SHOWN = 1e-3
"""Parts are shown to three decimals."""

PARTS = (*SUMMANDS, "cap", "pin", "hide")
"""What a move can be due to. A floor (FA*IR) counts as fairness."""


@dataclass(frozen=True)
class CapBlock:
    """A cap that stopped an item, and what stood in its way.

    Attributes
    ----------
    cap : Cap
    name : str
        The genre or provider that was full.
    holders : tuple of int
        The items above that filled it.
    """

    cap: Cap
    name: str
    holders: tuple[int, ...]

    @property
    def text(self) -> str:
        """For people: ``Drama 2 of 2 in the top 5``."""
        return f"{self.name} {len(self.holders)} of {self.cap.at_most} in the top {self.cap.top}"


@dataclass(frozen=True)
class LedgerEntry:
    """One item's move.

    Attributes
    ----------
    item : int
    rank_before : int
        In the ranker's order, from 1.
    rank_after : int or None
        In the list, from 1; None if it is not in it.
    rival : int or None
        The item it was compared with; None if it did not move.
    place : int or None
        The place of the list, from 1, that the two competed for.
    parts : dict of str to float
        Part → what it adds to the item's score over its rival's; see :data:`PARTS`.
    reason : str or None
        The part that did most to move the item the way it went.
    cap : CapBlock or None
        The cap that stopped the item, or its rival, where one did.
    """

    item: int
    rank_before: int
    rank_after: int | None
    rival: int | None
    place: int | None
    parts: dict[str, float]
    reason: str | None
    cap: CapBlock | None

    @property
    def difference(self) -> float:
        """Score of the item less that of its rival at that place: the exact sum of the parts."""
        return math.fsum(self.parts.values())

    @property
    def rise(self) -> int | None:
        """Places gained (lost if negative); None if the item dropped out."""
        return None if self.rank_after is None else self.rank_before - self.rank_after

    @property
    def text(self) -> str:
        """The main reason in words."""
        if self.reason is None:
            return "where the ranker put it"
        if self.rank_after is None:
            verb = "dropped by"
        else:
            verb = "lifted by" if (self.rise or 0) > 0 else "lowered by"
        what = f"{verb} {self.reason}" + (f": {self.cap.text}" if self.cap else "")
        if self.reason == "hide" and self.parts["hide"] == 0.0:
            return f"{what}; by its score alone it would have dropped too"
        if self.is_close:
            return f"{what}, by less than {LEAST_SHOWN:g}"
        return what

    @property
    def is_close(self) -> bool:
        """Whether the part that decided is so small that it is shown as 0: the two were level."""
        return self.reason is not None and abs(self.parts[self.reason]) < LEAST_SHOWN / 2


@dataclass(frozen=True)
class Ledger:
    """The moves of one list: its items in order, then those that dropped out of the top k."""

    user: int
    entries: tuple[LedgerEntry, ...]


def explain_list(artifacts: Artifacts, scenario: Scenario, user: int) -> Ledger:
    """Explain every item of a person's list and of the ranker's own top k.

    Raises
    ------
    ScoreError, ScenarioError
        As :func:`engine.reranking.prepare`.
    """
    return ledger_of(prepare(artifacts, scenario), user)


def ledger_of(plan: RerankPlan, user: int) -> Ledger:
    """Explain a person's list, where many are to be explained under one plan."""
    person = Person(plan, user)
    picks = [int(place) for place in plan.run(np.array([user])).positions[0] if place >= 0]
    length = min(plan.scenario.k, len(person.items))
    dropped = [place for place in range(length) if place not in picks]
    entries = [_entry(person, picks, place) for place in (*picks, *dropped)]
    return Ledger(user, tuple(entries))


def _entry(person: Person, picks: Sequence[int], place: int) -> LedgerEntry:
    after = picks.index(place) if place in picks else None
    contest = _contest(person, picks, place, after)
    move = _still() if contest is None else _move(person, picks, place, contest)
    return LedgerEntry(
        item=int(person.items[place]),
        rank_before=place + 1,
        rank_after=None if after is None else after + 1,
        rival=None if contest is None else int(person.items[contest[1]]),
        place=None if contest is None else contest[0] + 1,
        parts=move[0],
        reason=move[1],
        cap=move[2],
    )


_Move = tuple[dict[str, float], str | None, CapBlock | None]


def _still() -> _Move:
    return dict.fromkeys(PARTS, 0.0), None, None


def _move(person: Person, picks: Sequence[int], place: int, contest: tuple[int, int]) -> _Move:
    """Return the parts of the contest, the one that decided it, and the cap if it was one."""
    at, rival = contest
    sign = 1.0 if picks[at] == place else -1.0
    parts, _, _ = _still()
    terms = person.terms(picks[:at])
    for name, own, other in zip(SUMMANDS, terms[:, place], terms[:, rival], strict=True):
        parts[name] = float(own - other)
    stopped = rival if sign > 0 else place
    barrier, block = _barrier(person, picks[:at], stopped, picks[at])
    lead = -sign * math.fsum(parts.values())
    if barrier is not None and lead > 0.0:
        parts[barrier] += sign * lead
        return parts, barrier, block
    if stopped == place and person.is_hidden[place]:
        return parts, "hide", None
    return parts, max(PARTS, key=lambda name: sign * parts[name]), None


def _contest(
    person: Person, picks: Sequence[int], place: int, after: int | None
) -> tuple[int, int] | None:
    """Return the place of the list (from 0) that an item won or lost, and the other candidate.

    All candidates are named by their place in the ranker's order. An item that rose has beaten the
    ranker's first among those that might have come there, or among all if only barred ones were
    better. For an item that dropped out, a place that it lost to a cap, rule or floor alone counts
    before others; a place that a pin took counts last.
    """
    if after == place:
        return None
    if after is not None and after < place:
        chosen = picks[:after]
        better = [c for c in range(place) if c not in chosen]
        is_open = [c for c in better if _barrier(person, chosen, c, place)[0] is None]
        return after, (is_open or better)[0]
    places = range(len(picks) if after is None else after)
    n_pins = min(len(person.pinned), len(places))
    free = places[n_pins:]
    if after is None:
        for at in free:
            scores = person.terms(picks[:at]).sum(axis=0)
            is_better = scores[place] > scores[picks[at]]
            if is_better and _barrier(person, picks[:at], place, picks[at])[0] is not None:
                return at, picks[at]
    lost = [at for at in (*free, *places[:n_pins]) if picks[at] > place]
    return (lost[0], picks[lost[0]]) if lost else None


def _barrier(
    person: Person, chosen: Sequence[int], stopped: int, winner: int
) -> tuple[str | None, CapBlock | None]:
    """Return the part that kept ``stopped`` from the next place, and the cap if it was one."""
    if winner in person.pinned and person.pinned.index(winner) == len(chosen):
        return "pin", None
    if person.is_hidden[stopped]:
        return "hide", None
    barred = person.barred_by_cap(chosen)[:, stopped]
    if barred.any():
        return "cap", _block(person, chosen, stopped, int(np.argmax(barred)))
    if person.is_owed(chosen) and not person.is_lifted[stopped]:
        return "fairness", None
    return None, None


def _block(person: Person, chosen: Sequence[int], stopped: int, index: int) -> CapBlock:
    cap = person.plan.scenario.caps[index]
    pool = person.plan.pool
    marks: NDArray[np.bool_] = person.marks(cap.kind)
    names = pool.genre_names if cap.kind == "genre" else pool.provider_names
    counts = marks[list(chosen)].sum(axis=0)
    is_meant = np.array([cap.value in (None, name) for name in names], dtype=bool)
    column = int(np.argmax(marks[stopped] & is_meant & (counts >= cap.at_most)))
    holders = tuple(int(person.items[c]) for c in chosen if marks[c, column])
    return CapBlock(cap, names[column], holders)
