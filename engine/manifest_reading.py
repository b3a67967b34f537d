"""The manifest of a fit as read: every field of its type, or a sentence that says which is not."""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from engine.manifest import Manifest
from engine.strict_json import BadJsonError, read_json

__all__ = ["as_manifest", "manifest_complaint", "read_manifest"]

MAX_BYTES = 64_000_000


def read_manifest(path: Path) -> dict[str, Any] | None:
    """Read the file as an object of any fields; ``None`` where it is none.

    Its version has to be looked at before its fields are: :func:`manifest_complaint`.
    """
    try:
        said = read_json(path.read_bytes(), max_bytes=MAX_BYTES)
    except (OSError, BadJsonError):
        return None
    return said if isinstance(said, dict) else None


def manifest_complaint(said: dict[str, Any]) -> str:
    """Say which field is missing or of the wrong type, as half a sentence; empty where none is."""
    return _complaint("", said, Manifest)


def _complaint(name: str, value: Any, hint: Any) -> str:
    """Compare a value from JSON with a type hint."""
    if hint is Any:
        return ""
    if isinstance(hint, type) and hasattr(hint, "__total__"):
        return _fields_complaint(name, value, hint)
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        found = [_complaint(name, value, option) for option in get_args(hint)]
        return "" if "" in found else found[0]
    if origin is list:
        return _parts_complaint(name, value, list, get_args(hint)[0])
    if origin in (dict, Mapping):
        return _parts_complaint(name, value, dict, get_args(hint)[1])
    return (
        "" if _is_plain(value, hint) else f"the manifest's {name or 'content'} is no {_say(hint)}"
    )


def _fields_complaint(name: str, value: Any, hint: type) -> str:
    if not isinstance(value, dict):
        return f"the manifest's {name or 'content'} is no object"
    for field, part in get_type_hints(hint).items():
        here = f"{name}.{field}" if name else field
        if field not in value:
            if field not in getattr(hint, "__required_keys__", ()):
                continue
            return f"the manifest's {here} is missing"
        complaint = _complaint(here, value[field], part)
        if complaint:
            return complaint
    return ""


def _parts_complaint(name: str, value: Any, kind: type, part: Any) -> str:
    if not isinstance(value, kind):
        return f"the manifest's {name} is no {_say(kind)}"
    parts: Any = value.values() if isinstance(value, dict) else value
    return next(filter(None, (_complaint(name, one, part) for one in parts)), "")


def _is_plain(value: Any, hint: Any) -> bool:
    if hint is float:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return is_number and math.isfinite(value)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return value is None if hint is type(None) else isinstance(value, hint)


def _say(hint: Any) -> str:
    words = {str: "text", bool: "truth", int: "whole number", float: "number", list: "list"}
    return words.get(hint, "object")


def as_manifest(said: dict[str, Any]) -> Manifest:
    """Return what :func:`manifest_complaint` found nothing against, as its type."""
    return cast(Manifest, said)
