"""Whatever the keyboard stops at says what it is: on every page, in every section with a table."""

from __future__ import annotations

from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Page

from dashboard.audit.sections import SECTIONS as AUDIT
from dashboard.exposure.sections import SECTIONS as EXPOSURE
from dashboard.page_registry import PAGES
from dashboard.people.panels import VIEWS
from tests.browser.accessible_names import unnamed_stops
from tests.browser.conftest import wait_until_drawn

pytestmark = pytest.mark.browser

SECTIONS = {
    "": ("view", ["What each control does"]),
    "people": ("show", [words for words, _ in VIEWS.values()]),
    "fairness_audit": ("section", list(AUDIT)),
    "popularity_exposure": ("look", list(EXPOSURE)),
}
"""Page → the key of what it lets be looked into, and the sections."""

PLACES = [
    *PAGES,
    *(
        f"{page}?{key}={quote_plus(name)}"
        for page, (key, names) in SECTIONS.items()
        for name in names
    ),
]


def open_at(page: Page, address: str) -> None:
    page.goto(address)
    wait_until_drawn(page)


@pytest.mark.parametrize("place", PLACES)
def test_no_keyboard_stop_is_without_a_name(page: Page, app_url: str, place: str) -> None:
    open_at(page, f"{app_url}/{place}{'&' if '?' in place else '?'}div=0.3&caps=2/5,genre")
    assert unnamed_stops(page) == []


def test_a_table_is_read_out_by_what_it_shows(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/?div=0.3")
    table = page.get_by_test_id("data-grid-canvas").first
    frame = page.get_by_test_id("stDataFrameResizable").first
    assert frame.get_attribute("aria-label") == table.get_attribute("aria-label") != "Table"


def test_the_first_stops_lead_past_the_controls(page: Page, app_url: str) -> None:
    """Every control had to be passed before a chart was reached; and motion went on regardless."""
    page.emulate_media(reduced_motion="reduce")
    open_at(page, f"{app_url}/?div=0.3")
    page.locator("body").press("Tab")
    for words, reached in (
        ("Skip to the page", "stMain"),
        ("Skip to the list", "data-grid-canvas"),
        ("Skip to the charts", "stPlotlyChart"),
    ):
        link = page.get_by_role("button", name=words)
        link.focus()
        assert link.bounding_box()["y"] >= 0
        link.press("Enter")
        here = page.evaluate("document.activeElement.getAttribute('data-testid')")
        assert here == reached
    seconds = page.locator("button").first.evaluate(
        "one => getComputedStyle(one).transitionDuration"
    )
    assert max(float(one.strip("s")) for one in seconds.split(", ")) < 0.001
