"""Every page: its file, title, icon, the question it answers and how to read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["PAGES", "PAGES_FOLDER", "PageEntry"]

PAGES_FOLDER = Path(__file__).resolve().parents[1] / "pages"


@dataclass(frozen=True)
class PageEntry:
    """One page. ``name`` is its file's name and its path in the address bar."""

    name: str
    title: str
    icon: str
    question: str
    how_to_read: str

    @property
    def path(self) -> Path:
        """The page's script."""
        return PAGES_FOLDER / f"{self.name}.py"


PAGES: dict[str, PageEntry] = {
    entry.name: entry
    for entry in (
        PageEntry(
            "tune",
            "Tune",
            ":material/tune:",
            "What happens if I change this?",
            "Filled = your setting, hollow = before (the ranker's own order), bar = 95 % interval, "
            "grey = no clear change.",
        ),
    )
}
"""Name → page, in the order of the navigation; the first is the start page."""
