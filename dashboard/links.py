"""A scenario as text for the address bar, and back: exactly, or refused.

>>> caps_to_text((Cap("genre", None, 2, 5), Cap("provider", "Acme, Ltd", 1, 3)))
'2/5,genre;1/3,provider,Acme%2C%20Ltd'
>>> rules_to_text((Rule("boost", "genre", ("Horror", "War"), 0.123456789),))
'boost,genre,Horror|War,0.123456789'
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from engine.controls import FIELDS, Number
from engine.errors import ScenarioError
from engine.scenario import MAX_PARTS, NEUTRAL, Cap, Rule, Scenario
from engine.scenario_values import brief

__all__ = [
    "MAX_LENGTH",
    "caps_from_text",
    "caps_to_text",
    "in_address",
    "limits_to_text",
    "number_from_text",
    "read_parts",
    "rules_from_text",
    "rules_to_text",
    "scenario_of",
]

MAX_LENGTH = 16_000
"""Letters of the caps, or of the rules, in an address; servers take 32,000 and more."""

CAP = re.compile(r"([0-9]{1,20})/([0-9]{1,20}),([^,]*)(?:,([^,]*))?")
NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{0,40})?([eE][-+]?[0-9]{1,3})?")
"""As Python and JavaScript write them; Python alone would read ``1_0`` or ``٣`` too."""

Part = TypeVar("Part", Cap, Rule)


def _safe(value: str) -> str:
    return quote(value, safe="")


def _unsafe(value: str) -> str:
    """Undo :func:`_safe`; ``%ff`` is no letter, and no other letter takes its place."""
    return unquote(value, errors="strict")


@lru_cache(maxsize=64)
def scenario_of(
    values: tuple[tuple[str, Any], ...], caps: tuple[Cap, ...], rules: tuple[Rule, ...]
) -> Scenario:
    """Return the scenario of these fields; a page asks for the same some fifteen times a move.

    A value of None leaves the field as it is by default; whom people's fairness is about counts
    where it has a weight.
    """
    given = {field: value for field, value in values if value is not None}
    if not given.get("people_fairness"):
        given.pop("people_attribute", None)
    return Scenario(**given, caps=caps, rules=rules)


def in_address(given: Scenario) -> dict[str, str]:
    """Return what an address says of a setting: all of it that is not as it is at first."""
    moved = {
        control.key: str(getattr(given, name))
        for name, control in FIELDS.items()
        if getattr(given, name) != getattr(NEUTRAL, name)
    }
    return moved | {name: text for name, text in limits_to_text(given).items() if text}


def limits_to_text(given: Scenario) -> dict[str, str]:
    """Write caps and rules, each under its name in the address; empty where there are none."""
    return {"caps": caps_to_text(given.caps), "rules": rules_to_text(given.rules)}


def caps_to_text(caps: tuple[Cap, ...]) -> str:
    """Write caps as ``at_most/top,kind[,value]``, joined by semicolons."""
    parts = []
    for cap in caps:
        value = "" if cap.value is None else "," + _safe(cap.value)
        parts.append(f"{cap.at_most}/{cap.top},{cap.kind}{value}")
    return ";".join(parts)


def rules_to_text(rules: tuple[Rule, ...]) -> str:
    """Write rules as ``action,field,value|value,amount``, joined by semicolons."""
    return ";".join(
        f"{rule.action},{rule.field},{'|'.join(map(_safe, rule.values))},{rule.amount!r}"
        for rule in rules
    )


def caps_from_text(text: str) -> tuple[Cap, ...]:
    """Read what :func:`caps_to_text` wrote.

    Raises
    ------
    ScenarioError
        The text is no list of caps, or a cap is out of range.
    """
    return _all_of(text, _cap)


def rules_from_text(text: str) -> tuple[Rule, ...]:
    """Read what :func:`rules_to_text` wrote.

    Raises
    ------
    ScenarioError
        The text is no list of rules, or a rule is out of range.
    """
    return _all_of(text, _rule)


def read_parts(name: str, text: str) -> tuple[tuple[Any, ...], list[str]]:
    """Read the ``caps`` or ``rules`` of a link; those that cannot be are said, one by one.

    Returns
    -------
    tuple of Cap or of Rule
    list of str
        A sentence for each part that is left out.
    """
    read: Callable[[str], Any] = _cap if name == "caps" else _rule
    given = _split(text)
    parts, sentences = [], []
    if len(text) > MAX_LENGTH or len(given) > MAX_PARTS:
        return (), [
            f"The link holds more `{name}` than can be read ({len(given):,}, {len(text):,} "
            f"letters; at most {MAX_PARTS} and {MAX_LENGTH:,})."
        ]
    for part in given:
        try:
            parts.append(read(part))
        except ScenarioError as error:
            sentences.append(str(error))
    return tuple(parts), sentences


def _all_of(text: str, read: Callable[[str], Part]) -> tuple[Part, ...]:
    return tuple(read(part) for part in _split(text))


def _split(text: str) -> list[str]:
    return [part for part in text.split(";") if part]


def _cap(part: str) -> Cap:
    match = CAP.fullmatch(part)
    try:
        if match is None:
            raise ValueError
        at_most, top, kind, value = match.groups()
        return Cap(kind, None if value is None else _unsafe(value), int(at_most), int(top))
    except ValueError as error:
        raise ScenarioError(
            f"The link holds a cap that cannot be read: {brief(part)}; a cap looks like "
            "'2/5,genre' or '2/5,genre,Drama'."
        ) from error


def _rule(part: str) -> Rule:
    try:
        action, field, values, amount = part.split(",")
        if not NUMBER.fullmatch(amount):
            raise ValueError
        return Rule(action, field, tuple(map(_unsafe, values.split("|"))), float(amount))
    except ValueError as error:
        raise ScenarioError(
            f"The link holds a rule that cannot be read: {brief(part)}; a rule looks like "
            "'hide,genre,Horror|War,0.2'."
        ) from error


def number_from_text(control: Number, text: str) -> float | int | None:
    """Read the value of a control from an address, exactly.

    Raises
    ------
    ScenarioError
        It is no number, or none that the control can take.
    """
    return control.check(float(text) if NUMBER.fullmatch(text) else text)
