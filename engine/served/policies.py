"""Whose list a person gets: the champion's or the challenger's, by a hash of the person's id."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from engine.saved.records import Saved
from engine.saved.standing import standing
from engine.saved.store import ScenarioStore
from engine.scenario import NEUTRAL, Scenario

__all__ = ["RANKER", "Policy", "Stand", "policy_of", "read_stand", "store_signature"]

HASH_BYTES = 7
"""Of the digest: what a float holds exactly."""


@dataclass(frozen=True)
class Policy:
    """A scenario that can be served. ``name`` stands in answers and in the log."""

    name: str
    scenario: Scenario
    id: str = ""
    revision: int = 0

    @property
    def key(self) -> str:
        """What it is, whatever it is called."""
        return f"{self.id}:{self.revision}"


RANKER = Policy("the ranker's order", NEUTRAL)
"""Who stands where nothing was promoted."""


@dataclass(frozen=True)
class Stand:
    """Who is served to whom.

    Attributes
    ----------
    data : str
        Name of the data set.
    champion : Policy
    challenger : Policy or None
    share : float
        Part of the people that gets the challenger's lists, in (0, 1); of no meaning without one.
    """

    data: str
    champion: Policy
    challenger: Policy | None
    share: float

    def arms(self) -> tuple[tuple[Policy, float], ...]:
        """Return each policy with the part of the people that it is shown to."""
        if self.challenger is None:
            return ((self.champion, 1.0),)
        return ((self.champion, 1.0 - self.share), (self.challenger, self.share))

    def arm_of(self, user_id: str) -> int:
        """Return the place, among :meth:`arms`, of what a person gets; always the same.

        The people are dealt anew where another pair stands: one experiment does not hang on the
        deal of the last.
        """
        if self.challenger is None:
            return 0
        salt = f"{self.data}|{self.champion.key}|{self.challenger.key}"
        return int(_uniform(salt, user_id) < self.share)


def _uniform(salt: str, user_id: str) -> float:
    """Deal a number in [0, 1) to an id, evenly over ids.

    >>> 0 <= _uniform("a", "7") < 1, _uniform("a", "7") == _uniform("a", "7")
    (True, True)
    """
    digest = hashlib.blake2b(f"{salt}|{user_id}".encode(), digest_size=HASH_BYTES).digest()
    return (int.from_bytes(digest, "big") >> 3) / 2.0 ** (8 * HASH_BYTES - 3)


def read_stand(store: ScenarioStore, data: str, share: float) -> Stand:
    """Return who stands for a data set now.

    Raises
    ------
    StoreError
        The store cannot be read.
    ScenarioError
        Who stands is of a newer version.
    """
    now = standing(store, data)
    champion = RANKER if now.champion is None else policy_of(now.champion)
    challenger = None if now.challenger is None else policy_of(now.challenger)
    return Stand(data, champion, challenger, share)


def policy_of(saved: Saved) -> Policy:
    """Return a saved scenario as what can be served.

    Raises
    ------
    ScenarioError
        It is of a newer version.
    """
    return Policy(saved.name, replace(saved.scenario, name=""), saved.id, saved.revision)


def store_signature(path: Path) -> tuple[object, ...]:
    """Return what changes with every write to the store, without opening it."""
    found: list[object] = []
    for end in ("", "-wal"):
        try:
            told = path.with_name(path.name + end).stat()
            found.append((told.st_mtime_ns, told.st_size, told.st_ino))
        except OSError:
            found.append(None)
    return tuple(found)
