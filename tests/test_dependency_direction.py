"""Arrows go engine <- dashboard <- pages, charts know neither Streamlit nor a page's parts."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests import house
from tests.house import LONGEST, circles, imports, lines, modules, reached

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


PARTS = {"tune", "people", "audit", "exposure", "trade_offs", "scenarios", "pipeline", "data"} | {
    "feedback"
}
"""Folders of the dashboard that belong to one page."""


def test_charts_know_no_part_of_a_page():
    charts = [name for name in modules() if name.startswith("dashboard.charts.")]
    assert len(charts) > 5
    known = {
        name
        for name in charts
        if any(one.split(".")[1] in PARTS for one in imports(name) if one.startswith("dashboard."))
    }
    assert known == set()


def test_no_modules_of_the_engine_import_each_other():
    assert circles("engine") == []


def test_every_module_of_the_engine_is_reached_by_a_page_or_a_command():
    engine = {name for name in modules() if name.startswith("engine")}
    assert engine <= reached()


def test_no_file_is_too_long():
    assert {name for name, path in modules().items() if lines(path) > LONGEST} == set()


def test_the_count_finds_a_circle_and_what_nothing_reaches(tmp_path, monkeypatch):
    """The rules above can fail."""
    texts = {
        "__init__": "",
        "__main__": "def run():\n    from engine.one import x\n",
        "one": "import engine.two\n",
        "two": "from engine.one import x\n",
        "later": "def f():\n    import engine.one\n",
    }
    (tmp_path / "engine").mkdir()
    for name, text in texts.items():
        (tmp_path / "engine" / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(house, "ROOT", tmp_path)
    house.modules.cache_clear()
    house.imports.cache_clear()
    try:
        assert circles("engine") == [("engine.one", "engine.two")]
        assert set(modules()) - reached() == {"engine.later"}
    finally:
        house.modules.cache_clear()
        house.imports.cache_clear()
