"""Sliders moved while a page is still on its way to the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.app_server import serve
from tests.browser.conftest import press_right, wait_until_drawn, wait_until_idle

SLOW = Path(__file__).parent / "slow_server.py"


@pytest.fixture(scope="module")
def slow_url(app_home: Path) -> Iterator[str]:
    """Address of a dashboard that sends late."""
    with serve("simulated", home=app_home, script=SLOW) as url:
        yield url


@pytest.mark.parametrize(("first", "then"), [("people", "Tune"), ("tune", "Fairness audit")])
def test_a_page_lives_whose_sliders_are_moved_before_it_is_there(
    page: Page, slow_url: str, first: str, then: str
) -> None:
    """ "Bad delta path": a part was drawn into places of a page that were never sent."""
    page.goto(f"{slow_url}/{first}?div=0.1")
    for wait in (0, 60, 250):
        slider = page.get_by_label("Diversity", exact=True).get_by_role("slider")
        expect(slider).to_be_visible()
        page.wait_for_timeout(wait)
        press_right(page, "Diversity", 2)
        page.get_by_role("link", name=then).first.click()
        page.wait_for_timeout(wait)
        press_right(page, "Diversity", 2)
        page.wait_for_timeout(wait)
        press_right(page, "Diversity", 1)
        page.get_by_role("link", name="People").first.click()
    wait_until_idle(page)
    expect(page.locator("[data-testid=stMain] h2").first).to_be_visible()
    expect(page.get_by_label("Diversity", exact=True).get_by_role("slider")).to_be_visible()


def test_a_move_ends_what_is_being_drawn_and_draws_alone(page: Page, slow_url: str) -> None:
    """ "Bad delta path": the run before a move went on beside it, and took places from it."""
    page.goto(f"{slow_url}/feedback?rounds=10&repeats=2")
    expect(page.get_by_text(re.compile("Left alone for 10 rounds"))).to_be_visible()
    wait_until_idle(page)
    for _ in range(6):
        press_right(page, "Diversity", 1)
        page.wait_for_timeout(200)
    expect(page.get_by_text(re.compile("With Diversity 0.30"))).to_be_visible()
    wait_until_idle(page)
    bands = page.locator(".st-key-year_gini .js-plotly-plot")
    expect(bands).to_have_count(1)


def test_a_page_that_could_not_be_put_together_is_loaded_anew_once(
    page: Page, app_url: str
) -> None:
    page.goto(f"{app_url}/people?div=0.3")
    wait_until_drawn(page)
    for is_loaded_anew in (True, False):
        page.evaluate("window.isOld = true")
        page.evaluate(
            "window.dispatchEvent(new ErrorEvent('error', {message: 'Bad delta path index 5'}))"
        )
        page.wait_for_timeout(2_000)
        wait_until_drawn(page)
        assert bool(page.evaluate("window.isOld")) is not is_loaded_anew
    expect(page).to_have_url(re.compile("div=0.3"))
