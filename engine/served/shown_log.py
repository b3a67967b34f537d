"""The log of what was shown and of what was chosen: JSON lines, appended, turned over, bounded.

A line a place, in the columns that ``python -m engine ope`` reads: ``user_id``, ``item_id``,
``event``, ``position`` (from 0), ``propensity``, ``policy``, ``timestamp``; ``slate`` names the
answer that the places belong to. What is chosen later is a line more, with the same ``slate``.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from engine.data.contract import IMPRESSION
from engine.errors import DataError

__all__ = ["COLUMNS", "ShownLog", "read_shown"]

COLUMNS = ("user_id", "item_id", "event", "position", "propensity", "policy", "timestamp", "slate")
PATTERN = "shown-*.jsonl"


class ShownLog:
    """Appends to files in a folder; threads may share it, and so may servers on one folder.

    Each server writes files of its own. One that is full is closed and the next begun; then the
    oldest of the folder go, whoever wrote them, until no more than ``most_bytes`` are left.

    Parameters
    ----------
    folder : Path
    most_bytes : int
        Of the whole folder.
    file_bytes : int
        Of one file.
    """

    def __init__(
        self, folder: Path, *, most_bytes: int = 2_000_000_000, file_bytes: int = 50_000_000
    ) -> None:
        self.folder, self.most_bytes = folder, most_bytes
        self.file_bytes = min(file_bytes, max(most_bytes // 2, 1))
        self._lock = threading.Lock()
        self._file: int | None = None
        self._path = folder
        self._written = 0
        folder.mkdir(parents=True, exist_ok=True)

    def append(self, rows: Sequence[dict[str, Any]], now: datetime | None = None) -> None:
        """Write rows, all or none as far as the system allows, with the present time.

        Raises
        ------
        OSError
            The disk is full or the folder cannot be written to.
        """
        at = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        lines = [json.dumps({**row, "timestamp": at}, ensure_ascii=False) for row in rows]
        content = "".join(f"{line}\n" for line in lines).encode()
        with self._lock:
            if self._file is None or self._written + len(content) > self.file_bytes:
                self._turn_over()
            assert self._file is not None
            written = os.write(self._file, content)
            self._written += written
            if written < len(content):  # a line that was begun is not to be gone on with
                self.close()
                raise OSError(28, "No space left on device", str(self._path))

    def _turn_over(self) -> None:
        self.close()
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        self._path = self.folder / f"shown-{stamp}-{secrets.token_hex(3)}.jsonl"
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_EXCL, 0o640)
        self._written = 0
        known = sorted(self.folder.glob(PATTERN))
        sizes = {path: path.stat().st_size for path in known if path != self._path}
        for path in list(sizes):
            if sum(sizes.values()) + self.file_bytes <= self.most_bytes:
                break
            path.unlink(missing_ok=True)
            sizes.pop(path)

    def close(self) -> None:
        """Close the file; the next row begins another."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def read_shown(folder: Path) -> pd.DataFrame:
    """Read the log of a folder: a row a place shown, with what came of it.

    A place that was chosen has that event, all others ``impression``. A last line that was cut off
    (the server was killed) is left out; so is what was chosen from an answer that is gone.

    Raises
    ------
    DataError
        A line is none of this log, or nothing is there.
    """
    shown: dict[tuple[str, str], dict[str, Any]] = {}
    chosen: list[dict[str, Any]] = []
    for row in _rows(folder):
        if row["event"] == IMPRESSION:
            shown[row["slate"], row["item_id"]] = row
        else:
            chosen.append(row)
    for row in chosen:
        place = shown.get((row["slate"], row["item_id"]))
        if place is not None:
            place["event"] = row["event"]
    if not shown:
        raise DataError(f"{folder} holds no log of what was shown: give a folder of `serve --log`.")
    return pd.DataFrame(list(shown.values()), columns=list(COLUMNS))


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob(PATTERN)):
        content = path.read_bytes()
        *lines, _cut = content.split(b"\n")  # no end of line: cut off
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                if not {"slate", "item_id", "event"} <= row.keys():
                    raise ValueError
            except (ValueError, AttributeError, RecursionError) as error:
                raise DataError(
                    f"{path.name}, line {number:,} is no place of a log of what was shown: take "
                    "the line out, or give the folder as `serve --log` left it."
                ) from error
            yield row
