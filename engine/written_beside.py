"""Files written whole or not at all: beside their place, then renamed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

__all__ = ["write_beside"]


def write_beside(path: Path, content: str | bytes) -> None:
    """Put ``content`` at ``path``; until it is there in full, what was there stays.

    Text becomes UTF-8. What is no regular file (a pipe, ``/dev/stdout``) is written to as it is.

    Raises
    ------
    OSError
        The folder is missing, not writable or on a full disk; nothing is left behind.
    """
    given = content.encode("utf-8") if isinstance(content, str) else content
    if path.exists() and not path.is_file():
        with path.open("wb") as target:
            target.write(given)
        return
    place = path.resolve()  # a link stays a link
    beside = place.with_name(f".{place.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        beside.write_bytes(given)
        os.replace(beside, place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
