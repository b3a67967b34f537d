"""A scenario: every control of the re-ranking step, as a small readable file.

The same scenario gives the same lists in the dashboard, from Python and from the command line.

>>> Scenario(diversity=0.3, caps=(Cap("genre", at_most=2, top=5),)).is_neutral
False
>>> Scenario.from_json('{"diversity": 1.4}')
Traceback (most recent call last):
...
engine.errors.ScenarioError: `diversity` of the scenario must be a number from 0 to 1; got 1.4.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from engine.controls import FIELDS
from engine.errors import ScenarioError
from engine.scenario_values import brief, number, one_of, text, whole_number
from engine.strict_json import json_of
from engine.terms import WEIGHTS

__all__ = ["NEUTRAL", "SCENARIO_VERSION", "WEIGHTS", "Cap", "Rule", "Scenario", "neutral"]

SCENARIO_VERSION = 1
CAP_KINDS = ("genre", "provider")
RULE_ACTIONS = ("hide", "pin", "boost", "bury")
RULE_FIELDS = ("genre", "provider", "year", "item", "title")

MAX_BYTES = 200_000
MAX_PARTS, MAX_VALUES = 50, 200
"""Caps, or rules, of one scenario; and values of one rule."""


@dataclass(frozen=True)
class Cap:
    """At most ``at_most`` items of one genre (or provider) among the first ``top`` of a list.

    ``value`` names the genre or provider; ``None`` means "of any single one".
    An item with several genres counts towards each.
    """

    kind: str = "genre"
    value: str | None = None
    at_most: int = 2
    top: int = 5

    def __post_init__(self) -> None:
        one_of("a cap", "kind", self.kind, CAP_KINDS)
        if self.value is not None:
            text("a cap", "value", self.value, "null, or text")
        object.__setattr__(self, "at_most", whole_number("a cap", "at_most", self.at_most, 0, 50))
        object.__setattr__(self, "top", whole_number("a cap", "top", self.top, 1, 50))


@dataclass(frozen=True)
class Rule:
    """A business rule on the items whose ``field`` is one of ``values``.

    ``hide`` takes them out of every list; ``pin`` puts those that are candidates first, in the
    order of ``values``; ``boost`` adds ``amount`` to their score and ``bury`` takes it away
    (scores of a person's candidates lie in [0, 1] before the terms are added).
    ``values`` holds genre names, provider names, release years ("1994"), item ids or titles.
    """

    action: str
    field: str
    values: tuple[str, ...]
    amount: float = 0.2

    def __post_init__(self) -> None:
        one_of("a rule", "action", self.action, RULE_ACTIONS)
        one_of("a rule", "field", self.field, RULE_FIELDS)
        values = (self.values,) if isinstance(self.values, str) else self.values
        if not isinstance(values, (list, tuple)) or not 1 <= len(values) <= MAX_VALUES:
            raise ScenarioError(
                f"`values` of a rule must be a list of 1 to {MAX_VALUES} texts; got "
                f"{brief(values)}."
            )
        object.__setattr__(self, "values", tuple(_rule_value(value) for value in values))
        object.__setattr__(self, "amount", number("a rule", "amount", self.amount, 0, 2))


def _rule_value(value: Any) -> str:
    # a year may come as a number
    is_year = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**6
    return str(value) if is_year else text("a rule", "values", value)


OF_ITS_RECORD: Any = None  # stands for a default that engine.controls holds
Class = TypeVar("Class", bound=type)


def _with_every_control(cls: Class) -> Class:
    """Give the class a field for each control: those it declares are typed, others follow them."""
    own = dict(cls.__annotations__)
    after = {name: own.pop(name) for name in ("caps", "rules")}
    cls.__annotations__ = own | {name: "Any" for name in FIELDS if name not in own} | after
    for name in (own | FIELDS).keys() - {"name"}:
        setattr(cls, name, FIELDS[name].default)
    return cls


@dataclass(frozen=True)
@_with_every_control
class Scenario:
    """Every control of the re-ranking step; ranges and meanings in :mod:`engine.controls`.

    Declared here is what code reads by name; defaults, and other fields, come from the records.

    ``item_fairness_group`` names the lifted group of items: ``long_tail``, ``genre:NAME`` or
    ``provider:NAME``. ``people_attribute`` names the attribute whose groups
    ``people_fairness`` looks at; ``None`` takes the first.

    Raises
    ------
    ScenarioError
        For any value out of range; the sentence names the field, what came and what may.
    """

    name: str = ""
    k: int = OF_ITS_RECORD
    diversity: float = OF_ITS_RECORD
    diversity_method: str = OF_ITS_RECORD
    likeness: str = OF_ITS_RECORD
    likeness_mix: float = OF_ITS_RECORD
    diversity_window: int = OF_ITS_RECORD
    freshness: float = OF_ITS_RECORD
    half_life_days: float = OF_ITS_RECORD
    item_fairness: float = OF_ITS_RECORD
    item_fairness_method: str = OF_ITS_RECORD
    item_fairness_group: str = OF_ITS_RECORD
    item_fairness_target: float = OF_ITS_RECORD
    fair_star_alpha: float = OF_ITS_RECORD
    people_fairness: float = OF_ITS_RECORD
    people_attribute: str | None = OF_ITS_RECORD
    calibration: float = OF_ITS_RECORD
    popularity_penalty: float = OF_ITS_RECORD
    caps: tuple[Cap, ...] = ()
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        for name, control in FIELDS.items():
            object.__setattr__(self, name, control.check(getattr(self, name)))
        text("the scenario", "name", self.name)
        for name, cls in (("caps", Cap), ("rules", Rule)):
            object.__setattr__(self, name, _parts(name, getattr(self, name), cls))

    @property
    def is_neutral(self) -> bool:
        """True where nothing can move: the ranker's order stands."""
        is_off = all(getattr(self, name) == 0 for name in WEIGHTS)
        return is_off and not self.caps and not self.rules

    def without(self, name: str) -> Scenario:
        """Return this scenario with one weight, ``caps`` or ``rules`` turned off."""
        off: dict[str, Any] = {name: () if name in ("caps", "rules") else 0.0}
        return replace(self, **off)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict with every control."""
        out: dict[str, Any] = {"version": SCENARIO_VERSION}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("caps", "rules"):
                value = [_plain(part) for part in value]
            out[field.name] = value
        return out

    def to_json(self) -> str:
        """Return the scenario file's text: every control, one a line."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Scenario:
        """Build from a dict; what is left out has its default, what is unknown is refused."""
        if not isinstance(given, Mapping):
            raise ScenarioError(
                f"A scenario must be a JSON object of controls; got {type(given).__name__}."
            )
        values = dict(given)
        version = values.pop("version", SCENARIO_VERSION)
        if version != SCENARIO_VERSION or isinstance(version, bool):
            raise ScenarioError(
                f"`version` of the scenario must be {SCENARIO_VERSION}; got {brief(version)}."
            )
        _refuse_unknown("the scenario", values, cls)
        return cls(**values)

    @classmethod
    def from_json(cls, given: str | bytes) -> Scenario:
        """Read a scenario file: text, or its bytes in UTF-8, of at most 200 kB.

        Raises
        ------
        ScenarioError
            For anything that is no scenario, whatever it is.
        """
        what = "The scenario"
        return cls.from_dict(json_of(given, max_bytes=MAX_BYTES, what=what, error=ScenarioError))


def _plain(part: Cap | Rule) -> dict[str, Any]:
    named = vars(part).items()
    return {name: list(value) if isinstance(value, tuple) else value for name, value in named}


def _named(name: Any) -> str:
    return f"`{name}`" if isinstance(name, str) and name.isidentifier() else brief(name)


def _refuse_unknown(owner: str, given: Mapping[str, Any], cls: type) -> None:
    allowed = [field.name for field in fields(cls)]
    for name in [name for name in given if name not in allowed]:
        known = ", ".join(allowed)
        raise ScenarioError(f"{_named(name)} is not a field of {owner}; allowed are {known}.")


def _parts(name: str, given: Any, cls: type) -> tuple[Any, ...]:
    if not isinstance(given, (list, tuple)) or len(given) > MAX_PARTS:
        raise ScenarioError(
            f"`{name}` of the scenario must be a list of at most {MAX_PARTS}; got {brief(given)}."
        )
    parts = []
    for part in given:
        if isinstance(part, cls):
            parts.append(part)
            continue
        owner = f"a {name.removesuffix('s')}"
        if not isinstance(part, Mapping):
            raise ScenarioError(f"Each of `{name}` must be an object; got {brief(part)}.")
        _refuse_unknown(owner, part, cls)
        try:
            parts.append(cls(**part))
        except TypeError as error:
            needed = ", ".join(field.name for field in fields(cls))
            raise ScenarioError(f"{owner} needs the fields {needed}; got {brief(part)}.") from error
    return tuple(parts)


NEUTRAL = Scenario(name="Neutral")
"""The baseline: the ranker's order, untouched."""


def neutral(k: int) -> Scenario:
    """Return the ranker's order in lists of ``k``: the baseline where none is given."""
    return replace(NEUTRAL, k=k)
