"""What can go wrong with the store of scenarios: one sentence each, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import peewee

from engine.errors import StudioError
from engine.saved.records import Saved
from engine.scenario_values import brief

__all__ = ["ConflictError", "StoreError", "refusal", "said"]

GO_ON = "everything but saved scenarios works on, and links and scenario files do too"

REASONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("malformed", "not a database", "corrupt", "no such table", "no such column"),
        "is damaged: move it away, or put a copy of it back",
    ),
    (
        ("readonly", "read-only"),
        "cannot be written to, so nothing was saved: give the server the right to write there",
    ),
    (("full",), "is on a full disk, so nothing was saved: make room"),
    (("locked", "busy"), "is being written to by others, so nothing was saved: try again"),
    (("unable to open", "disk i/o"), "cannot be opened: see whether its folder is there"),
)
"""Parts of SQLite's messages → what they mean."""


class StoreError(StudioError):
    """The store of scenarios is damaged, read-only, full, newer, or lacks what was asked for."""


class ConflictError(StoreError):
    """Somebody else changed a scenario first.

    Attributes
    ----------
    theirs : Saved
        The scenario as it stands now.
    """

    def __init__(self, theirs: Saved, changes: tuple[str, ...]) -> None:
        what = "was deleted" if theirs.is_deleted else "was changed"
        told = f" ({'; '.join(changes)})" if changes else ""
        super().__init__(
            f"{brief(theirs.name)} {what} by {theirs.who or 'somebody'} at {theirs.at} while you "
            f"were at it{told}: save yours under another name to keep both, or open theirs."
        )
        self.theirs = theirs


def refusal(path: Path, error: BaseException) -> StoreError:
    """Return SQLite's complaint about the file as a sentence.

    Of a change that fails SQLite lets go by itself; that it then cannot be taken back is a
    complaint too, and not the one to be told: what lies behind it is looked at as well.
    """
    behind: BaseException | None = error
    while behind is not None:
        message = str(behind).lower()
        for parts, what in REASONS:
            if any(part in message for part in parts):
                return StoreError(f"The store of scenarios {path} {what}; {GO_ON}.")
        behind = behind.__context__
    return StoreError(f"The store of scenarios {path} cannot be used ({error}); {GO_ON}.")


@contextmanager
def said(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system complain of into a :class:`StoreError`."""
    try:
        yield
    except (peewee.DatabaseError, peewee.InterfaceError, OSError) as error:
        raise refusal(path, error) from error
