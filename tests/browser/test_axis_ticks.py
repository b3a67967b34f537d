"""The numbers that a browser writes on one axis have as many decimals each, on every page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from dashboard.page_registry import PAGES
from tests.browser.conftest import wait_until_idle

pytestmark = pytest.mark.browser

TICKS = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap((plot, at) => {
    const axes = {}
    for (const tick of plot.querySelectorAll('g[class*="tick"] > text')) {
        const axis = [...tick.parentNode.classList].find(one => /^[xy]\\d*tick$/.test(one))
        if (axis) (axes[axis] ??= []).push(tick.textContent)
    }
    return Object.entries(axes).map(([axis, texts]) => [at + ' ' + axis, texts])
})"""

NUMBER = re.compile(r"−?[\d,]+(\.\d+)?( %)?")

QUERIES = {
    "tune": ("?div=0.6", "?div=0.6&fair=0.3"),
    "fairness_audit": ("?div=0.6", "?section=Who+pays&metric=recall"),
    "popularity_exposure": ("?div=0.6", "?look=People"),
    "people": ("?div=0.6", "?div=0.6&show=Every+move"),
    "pipeline": ("", "?part=Ranker", "?part=Learning", "?part=Sources", "?part=Fit"),
    "feedback": ("?rounds=10&repeats=2",),
}
PLACES = [(page, query) for page in PAGES for query in QUERIES.get(page, ("",))]


@pytest.mark.parametrize(("name", "query"), PLACES)
def test_an_axis_is_written_with_one_number_of_decimals(
    page: Page, app_url: str, name: str, query: str
) -> None:
    """0.2 stood beside 0.15, and 10k beside 1000."""
    page.goto(f"{app_url}/{name}{query}")
    wait_until_idle(page)
    if PAGES[name].has_charts:
        page.wait_for_selector("[data-testid=stPlotlyChart] svg.main-svg", timeout=240_000)
    page.wait_for_timeout(1_000)
    axes = {
        where: [text for text in texts if text]
        for where, texts in page.evaluate(TICKS)
        if all(NUMBER.fullmatch(text) for text in texts if text)
    }
    assert axes or name == "glossary" or name == "data"
    uneven = {
        where: texts
        for where, texts in axes.items()
        if len({len(text.removesuffix(" %").partition(".")[2]) for text in texts}) > 1
        or len({text.endswith("%") for text in texts}) > 1
        or len(set(texts)) < len(texts)
    }
    assert uneven == {}
