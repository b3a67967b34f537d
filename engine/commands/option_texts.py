"""What the text of a fit's option stands for: a quota, or a file of ids."""

from __future__ import annotations

from pathlib import Path

from engine.errors import DataError

__all__ = ["lines_of", "quota_of"]


def quota_of(text: str) -> tuple[str, int]:
    """Read a source and its places, as ``ease:20``."""
    name, _, places = text.partition(":")
    if not places.isdigit():
        raise DataError(f"--quotas needs SOURCE:PLACES, as ease:20; got {text!r:.60}.")
    return name, int(places)


def lines_of(file: Path | None) -> tuple[str, ...]:
    """Read ids, one a line."""
    if file is None:
        return ()
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"--blocked: {file} cannot be read as text in UTF-8, with the id of an item on each "
            f"line ({error.__class__.__name__})."
        ) from error
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
