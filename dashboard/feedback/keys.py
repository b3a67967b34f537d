"""Keys of the page's widgets: their names in the session's state and in the link."""

from __future__ import annotations

__all__ = ["ALL", "ASSUME", "ATTENTION", "BEND", "BY", "REFIT", "REPEATS", "ROUNDS", "SECTION"]
__all__ += ["ARMS", "FLOOR", "SLOTS", "TEMPERATURE"]

SLOTS = "explore"
ASSUME = "assume"
ATTENTION = "noticing"
ROUNDS = "rounds"
REPEATS = "repeats"
REFIT = "refit"
BY = "year_by"
SECTION = "loop"
BEND = "bend"
TEMPERATURE = "heat"
ARMS = "arms"
FLOOR = "floor"

ALL: tuple[str, ...] = (
    *(SLOTS, ASSUME, ATTENTION, ROUNDS, REPEATS, REFIT, BY),
    *(SECTION, BEND, TEMPERATURE, ARMS, FLOOR),
)
