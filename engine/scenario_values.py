"""Single values of a scenario, checked: each refusal names the field, what came and what may.

Whatever JSON or an address can hold may come: lists, numbers of any size, half letters.
"""

from __future__ import annotations

import reprlib
from typing import Any

from engine.errors import ScenarioError

__all__ = ["MAX_TEXT", "brief", "number", "one_of", "text", "whole_number"]

MAX_TEXT = 300
"""Letters of one name, title or value."""

_REPR = reprlib.Repr()
_REPR.maxstring, _REPR.maxother, _REPR.maxlong = 60, 60, 40
_REPR.maxlist, _REPR.maxtuple, _REPR.maxdict, _REPR.maxlevel = 3, 3, 3, 2


def brief(value: Any) -> str:
    """Show a value in a sentence: short, in one line, whatever it is.

    >>> brief("a" * 100)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaa...aaaaaaaaaaaaaaaaaaaaaaaaaaaa'"
    >>> brief(10**5000)
    'a number of more than 4,000 digits'
    """
    try:
        return _REPR.repr(value)
    except ValueError:  # Python does not write such numbers out
        return "a number of more than 4,000 digits"


def is_number(value: Any) -> bool:
    """Whether ``value`` is a number; ``True`` and ``False`` are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def number(owner: str, name: str, value: Any, low: float, high: float) -> float:
    """Return ``value`` as a float from ``low`` to ``high``."""
    if not is_number(value) or not low <= value <= high:
        raise _refusal(owner, name, f"a number from {low:g} to {high:g}", value)
    return float(value)


def whole_number(owner: str, name: str, value: Any, low: float, high: float) -> int:
    """Return ``value`` as a whole number from ``low`` to ``high``; ``2.0`` is one."""
    if not is_number(value) or not low <= value <= high or value != int(value):
        raise _refusal(owner, name, f"a whole number from {low:g} to {high:g}", value)
    return int(value)


def one_of(owner: str, name: str, value: Any, allowed: tuple[str, ...]) -> str:
    """Return ``value``, which is one of a few words."""
    if not isinstance(value, str) or value not in allowed:
        raise _refusal(owner, name, f"one of {', '.join(allowed)}", value)
    return value


def text(owner: str, name: str, value: Any, what: str = "text") -> str:
    """Return ``value``, a text that files, pages and addresses can hold."""
    if not isinstance(value, str) or len(value) > MAX_TEXT or not _is_whole_text(value):
        raise _refusal(owner, name, f"{what} of at most {MAX_TEXT} letters", value)
    return value


def _is_whole_text(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def _refusal(owner: str, name: str, expected: str, value: Any) -> ScenarioError:
    return ScenarioError(f"`{name}` of {owner} must be {expected}; got {brief(value)}.")
