"""The whole way in Chromium: raw files are uploaded, read, checked, fitted and seen on Tune."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_until_idle
from tests.engine.importing.shapes import SHAPES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("shape", ["groceries", "news"])
def test_raw_files_become_lists_that_a_slider_moves(
    app_url: str, page: Page, tmp_path: Path, shape: str
):
    files = SHAPES[shape](tmp_path)
    page.goto(f"{app_url}/data?about=Bring%20your%20own")
    wait_until_idle(page)
    expect(page.get_by_text("At most 2 GB a file")).to_be_visible()
    page.get_by_test_id("stFileUploader").locator("input").first.set_input_files(files)
    expect(page.get_by_text("4 · Import and fit")).to_be_visible(timeout=240_000)
    wait_until_idle(page)
    name = page.get_by_label("Name", exact=True)
    name.fill(f"my-{shape}")
    name.press("Enter")
    wait_until_idle(page)
    page.get_by_role("button", name="Import and fit").click()
    show = page.get_by_role("button", name="Show it", exact=True)
    expect(show).to_be_visible(timeout=600_000)
    wait_until_idle(page)
    show.click()
    wait_until_idle(page)
    expect(page.get_by_text("NDCG@10 of the full pipeline")).to_have_count(0)  # of another part
    page.goto(f"{app_url}/tune?data=my-{shape}&div=0.3")
    wait_until_idle(page)
    expect(page.get_by_text(f"my-{shape}").first).to_be_visible(timeout=240_000)
    expect(page.locator("[data-testid=stPlotlyChart] svg.main-svg").first).to_be_visible(
        timeout=240_000
    )
    page.goto(f"{app_url}/data?data=my-{shape}")
    wait_until_idle(page)
    expect(page.get_by_text("NDCG@10 of the full pipeline")).to_be_visible(timeout=180_000)
    expect(page.get_by_text("Person by person the difference")).to_be_visible()
