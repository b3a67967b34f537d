"""Undo and redo: where the controls stood, move by move, for as long as the session lasts.

A preset, a reset, a file, a setting taken from a map: whatever moves the controls is one step.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, fields

import streamlit as st

from dashboard import cached_engine, session
from dashboard.boundary import callback
from dashboard.named_icons import named_icon
from engine.scenario import Scenario

__all__ = ["MOST_STEPS", "Steps", "note_step", "step_buttons"]

MOST_STEPS = 100
"""Steps that can be taken back; the oldest are forgotten."""

AT_ONCE = 1.0
"""Seconds within which the same control moved again is one move, as in ``front/history.js``."""

_STEPS = "_steps"


@dataclass
class Steps:
    """Settings in the order in which they were made, and which of them stands.

    >>> steps = Steps()
    >>> for second, weight in enumerate((0.0, 0.1, 0.2)):
    ...     steps.note(Scenario(diversity=weight), 2.0 * second)
    >>> steps.move(-1).diversity, steps.can(1)
    (0.1, True)
    >>> steps.note(Scenario(diversity=0.9), 9.0)  # after an undo: what was undone is gone
    >>> steps.can(1), steps.move(-1).diversity
    (False, 0.1)
    """

    made: list[Scenario] = field(default_factory=list)
    at: int = -1
    last: tuple[frozenset[str], float] = (frozenset(), 0.0)

    def note(self, here: Scenario, now: float) -> None:
        """Add a step where the controls are not where the last one left them.

        The same control moved again at once (an arrow key that is held) is one move. ``now`` is in
        seconds.
        """
        if self.made and self.made[self.at] == here:
            return
        moved = _moved(self.made[self.at], here) if self.made else frozenset()
        before, when = self.last
        is_same_move = len(moved) == 1 and moved == before and now - when < AT_ONCE
        self.last = (moved, now)
        del self.made[self.at + 1 :]
        if is_same_move:
            self.made.pop()
        self.made.append(here)
        del self.made[: -MOST_STEPS - 1]
        self.at = len(self.made) - 1

    def can(self, by: int) -> bool:
        """Whether there is a step so far back or ahead."""
        return 0 <= self.at + by < len(self.made)

    def move(self, by: int) -> Scenario:
        """Go that far, and return where the controls stood there."""
        self.at += by
        self.last = (frozenset(), 0.0)
        return self.made[self.at]


def _moved(before: Scenario, after: Scenario) -> frozenset[str]:
    return frozenset(
        one.name
        for one in fields(Scenario)
        if getattr(before, one.name) != getattr(after, one.name)
    )


def _steps() -> Steps:
    """Return this session's steps on the data set shown; another's limits mean nothing here."""
    about = cached_engine.fit_key()[0]
    known = st.session_state.get(_STEPS)
    if known is None or known[0] != about:
        known = st.session_state[_STEPS] = (about, Steps())
    steps: Steps = known[1]
    return steps


def note_step() -> None:
    """Note where the controls stand, once they are drawn and whenever they redraw a page."""
    _steps().note(session.scenario(), time.monotonic())


def step_buttons() -> None:
    """Draw Undo and Redo; call it in the live part, after :func:`note_step`.

    Their keys are in ``front/steps.js``: those that Streamlit gives a button are taken from
    somebody who types, whose own undo they are.
    """
    steps = _steps()
    for by, shape, words in (
        (-1, "undo", "Undo the last move of a control (Ctrl or ⌘ + Z)"),
        (1, "redo", "Redo the move that was undone (Ctrl or ⌘ + Shift + Z)"),
    ):
        st.button(
            named_icon(shape, words),
            key=f"_{shape}",
            help=words,
            type="tertiary",
            disabled=not steps.can(by),
            on_click=_move,
            args=(by,),
        )


@callback
def _move(by: int) -> None:
    """Put the controls where they stood; the sidebar is outside of the live part, so all redraws.

    Where the buttons are older than the last move (two clicks at once) there may be no such step.
    """
    steps = _steps()
    if steps.can(by):
        session.set_scenario(steps.move(by))
    st.rerun()
