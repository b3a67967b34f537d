"""A mapping as a small file of JSON, so that an import repeats without the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping as Dict
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, get_args

from engine.errors import DataError
from engine.importing.mapping import (
    Dates,
    Ids,
    InteractionsMap,
    ItemsMap,
    Join,
    Mapping,
    PeopleMap,
    Repeats,
    ShownMap,
)
from engine.importing.reading import Reading
from engine.strict_json import file_content, json_of

__all__ = ["mapping_from_json", "mapping_to_json", "read_mapping"]

VERSION = 1
MAX_BYTES = 1 << 20


def mapping_to_json(mapping: Mapping) -> str:
    """Write a mapping for people to read and change."""
    whole: dict[str, Any] = {"version": VERSION, **asdict(mapping)}
    whole["reading"] = {name: one.as_dict() for name, one in mapping.reading.items()}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises
    ------
    DataError
        It cannot be read, or is no mapping; the sentence names the field.
    """
    content = file_content(
        path,
        max_bytes=MAX_BYTES,
        what="The mapping",
        remedy="give a JSON file, or leave it out to have one guessed.",
        error=DataError,
    )
    return mapping_from_json(content, str(path))


def mapping_from_json(content: str | bytes, name: str = "mapping.json") -> Mapping:
    """Read what :func:`mapping_to_json` writes; fields may be left out, none may be unknown."""
    what = f"The mapping {name}"
    given = json_of(content, max_bytes=MAX_BYTES, what=what, error=DataError)
    try:
        return _mapping(given)
    except _WrongError as error:
        raise DataError(f"{what}: {error}.") from error


class _WrongError(ValueError):
    """Half a sentence on a field."""


def _mapping(given: Any) -> Mapping:
    whole = _object(given, "the whole", {"version", *(one.name for one in fields(Mapping))})
    if whole.get("version", VERSION) != VERSION:
        raise _WrongError(f"`version` must be {VERSION}; got {str(whole['version'])[:20]}")
    interactions = _part(InteractionsMap, whole, "interactions")
    _one_of(interactions.repeats, Repeats, "interactions.repeats")
    if interactions.dates is not None:
        _one_of(interactions.dates, Dates, "interactions.dates")
    ids = whole.get("ids", "keep")
    _one_of(ids, Ids, "ids")
    joins = whole.get("joins", [])
    if not isinstance(joins, list):
        raise _WrongError("`joins` must be a list")
    reading = _object(whole.get("reading", {}), "reading", None)
    return Mapping(
        interactions=interactions,
        items=_part(ItemsMap, whole, "items"),
        people=_part(PeopleMap, whole, "people"),
        shown=_part(ShownMap, whole, "shown"),
        joins=tuple(_made(Join, one, "joins") for one in joins),
        ids=ids,
        reading={name: _made(Reading, one, f"reading.{name}") for name, one in reading.items()},
        title=_text(whole.get("title", ""), "title"),
        licence=_text(whole.get("licence", ""), "licence"),
    )


def _part(kind: type, whole: Dict[str, Any], name: str) -> Any:
    return _made(kind, whole.get(name, {}), name)


def _made(kind: type, given: Any, name: str) -> Any:
    """Make a part of the mapping, with every value of the kind that its field has."""
    own = {one.name: str(one.type) for one in fields(kind)}
    part = _object(given, name, set(own))
    missing = [one for one in ("file", "by") if kind is Join and one not in part]
    if missing:
        raise _WrongError(f"`{name}` needs `{missing[0]}`")
    return kind(**{one: _value(value, own[one], f"{name}.{one}") for one, value in part.items()})


def _value(given: Any, kind: str, name: str) -> Any:
    if given is None and "None" in kind:
        return None
    for start, is_right, wanted in KINDS:
        if kind.startswith(start):
            if not is_right(given):
                raise _WrongError(f"`{name}` must be {wanted}")
            return tuple(given) if start == "tuple" else given
    return _text(given, name)


def _is_number(given: Any) -> bool:
    return isinstance(given, (int, float)) and not isinstance(given, bool)


KINDS: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    (
        "tuple",
        lambda one: isinstance(one, list) and all(isinstance(part, str) for part in one),
        "a list of texts",
    ),
    (
        "Dict",
        lambda one: (
            isinstance(one, dict) and all(part is None or _is_number(part) for part in one.values())
        ),
        "an object that gives each word a number, or null",
    ),
    ("float", _is_number, "a number"),
    ("bool", lambda one: isinstance(one, bool), "true or false"),
)
"""How the kind of a field begins → what may be there; everything else is a text."""


def _text(given: Any, name: str) -> str:
    if not isinstance(given, str):
        raise _WrongError(f"`{name}` must be a text")
    return given


def _object(given: Any, name: str, known: set[str] | None) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise _WrongError(f"`{name}` must be an object")
    for one in given if known is not None else ():
        if one not in (known or ()):
            raise _WrongError(f"`{name}` has no field `{one[:40]}`, only {', '.join(known or ())}")
    return given


def _one_of(given: str, kind: Any, name: str) -> None:
    if given not in get_args(kind):
        raise _WrongError(f"`{name}` must be one of {', '.join(get_args(kind))}; got {given[:40]}")
