"""The account of a reading: what was found, left out or read otherwise than it was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.data.contract import Drop

__all__ = ["Account"]


@dataclass
class Account:
    """Collects notes and drops while files are read; both end up in the :class:`Dataset`.

    Attributes
    ----------
    notes : list of str
        Whole sentences for people, in the order of the files.
    drops : list of Drop
    """

    notes: list[str] = field(default_factory=list)
    drops: list[Drop] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        """Add a sentence."""
        self.notes.append(sentence)

    def add(self, *, notes: Iterable[str] = (), drops: Iterable[Drop] = ()) -> None:
        """Take over what another step found."""
        self.notes.extend(notes)
        self.drops.extend(drops)
