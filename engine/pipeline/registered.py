"""Modules that say of themselves what they add to a registry: found, so that none is listed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["by_name", "registered"]


def registered(registry: str, name: str, first: Sequence[str] = ()) -> list[ModuleType]:
    """Import the modules beside a registry that have a line beginning with ``NAME =``.

    Parameters
    ----------
    registry : str
        Its ``__name__``.
    name : str
        Of what the modules define.
    first : sequence of str
        Modules that come first, in this order, where they are there; others by their names.
    """
    package = registry.rpartition(".")[0]
    folder = Path(import_module(package).__path__[0])
    line = re.compile(rf"^{name} = ", re.MULTILINE)
    found = [p.stem for p in folder.glob("*.py") if line.search(p.read_text(encoding="utf-8"))]
    place = {stem: at for at, stem in enumerate(first)}
    found.sort(key=lambda stem: (place.get(stem, len(first)), stem))
    return [import_module(f"{package}.{stem}") for stem in found]


def by_name(records: Iterable[Any]) -> dict[str, Any]:
    """Return name → record.

    Raises
    ------
    ImportError
        Two have one name.
    """
    found: dict[str, Any] = {}
    for record in records:
        if record.name in found:
            raise ImportError(f"Two {type(record).__name__}s are named {record.name!r}.")
        found[record.name] = record
    return found
