"""Keys of the page's widgets: their names in the session's state and in the link."""

from __future__ import annotations

__all__ = ["ALL", "ASSUME", "ATTENTION", "BEND", "BY", "REFIT", "REPEATS", "ROUNDS", "SECTION"]
__all__ += ["ARMS", "FLOOR", "LOG_OF", "NEW_LIFT", "RATE", "RATE_BY", "SLOTS", "TEMPERATURE"]

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
LOG_OF = "log_of"
NEW_LIFT = "new_lift"
RATE = "rate"
RATE_BY = "rate_by"

ALL: tuple[str, ...] = (
    *(SLOTS, ASSUME, ATTENTION, ROUNDS, REPEATS, REFIT, BY),
    *(SECTION, BEND, TEMPERATURE, ARMS, FLOOR),
    *(LOG_OF, NEW_LIFT, RATE, RATE_BY),
)
