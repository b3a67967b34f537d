"""What everybody can read and reach: axe-core, contrast and names of keyboard stops, on every page.

A page is opened once a theme for all of it: on two cores the opening takes longer than the looking.
"""

from __future__ import annotations

from urllib.parse import quote_plus

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboard.audit.sections import SECTIONS as AUDIT
from dashboard.exposure.sections import SECTIONS as EXPOSURE
from dashboard.page_registry import PAGES
from dashboard.people.panels import VIEWS
from tests.browser.accessible_names import unnamed_stops
from tests.browser.conftest import wait_until_drawn
from tests.browser.contrast import FAINT

pytestmark = pytest.mark.browser

NOT_OURS: dict[str, str] = {}
"""Rule of axe → why it cannot be kept here: what Streamlit draws and we cannot mend. None is."""

SECTIONS = {
    "": ("view", ["What each control does"]),
    "people": ("show", [words for words, _ in VIEWS.values()]),
    "fairness_audit": ("section", list(AUDIT)),
    "popularity_exposure": ("look", list(EXPOSURE)),
}
"""Page → the key of what it lets be looked into, and the sections."""

PLACES = [
    f"{page}?{key}={quote_plus(name)}" for page, (key, names) in SECTIONS.items() for name in names
]
SOMETHING_DONE = "div=0.3&caps=2/5,genre"

GROUND = "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
"""Run in a page: the colour that it stands on."""


def open_at(page: Page, address: str) -> None:
    page.goto(address)
    wait_until_drawn(page)


def violations(page: Page) -> list[tuple[str, str, str]]:
    response = Axe().run(page).response
    assert len(response["passes"]) > 20, f"axe looked at nothing on {page.url}"
    return [
        (rule["id"], str(node["target"]), node["html"][:160])
        for rule in response["violations"]
        if rule["id"] not in NOT_OURS
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_read_and_reached_in_both_themes(
    page: Page, app_url: str, name: str
) -> None:
    open_at(page, f"{app_url}/{name}?{SOMETHING_DONE}")
    assert unnamed_stops(page) == []
    assert violations(page) == []
    assert page.evaluate(FAINT) == []
    light = page.evaluate(GROUND)
    page.emulate_media(color_scheme="dark")
    page.reload()  # the front end asks for the scheme when it begins
    wait_until_drawn(page)
    assert page.evaluate(GROUND) != light
    assert violations(page) == []
    assert page.evaluate(FAINT) == []


@pytest.mark.parametrize("place", PLACES)
def test_no_keyboard_stop_of_a_section_is_without_a_name(
    page: Page, app_url: str, place: str
) -> None:
    open_at(page, f"{app_url}/{place}&{SOMETHING_DONE}")
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
        expect(link).to_be_in_viewport()
        link.press("Enter")
        here = page.evaluate("document.activeElement.getAttribute('data-testid')")
        assert here == reached
    seconds = page.locator("button").first.evaluate(
        "one => getComputedStyle(one).transitionDuration"
    )
    assert max(float(one.strip("s")) for one in seconds.split(", ")) < 0.001
