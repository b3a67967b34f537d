"""Every page: its file, title, icon, the question it answers and how to read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.metrics.statistics.verdict import Word

__all__ = ["PAGES", "PAGES_FOLDER", "START", "PageEntry"]

PAGES_FOLDER = Path(__file__).resolve().parents[1] / "pages"


@dataclass(frozen=True)
class PageEntry:
    """One page. ``name`` is its file's name and its path in the address bar."""

    name: str
    title: str
    icon: str
    question: str
    how_to_read: str
    has_charts: bool = True

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
            "filled = your setting, hollow = before (see vs), bar = 95 % interval, "
            f"grey = {Word.NOT_CLEAR}.",
        ),
        PageEntry(
            "people",
            "People",
            ":material/person_search:",
            "Why does this person get this list?",
            "★ = held out, so they did like it; pale = dropped by the next stage. Click an item "
            "for its reasons.",
        ),
        PageEntry(
            "fairness_audit",
            "Fairness audit",
            ":material/balance:",
            "Who is served worse, and is it real?",
            "filled = your setting, hollow = before, bar = 95 % interval, ◀ ▶ = clear beyond the "
            "noise.",
        ),
        PageEntry(
            "popularity_exposure",
            "Popularity & exposure",
            ":material/bar_chart:",
            "Which items are seen?",
            "filled = your setting, hollow = before, bar = 95 % interval, nearer the diagonal = "
            "more even.",
        ),
        PageEntry(
            "trade_offs",
            "Trade-offs",
            ":material/scatter_plot:",
            "What is the best I can get?",
            "A point is a setting, on the line none beats it; ● = you, ○ = before. Click one to "
            "take its weights.",
        ),
        PageEntry(
            "feedback",
            "Feedback loop",
            ":material/autorenew:",
            "What happens if this runs for a year?",
            "solid = your setting, dashed = baseline, band = all repetitions. Simulated: what "
            "people play is assumed.",
        ),
        PageEntry(
            "scenarios",
            "Scenarios",
            ":material/compare_arrows:",
            "Which one do we ship?",
            "dot = change over the same people, bar = its interval, grey band = as good as the "
            "baseline.",
        ),
        PageEntry(
            "pipeline",
            "Pipeline",
            ":material/account_tree:",
            "How does a list come about, and what is the most it could be?",
            "A row is a stage, down to the list; ● = everybody, ◇ = the person chosen, bar = "
            "95 % interval.",
        ),
        PageEntry(
            "data",
            "Data",
            ":material/database:",
            "What is this data, and can I use mine?",
            "✓ = the data carry what pages promise, ✗ = they do not, with the reason.",
        ),
        PageEntry(
            "glossary",
            "Glossary",
            ":material/menu_book:",
            "What does this word mean?",
            "Plain words first, formula and source below, as the program itself reads them.",
            has_charts=False,
        ),
    )
}
"""Name → page, in the order of the navigation; the first is the start page."""

START = next(iter(PAGES))
"""Name of the start page, which Streamlit has at the bare address."""
