"""One way to write and one word for a thing, on every page; and a chart says what it finds."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from dashboard.audit.sections import SECTIONS as AUDIT
from dashboard.exposure.sections import SECTIONS as EXPOSURE
from dashboard.glossary_link import named_in
from dashboard.page_registry import PAGES
from dashboard.people.panels import VIEWS
from engine.acronyms import ACRONYMS, acronyms_in
from engine.glossary import entries
from tests.pages.conftest import finished, starter
from tests.pages.words_read import chart_alts, nodes, said_on

ROOT = Path(__file__).resolve().parents[2]

SECTIONS = {
    "tune": ("view", ["Trade-off", "What each control does"]),
    "people": ("show", [words for words, _ in VIEWS.values()]),
    "fairness_audit": ("section", list(AUDIT)),
    "popularity_exposure": ("look", list(EXPOSURE)),
}
"""Page → the key of what it lets be looked into, and the sections."""

HAVE_JOBS = ("trade_offs", "feedback")

NOUNS = "people|items|groups|settings|lists|likes|genres|rules|caps|rows|fits|candidates"

FORBIDDEN = {
    "an ASCII hyphen as minus": r"(?<![\w–-])-\d",
    "no space before %": r"(?<![=<>] )(?<![\d.])\d[\d.,]*%",
    "one of a kind in the plural": rf"(?<![\d.,:–−@-])\b1 (?:{NOUNS})\b",
    "n without spaces": r"\bn=\d",
    "times lower, not per cent": r"\d times (?:lower|higher|the reference)",
    "a list called fair, or a system unbiased": r"(?i)\b(?:unbiased|debiased|fair(?! top-k))\b",
    "names of the code": r"\b(?:n90|payers|rerank_\w+|nan|None)\b",
    "relevance, where the ranker score is meant": r"(?i)relevance(?!\*\* · )",
    "an empty place between marks": r", : | , |\(\)",
}
"""What → how to find it in the words of a page."""

ALLOWED = ("maximal marginal relevance", "Marginal Relevance")
"""Published names."""

GLOSSARY_OF_WORDS = ("relevance, where the ranker score is meant", "names of the code")
"""The glossary has such words to say what they mean."""


def opened(page, tiny_home, monkeypatch):
    """Open a page in each of its sections, with a setting that moves something."""
    start = starter(tiny_home, monkeypatch, "" if page == "tune" else page)
    key, names = SECTIONS.get(page, ("", [""]))
    for name in names:
        app = start(div="0.6", caps="2/5,genre", **({key: name} if name else {}))
        yield name, finished(app) if page in HAVE_JOBS else app


def plain(text: str) -> str:
    """Undo what keeps text from being read as markup, and leave links' targets out."""
    bare = text.replace("\\", "").replace("\u2060", "")
    bare = re.sub(r"`[^`]*`", "code", re.sub(r"\]\([^)]*\)", "]", bare))
    for name in ALLOWED:
        bare = bare.replace(name, "its name")
    return bare


def never_spelled(app) -> list[str]:
    """Return the acronyms that a page has and says nowhere, not in a help either, in words."""
    said = " ".join(said_on(app)).replace("\\", "").replace("\u2060", "")
    small = said.casefold()
    return [
        f"{one} is never spelled"
        for one in acronyms_in(said)
        if ACRONYMS[one].casefold() not in small
    ]


def lost_links(app) -> list[str]:
    """Return the links to the glossary that lead to no entry of that name."""
    links = re.findall(r"/glossary\?term=([^)\s]+)", " ".join(said_on(app)))
    words = {unquote_plus(one.replace("\\", "").replace("\u2060", "")) for one in links}
    known = {one.word for one in entries()}
    return [f"“{word}” is not in the glossary" for word in sorted(words - known)]


def unlinked(app) -> list[str]:
    """Return the helps that name a word of the glossary and do not lead there."""
    helps = {str(getattr(node.proto, "help", "") or "") for node in nodes(app)}
    return [
        f"“{named_in(one)}” is not linked in: {one[:90]}"
        for one in sorted(helps)
        if named_in(one) and "./glossary" not in one
    ]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_writes_one_way_and_its_charts_say_what_they_find(page, tiny_home, monkeypatch):
    """Hyphens stood for minus, 67% beside 67 %, and charts were read out by their type."""
    wrong = []
    for section, app in opened(page, tiny_home, monkeypatch):
        for sentence in map(plain, said_on(app)):
            for what, form in FORBIDDEN.items():
                found = re.search(form, sentence)
                if found and not (page == "glossary" and what in GLOSSARY_OF_WORDS):
                    around = sentence[max(0, found.start() - 40) : found.end() + 40]
                    wrong.append(f"{section}: {what}: …{around}…")
        wrong += [
            f"{section}: {one}" for one in never_spelled(app) + lost_links(app) + unlinked(app)
        ]
        for chart, alt in chart_alts(app).items():
            finding, title = alt.split(". ")[0], plain(chart.partition(": ")[2])
            says = re.search(r"\d|no clear change", finding.lower())
            if not says or (title and alt.startswith(title)):
                wrong.append(f"{section}: chart {chart} says no finding: {alt[:90]}")
    assert "\n".join(sorted(set(wrong))) == ""


def _raw_formats(path: Path) -> list[int]:
    """Lines that write a per cent sign or a sign with a format of their own."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FormattedValue)
        and node.format_spec is not None
        and re.search(r"%|^'?f?'?\+", ast.unparse(node.format_spec).strip("f'\""))
    ]


@pytest.mark.parametrize("folder", ["dashboard", "pages"])
def test_signs_and_per_cent_are_written_in_one_place(folder):
    """``{x:.0%}`` and ``{x:+.3f}`` write "67%" and "-0.2": `engine.formats` has the words."""
    found = {
        str(path.relative_to(ROOT)): _raw_formats(path) for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: lines for name, lines in found.items() if lines} == {}
