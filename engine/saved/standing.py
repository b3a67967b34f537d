"""Champion and challenger of a data set: who stands, promote, roll back; every step is kept."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

import peewee

from engine.saved.errors import StoreError
from engine.saved.records import Author, Saved, Standing, Step, stamp
from engine.saved.schema import STEPS, reading, writing
from engine.saved.store import ScenarioStore, insert
from engine.scenario_values import brief

__all__ = ["challenge", "promote", "roll_back", "standing"]

NOBODY = Author()
NONE = ("", 0)

Stands = tuple[str, int]
"""A scenario's id and revision."""


def standing(store: ScenarioStore, data: str) -> Standing:
    """Return who stands for a data set now.

    The champion is a revision: what is changed in the scenario later has to be promoted anew.
    """
    with reading(store.path) as database:
        steps = () if database is None else _steps(database, data)
    champions, challenger = _replayed(steps)
    champion = store.get(*champions[-1]) if champions else None
    return Standing(champion, store.get(*challenger) if challenger[0] else None, steps)


def challenge(
    store: ScenarioStore, since: Standing, saved: Saved, *, by: Author = NOBODY,
    now: datetime | None = None,
) -> Standing:  # fmt: skip
    """Put a scenario forward as the challenger, in place of any other."""
    return _step(store, since, "challenge", saved.data, (saved.id, saved.revision), by, now)


def promote(
    store: ScenarioStore, since: Standing, saved: Saved, *, by: Author = NOBODY,
    now: datetime | None = None,
) -> Standing:  # fmt: skip
    """Make a scenario, as ``saved`` has it, the champion; a challenger that it was is none then.

    Parameters
    ----------
    store : ScenarioStore
    since : Standing
        What stood when this was decided: where somebody took a step since, it is refused.
    saved : Saved
    by : Author

    Raises
    ------
    StoreError
        Somebody else took a step meanwhile, or the scenario is deleted.
    """
    if saved.is_deleted:
        raise StoreError(f"{brief(saved.name)} is deleted: restore it first.")
    return _step(store, since, "promote", saved.data, (saved.id, saved.revision), by, now)


def roll_back(
    store: ScenarioStore, since: Standing, data: str, *, by: Author = NOBODY,
    now: datetime | None = None,
) -> Standing:  # fmt: skip
    """Take the last promotion back: the champion before it stands again.

    Raises
    ------
    StoreError
        There is nothing to take back, or somebody else took a step meanwhile.
    """
    champions, _ = _replayed(since.steps)
    if not champions:
        raise StoreError(f"No champion of {data} stands, so there is nothing to roll back.")
    again = champions[-2] if len(champions) > 1 else NONE
    return _step(store, since, "roll back", data, again, by, now)


def _step(
    store: ScenarioStore, since: Standing, action: str, data: str, stands: Stands, by: Author,
    now: datetime | None,
) -> Standing:  # fmt: skip
    row = {
        "data": data, "action": action, "id": stands[0], "revision": stands[1],
        "who": by.who, "at": stamp(now), "why": by.why,
    }  # fmt: skip
    with writing(store.path) as database:
        known = _steps(database, data)
        if known[len(since.steps) :]:
            other = known[-1]
            raise StoreError(
                f"Meanwhile {other.who or 'somebody'} took a step of their own ({other.action}, "
                f"{other.at}), so yours was not taken: look at what stands now, and decide again."
            )
        insert(database, STEPS, row)
    return standing(store, data)


def _steps(database: peewee.SqliteDatabase, data: str) -> tuple[Step, ...]:
    query = STEPS.select(*(getattr(STEPS.c, field.name) for field in fields(Step)))
    query = query.where(STEPS.c.data == data).order_by(STEPS.c.seq)
    return tuple(Step(**row) for row in query.dicts().execute(database))


def _replayed(steps: tuple[Step, ...]) -> tuple[list[Stands], Stands]:
    """Return the champions that were not taken back, the present one last; and the challenger."""
    champions: list[Stands] = []
    challenger = NONE
    for step in steps:
        stands = (step.id, step.revision)
        if step.action == "challenge":
            challenger = stands
        elif step.action == "promote":
            champions.append(stands)
            challenger = NONE if challenger[0] == step.id else challenger
        else:
            champions.pop()
    return champions, challenger
