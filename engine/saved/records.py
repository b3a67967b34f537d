"""What the store holds: a scenario as it was left by each change, and who stood as champion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.scenario import Scenario
from engine.scenario_values import text

__all__ = ["Author", "Saved", "Standing", "Step", "history_lines", "stamp"]

OWNER = "a saved scenario"


@dataclass(frozen=True)
class Author:
    """Who makes a change, and why; both may be left empty."""

    who: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        text(OWNER, "who", self.who)
        text(OWNER, "why", self.why)


@dataclass(frozen=True)
class Saved:
    """A saved scenario as one change left it.

    Attributes
    ----------
    seq : int
        Counts all changes of the store: the order of events, whatever the clock said.
    id : str
        The scenario's own, the same through all of its changes.
    revision : int
        From 1.
    data : str
        Name of the data set that it was saved on.
    action : str
        ``saved``, ``changed``, ``renamed``, ``annotated``, ``duplicated``, ``deleted``,
        ``restored``.
    name, note : str
    content : str
        The scenario file's text.
    is_deleted : bool
    who, at, why : str
        ``at`` is a moment in UTC by the clock of who wrote it.
    """

    seq: int
    id: str
    revision: int
    data: str
    action: str
    name: str
    note: str
    content: str
    is_deleted: bool
    who: str
    at: str
    why: str

    @property
    def scenario(self) -> Scenario:
        """The scenario, under its saved name.

        Raises
        ------
        ScenarioError
            It is of a newer version, or the text is no scenario; it stays as it is.
        """
        return Scenario.from_json(self.content)


@dataclass(frozen=True)
class Step:
    """One step in who stands: ``challenge``, ``promote`` or ``roll back``.

    ``id`` and ``revision`` name the scenario that it puts forward; of a step back, the one that
    stands again, empty and 0 where that is the ranker's order.
    """

    seq: int
    data: str
    action: str
    id: str
    revision: int
    who: str
    at: str
    why: str


@dataclass(frozen=True)
class Standing:
    """Who stands now, for one data set: the champion, who challenges it, and how it came about."""

    champion: Saved | None
    challenger: Saved | None
    steps: tuple[Step, ...]


def stamp(now: datetime | None = None) -> str:
    """Write a moment as the store does: ``2026-01-31T12:00:00Z``."""
    return (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def history_lines(entries: Sequence[Saved | Step]) -> list[str]:
    """Say who did what and when, a line each, in the order in which it happened.

    Where the clock had gone backwards the line says so: the order is that of the changes.
    """
    lines, before = [], ""
    for entry in entries:
        behind = " (the clock stood behind the change before)" if entry.at < before else ""
        why = f": {entry.why}" if entry.why else ""
        name = f" {entry.name!r}" if isinstance(entry, Saved) else ""
        lines.append(
            f"{entry.at}{behind} {entry.who or 'somebody'} {entry.action}{name} "
            f"(revision {entry.revision}){why}"
        )
        before = max(before, entry.at)
    return lines
