"""What a request asks for, read strictly: what is unknown, twice or too long is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.controls import CONTROLS, Number
from engine.errors import ScenarioError
from engine.scenario_values import brief
from engine.strict_json import json_of

__all__ = ["MOST_BODY", "Asked", "Chosen", "read_asked", "read_chosen"]

MOST_LETTERS = 200
"""Of an id or a name."""

MOST_BODY = 4_000
"""Bytes of what is sent."""

YES_NO = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


@dataclass(frozen=True)
class Asked:
    """A list that is asked for."""

    user_id: str
    k: int | None = None
    scenario: str | None = None
    reasons: bool = False

    @property
    def is_quick(self) -> bool:
        """Whether the answer takes a fraction of a millisecond: plans are made, no reasons."""
        return self.k is None and self.scenario is None and not self.reasons


def read_asked(user: str, query: Sequence[tuple[str, str]]) -> Asked:
    """Read a path's person and its query.

    Raises
    ------
    ScenarioError
        A name is unknown or given twice, or a value is none.
    """
    known = ("k", "scenario", "reasons")
    given: dict[str, str] = {}
    for name, value in query:
        if name not in known:
            raise ScenarioError(
                f"{brief(name)} is no part of the question; there are {', '.join(known)}."
            )
        if name in given:
            raise ScenarioError(f"`{name}` is given twice.")
        given[name] = value
    return Asked(
        _short("the person's id", user),
        _length(given["k"]) if "k" in given else None,
        _short("`scenario`", given["scenario"]) if "scenario" in given else None,
        _yes("reasons", given.get("reasons", "0")),
    )


def _short(what: str, text: str) -> str:
    if not 0 < len(text) <= MOST_LETTERS:
        raise ScenarioError(f"{what} must have 1 to {MOST_LETTERS} letters; it has {len(text):,}.")
    return text


def _length(text: str) -> int:
    control = CONTROLS["k"]
    assert isinstance(control, Number)
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    return int(control.check(int(text) if is_number else text) or 0)


def _yes(name: str, text: str) -> bool:
    if text.lower() not in YES_NO:
        raise ScenarioError(f"`{name}` must be 1 or 0; got {brief(text)}.")
    return YES_NO[text.lower()]


@dataclass(frozen=True)
class Chosen:
    """A place of an answer that somebody chose."""

    slate: str
    item_id: str
    event: str


def read_chosen(content: bytes) -> Chosen:
    """Read what was chosen.

    Raises
    ------
    ScenarioError
        It is something else.
    """
    given: Any = json_of(content, max_bytes=MOST_BODY, what="What was chosen", error=ScenarioError)
    names = ("slate", "item_id", "event")
    if not isinstance(given, dict) or set(given) != set(names):
        raise ScenarioError(
            'What was chosen must be {"slate": …, "item_id": …, "event": …} and nothing more.'
        )
    for name in names:
        if not isinstance(given[name], str):
            raise ScenarioError(f"`{name}` of what was chosen must be text.")
        _short(f"`{name}` of what was chosen", given[name])
    if given["event"].strip().casefold() == "impression":
        raise ScenarioError("`event` of what was chosen must say what was done, such as play.")
    return Chosen(given["slate"], given["item_id"], given["event"])
