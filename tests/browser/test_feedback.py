"""The Feedback loop page as a person uses it: a year, another one, a stop, what was earned."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from engine.simulate.measures import MEASURES
from tests.browser.conftest import press_right, wait_until_idle

SHORT = "?rounds=10&repeats=2"
CURVE = ".st-key-year_gini .js-plotly-plot"


def open_year(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/feedback{SHORT}{query}")
    expect(page.locator(CURVE)).to_be_visible(timeout=240_000)
    wait_until_idle(page)


def test_a_year_comes_by_itself_and_another_one_with_a_moved_slider(
    page: Page, app_url: str
) -> None:
    open_year(page, app_url)
    expect(page.get_by_text(re.compile("Left alone for 10 rounds"))).to_be_visible(timeout=240_000)
    press_right(page, "Diversity", 8)
    expect(page).to_have_url(re.compile("div=0.4"))
    expect(page.get_by_text(re.compile("Diversity 0.40")).first).to_be_visible(timeout=240_000)


def test_curves_have_their_place_before_they_are_there(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/feedback?rounds=100&repeats=10&explore=2")
    block = page.locator(".st-key-waiting_gini")
    expect(block).to_be_visible(timeout=120_000)
    expect(page.get_by_text(MEASURES["gini"].question)).to_be_visible()
    expect(page.get_by_test_id("stProgress")).to_have_count(1)
    colour = block.evaluate("one => getComputedStyle(one).backgroundColor")
    assert colour not in ("rgba(0, 0, 0, 0)", "transparent")
    assert block.bounding_box()["height"] > 100
    page.get_by_role("button", name="Stop", exact=True).click(timeout=120_000)
    expect(block).to_have_count(0, timeout=120_000)


def test_sliders_moved_while_a_year_runs_leave_the_page_whole(page: Page, app_url: str) -> None:
    """ "Bad delta path": a bar that ticked inside a panel wrote where its place had gone."""
    open_year(page, app_url)
    for step in range(24):
        press_right(page, ("Diversity", "Freshness", "Calibration")[step % 3], 1)
        page.wait_for_timeout((50, 200, 500, 900, 1500)[step % 5])
    expect(page).to_have_url(re.compile("calib=0.4"))
    expect(page.get_by_text(re.compile("Calibration 0.40")).first).to_be_visible(timeout=240_000)
    expect(page.get_by_test_id("stProgress")).to_have_count(0, timeout=240_000)


def test_a_long_year_is_stopped_and_the_page_says_so(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/feedback?rounds=100&repeats=10&explore=3")
    page.get_by_role("button", name="Stop", exact=True).click(timeout=120_000)
    expect(page.get_by_text(re.compile("Stopped; nothing was changed"))).to_be_visible(
        timeout=120_000
    )
    expect(page.get_by_role("button", name=re.compile("Run it again"))).to_be_visible()


def test_what_it_would_have_earned_begins_with_support(page: Page, app_url: str) -> None:
    open_year(page, app_url, "&div=0.3&loop=What+it+would+have+earned")
    expect(page.get_by_text("Support first.")).to_be_visible(timeout=240_000)
    expect(page.locator(".st-key-earned_first .js-plotly-plot")).to_be_visible(timeout=180_000)
