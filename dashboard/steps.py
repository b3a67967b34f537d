"""Undo and redo: where the controls stood, move by move, for as long as the session lasts.

A preset, a reset, a file, a setting taken from a map: whatever moves the controls is one step.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from dashboard import cached_engine, session
from dashboard.boundary import callback
from dashboard.named_icons import named_icon
from engine.scenario import Scenario

__all__ = ["MOST_STEPS", "Steps", "note_step", "step_buttons"]

MOST_STEPS = 100
"""Steps that can be taken back; the oldest are forgotten."""

_STEPS = "_steps"


@dataclass
class Steps:
    """Settings in the order in which they were made, and which of them stands.

    >>> steps = Steps()
    >>> for weight in (0.0, 0.1, 0.2):
    ...     steps.note(Scenario(diversity=weight))
    >>> steps.move(-1).diversity, steps.can(1)
    (0.1, True)
    >>> steps.note(Scenario(diversity=0.9))  # a move after an undo: what was undone is gone
    >>> steps.can(1), steps.move(-1).diversity
    (False, 0.1)
    """

    made: list[Scenario] = field(default_factory=list)
    at: int = -1

    def note(self, here: Scenario) -> None:
        """Add a step where the controls are not where the last one left them."""
        if self.made and self.made[self.at] == here:
            return
        del self.made[self.at + 1 :]
        self.made.append(here)
        del self.made[: -MOST_STEPS - 1]
        self.at = len(self.made) - 1

    def can(self, by: int) -> bool:
        """Whether there is a step so far back or ahead."""
        return 0 <= self.at + by < len(self.made)

    def move(self, by: int) -> Scenario:
        """Go that far, and return where the controls stood there."""
        self.at += by
        return self.made[self.at]


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
    _steps().note(session.scenario())


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
