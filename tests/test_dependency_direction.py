"""Arrows go engine <- dashboard <- pages, and charts know nothing of Streamlit."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "pages").glob("*.py"))
NO_STREAMLIT = [
    *sorted((ROOT / "dashboard" / "charts").glob("*.py")),
    *(ROOT / "dashboard" / f"{name}.py" for name in ("palette", "links", "plain_text")),
]


def imported(path: Path) -> set[str]:
    """Dotted names of everything that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def packages(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


@pytest.mark.parametrize("path", sorted((ROOT / "engine").rglob("*.py")), ids=lambda p: p.stem)
def test_the_engine_knows_no_dashboard(path):
    assert not packages(path) & {"streamlit", "plotly", "dashboard", "pages"}


@pytest.mark.parametrize("path", sorted((ROOT / "dashboard").rglob("*.py")), ids=lambda p: p.stem)
def test_the_dashboard_knows_no_page(path):
    assert "pages" not in packages(path)


@pytest.mark.parametrize("path", NO_STREAMLIT, ids=lambda p: p.stem)
def test_charts_and_words_know_no_streamlit(path):
    assert "streamlit" not in packages(path)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_pages_are_short_and_know_no_other_page(path):
    assert "pages" not in packages(path)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / "dashboard").rglob("*.py")), *PAGES],
    ids=lambda p: f"{p.parent.name}-{p.stem}",
)
def test_nothing_lets_markup_through(path):
    keywords = {
        keyword.arg
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    }
    assert not keywords & {"unsafe_allow_html", "unsafe_allow_javascript"}
