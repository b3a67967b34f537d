"""Popularity & exposure as a person uses it: slider, grouping, movers, a person's page, back."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from dashboard.charts.exposure_stages import SCALE
from tests.browser.conftest import downloaded_rows, wait_until_idle
from tests.browser.test_tune import drawn, metric_values, move_slider

pytestmark = pytest.mark.browser


def open_exposure(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/popularity_exposure{query}")
    wait_until_idle(page)
    expect(page.locator(".st-key-stage_lorenz svg.main-svg").first).to_be_visible(timeout=180_000)
    page.wait_for_timeout(800)


def test_a_slider_moves_the_figures_and_every_chart(page: Page, app_url: str) -> None:
    open_exposure(page, app_url)
    charts = ("stage_lorenz", "exposure_groups", "exposure_stages")
    before = {key: drawn(page, key) for key in charts}, metric_values(page)
    move_slider(page, "Fairness (items)", 6)
    assert metric_values(page) != before[1]
    assert drawn(page, "stage_lorenz") != before[0]["stage_lorenz"]
    assert drawn(page, "exposure_groups") != before[0]["exposure_groups"]


def test_cells_have_the_colours_that_their_key_says(page: Page, app_url: str) -> None:
    """A scale that the browser could not read was replaced by its own, with blue for least."""
    open_exposure(page, app_url)
    read = page.locator(".st-key-exposure_stages .js-plotly-plot").evaluate(
        "gd => gd._fullData.find(trace => trace.type === 'heatmap').colorscale"
    )
    assert [colour.upper() for _, colour in read] == list(SCALE)


def test_an_item_leads_to_a_person_and_back(page: Page, app_url: str) -> None:
    open_exposure(page, app_url, "?div=0.6&look=Gained+and+lost")
    link = page.get_by_test_id("stMain").get_by_role("link", name="Person").first
    expect(link).to_be_visible(timeout=180_000)
    link.click()
    expect(page.get_by_role("heading", name="Why does this person get this list?")).to_be_visible(
        timeout=180_000
    )
    assert "person=" in page.url
    wait_until_idle(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Which items are seen?")).to_be_visible(timeout=180_000)
    wait_until_idle(page)


def test_every_item_comes_as_csv(page: Page, app_url: str, tmp_path: Path) -> None:
    open_exposure(page, app_url, "?div=0.4")
    rows = downloaded_rows(page, "Every item (CSV)", tmp_path / "items.csv")
    assert len(rows) == 1500
    assert sum(float(row["exposure now"]) for row in rows) > 0


def click_a_point(page: Page) -> None:
    """Click an item of the scatter that gets more exposure than before, as a hand would."""
    point = page.locator(".st-key-item_cloud .scatterlayer .trace").nth(2).locator(".point").last
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2 - 6, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
    page.wait_for_timeout(300)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_a_click_on_an_item_leads_to_its_people_and_survives_reload_and_back(
    page: Page, app_url: str
) -> None:
    open_exposure(page, app_url, "?div=0.6&look=Every+item")
    holders = page.get_by_text(re.compile(r"In [\d,]+ lists? before, [\d,]+ now"))
    expect(page.locator(".st-key-item_cloud .point").first).to_be_visible(timeout=180_000)
    expect(holders).to_have_count(0)
    click_a_point(page)
    expect(holders).to_be_visible(timeout=180_000)
    page.wait_for_url(re.compile(r"item="))
    said, address = holders.inner_text(), page.url

    page.reload()
    expect(holders).to_have_text(said, timeout=180_000)

    page.get_by_test_id("stMain").get_by_role("link", name="Person").first.click()
    expect(page.get_by_role("heading", name="Why does this person get this list?")).to_be_visible(
        timeout=180_000
    )
    wait_until_idle(page)
    page.go_back()
    expect(holders).to_have_text(said, timeout=180_000)
    assert "look=Every" in page.url
    assert parse_qs(urlsplit(address).query)["item"] == parse_qs(urlsplit(page.url).query)["item"]
