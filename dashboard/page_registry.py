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
            "Lines follow items from stage to stage; ★ and green = held out, so they did like it; "
            "pale = dropped by the next stage. Click an item to have it explained.",
        ),
        PageEntry(
            "fairness_audit",
            "Fairness audit",
            ":material/balance:",
            "Who is served worse, and is it real?",
            "Hollow = before, filled = your setting, bar = 95 % interval, grey = the band around "
            "the reference. ◀ and ▶ mark what is clear beyond the noise.",
        ),
        PageEntry(
            "popularity_exposure",
            "Popularity & exposure",
            ":material/bar_chart:",
            "Which items are seen?",
            "A Lorenz curve nearer the diagonal spreads exposure more evenly; hollow = before, "
            "filled = your setting, bar = 95 % interval, marks = what a share is held against.",
        ),
        PageEntry(
            "trade_offs",
            "Trade-offs",
            ":material/scatter_plot:",
            "What is the best I can get?",
            "Each point is a setting measured for everyone; the line joins those that none beats "
            "in both figures. ● = you, ○ = before. Click a point to take its weights.",
        ),
        PageEntry(
            "feedback",
            "Feedback loop",
            ":material/autorenew:",
            "What happens if this runs for a year?",
            "Rounds from left to right; dashed = the baseline, solid = your setting, band = lowest "
            "to highest repetition. Simulated: what people would play is assumed, see below.",
        ),
        PageEntry(
            "scenarios",
            "Scenarios",
            ":material/compare_arrows:",
            "Which one do we ship?",
            "Each dot is a scenario's change against the baseline, over the same people, with the "
            "interval of the corrected test; grey band = as good as the baseline. A guardrail "
            "passes or fails with its whole interval, else it cannot be told.",
        ),
        PageEntry(
            "pipeline",
            "Pipeline",
            ":material/account_tree:",
            "How does a list come about, and what is the most it could be?",
            "Each row is a stage, from the catalogue down to the list; ● = everybody, ◇ = the "
            "person chosen, bar = 95 % interval.",
        ),
        PageEntry(
            "data",
            "Data",
            ":material/database:",
            "What is this data, and can I use mine?",
            "The card is of the data that every page shows now; ✓ = it carries what pages promise, "
            "✗ = it does not, with the reason.",
        ),
        PageEntry(
            "glossary",
            "Glossary",
            ":material/menu_book:",
            "What does this word mean?",
            "What it means first, the formula and its source under it; the program itself reads "
            "the same words and formulas.",
            has_charts=False,
        ),
    )
}
"""Name → page, in the order of the navigation; the first is the start page."""

START = next(iter(PAGES))
"""Name of the start page, which Streamlit has at the bare address."""
