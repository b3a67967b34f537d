"""The whole way in Chromium: raw files are uploaded, read, checked, fitted and seen on Tune."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TimeoutError_

from dashboard.page_registry import PAGES
from tests.browser.conftest import DRAWN, wait_until_idle
from tests.engine.importing.shapes import SHAPES

pytestmark = pytest.mark.browser


PAGES_OF_LISTS = ("people", "fairness_audit", "popularity_exposure", "pipeline")


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_raw_files_become_lists_that_a_slider_moves(
    app_url: str, page: Page, tmp_path: Path, shape: str
):
    files = SHAPES[shape](tmp_path)
    called = f"my-{shape.replace('_', '-')}"
    page.goto(f"{app_url}/data?about=Bring%20your%20own")
    wait_until_idle(page)
    expect(page.get_by_text("At most 2 GB a file")).to_be_visible()
    page.get_by_test_id("stFileUploader").locator("input").first.set_input_files(files)
    expect(page.get_by_text("4 · Import and fit")).to_be_visible(timeout=240_000)
    wait_until_idle(page)
    name = page.get_by_label("Name", exact=True)
    name.fill(called)
    name.press("Enter")
    wait_until_idle(page)
    page.get_by_role("button", name="Import and fit").click()
    show = page.get_by_role("button", name="Show it", exact=True)
    expect(show).to_be_visible(timeout=600_000)
    wait_until_idle(page)
    show.click()
    wait_until_idle(page)
    expect(page.get_by_text("NDCG@10 of the full pipeline")).to_have_count(0)  # of another part
    page.goto(f"{app_url}/tune?data={called}&div=0.3")
    wait_until_idle(page)
    expect(page.get_by_text(called).first).to_be_visible(timeout=240_000)
    expect(page.locator("[data-testid=stPlotlyChart] svg.main-svg").first).to_be_visible(
        timeout=240_000
    )
    for lists in PAGES_OF_LISTS:  # the page's fixture lets no error pass
        page.goto(f"{app_url}/{lists}?data={called}&div=0.3")
        wait_until_idle(page)
        expect(page.locator("[data-testid=stException]")).to_have_count(0)
        expect(page.locator(DRAWN[PAGES[lists].has_charts]).first).to_be_visible()
    page.goto(f"{app_url}/data?data={called}")
    wait_until_idle(page)
    expect(page.get_by_text("NDCG@10 of the full pipeline")).to_be_visible(timeout=180_000)
    expect(page.get_by_text("Person by person the difference")).to_be_visible()


def test_the_same_files_are_imported_again_by_the_mapping_that_was_kept(
    app_url: str, app_home: Path, page: Page, tmp_path: Path
):
    """First by hand, with repeats kept; then by the file that the page handed out, in its place."""
    files = SHAPES["groceries"](tmp_path)
    _upload(page, app_url, files)
    page.get_by_text("Dates, repeats, what is no rating").click()
    _choose(page, "Several rows of a person and an item", "may be recommended again")
    expect(page.get_by_text("lists may hold what they have met")).to_be_visible()
    wait_until_idle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Mapping (JSON)").click()
    mapping = tmp_path / "mapping.json"
    download.value.save_as(mapping)
    assert json.loads(mapping.read_text())["interactions"]["repeats"] == "again"
    first = _import_as(page, app_home, "my-pantry")

    _upload(page, app_url, files)
    page.get_by_role("button", name="Open a mapping").click()
    page.get_by_test_id("stFileUploader").last.locator("input").set_input_files(mapping)
    expect(page.get_by_text("lists may hold what they have met")).to_be_visible()
    page.keyboard.press("Escape")
    wait_until_idle(page)
    _call(page, "my-pantry")
    expect(page.get_by_role("button", name="Import and fit")).to_be_disabled()
    page.get_by_text("Import it again, in place of what is here").click()
    expect(page.get_by_role("button", name="Import and fit")).to_be_enabled()
    wait_until_idle(page)
    second = _import_as(page, app_home, "my-pantry", is_called=True)
    assert second["again"]
    assert second["sums"] == first["sums"]
    assert second["imported"] > first["imported"]
    page.goto(f"{app_url}/data?data=my-pantry")
    wait_until_idle(page)
    expect(page.get_by_text("NDCG@10 of the full pipeline")).to_be_visible()


def _upload(page: Page, app_url: str, files: list[Path]) -> None:
    page.goto(f"{app_url}/data?about=Bring%20your%20own")
    wait_until_idle(page)
    page.get_by_test_id("stFileUploader").locator("input").first.set_input_files(files)
    expect(page.get_by_text("4 · Import and fit")).to_be_visible()
    wait_until_idle(page)


def _choose(page: Page, label: str, words: str) -> None:
    """Choose of a box; its list closes where the page is drawn anew meanwhile."""
    box = page.get_by_role("combobox", name=label)
    expect(box).to_be_visible()
    option = page.get_by_role("option", name=words)
    for _ in range(20):
        box.click()
        with suppress(TimeoutError_):
            option.click(timeout=3_000)
            break
        page.keyboard.press("Escape")
    wait_until_idle(page)


def _call(page: Page, name: str) -> None:
    field = page.get_by_label("Name", exact=True)
    field.fill(name)
    field.press("Enter")
    wait_until_idle(page)


def _import_as(page: Page, home: Path, name: str, *, is_called: bool = False) -> dict[str, Any]:
    """Import and fit, wait for it, and return the record that was kept."""
    fits = home / ".artifacts" / name / "CURRENT"
    before = fits.read_text() if fits.is_file() else ""
    if not is_called:
        _call(page, name)
    page.get_by_role("button", name="Import and fit").click()
    deadline = time.monotonic() + 600
    while not fits.is_file() or fits.read_text() == before:
        assert time.monotonic() < deadline
        page.wait_for_timeout(500)
    expect(page.get_by_role("button", name="Show it", exact=True)).to_be_visible()
    wait_until_idle(page)
    return json.loads((home / ".data" / name / "import.json").read_text())
