"""Back undoes the last move; Reset is one entry; every page answers to its own address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.page_registry import PAGES
from tests.browser.conftest import neutral, press_right, wait_until_drawn, wait_until_idle

pytestmark = pytest.mark.browser

APART = 1200
"""Milliseconds after which a move of the same control is another entry (front/history.js)."""


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    wait_until_drawn(page)


def entries(page: Page) -> int:
    return page.evaluate("history.length")


def thumb(page: Page, name: str) -> str:
    slider = page.get_by_label(name, exact=True).get_by_role("slider")
    return str(slider.get_attribute("aria-valuenow") or slider.input_value())


def settled(page: Page, pattern: str) -> None:
    expect(page).to_have_url(re.compile(pattern), timeout=180_000)
    page.wait_for_timeout(APART)
    wait_until_idle(page)


def test_back_undoes_the_last_move_and_forward_makes_it_again(page: Page, app_url: str) -> None:
    open_page(page, app_url)
    before = entries(page)
    press_right(page, "Diversity", 1)  # on a busy machine several are several moves
    settled(page, r"div=0\.05")
    press_right(page, "Freshness", 1)
    settled(page, r"fresh=0\.05")
    assert entries(page) == before + 2
    page.go_back()
    settled(page, r"div=0\.05(&start=neutral)?$")
    assert float(thumb(page, "Freshness")) == 0
    assert float(thumb(page, "Diversity")) == pytest.approx(0.05)
    page.go_back()
    settled(page, rf"^{re.escape(neutral(app_url))}$")
    assert float(thumb(page, "Diversity")) == 0
    page.go_forward()
    settled(page, r"div=0\.05(&start=neutral)?$")
    assert float(thumb(page, "Diversity")) == pytest.approx(0.05)


def test_reset_is_one_entry_however_many_controls_it_puts_back(page: Page, app_url: str) -> None:
    open_page(page, f"{app_url}/?div=0.3&fresh=0.2&calib=0.1&pop=0.1&caps=2/5,genre")
    before = entries(page)
    page.get_by_role("button", name="Reset", exact=True).click()
    settled(page, rf"^{re.escape(neutral(app_url))}$")
    assert entries(page) == before + 1
    page.go_back()
    settled(page, r"div=0\.3")
    for part in ("fresh=0.2", "calib=0.1", "pop=0.1", "caps="):
        assert part in page.url
    assert float(thumb(page, "Diversity")) == pytest.approx(0.3)
    expect(page.get_by_text("At most 2 per genre in the top 5").first).to_be_visible()


def test_ctrl_z_takes_a_move_back_and_is_the_fields_own_while_somebody_types(
    page: Page, app_url: str
) -> None:
    open_page(page, app_url)
    press_right(page, "Diversity", 1)  # on a busy machine several are several moves
    settled(page, r"div=0\.05")
    page.keyboard.press("Control+z")
    settled(page, rf"^{re.escape(neutral(app_url))}$")
    assert float(thumb(page, "Diversity")) == 0
    page.keyboard.press("Control+Shift+z")
    settled(page, r"div=0\.05")
    assert float(thumb(page, "Diversity")) == pytest.approx(0.05)
    page.get_by_role("button", name="Save", exact=True).click()
    name = page.get_by_label("Name", exact=True)
    name.fill("typed")
    name.press("Control+z")
    expect(name).to_have_value("")
    page.wait_for_timeout(APART)
    assert "div=0.05" in page.url


@pytest.mark.parametrize("name", PAGES)
def test_every_page_answers_to_its_own_name(page: Page, app_url: str, name: str) -> None:
    open_page(page, f"{app_url}/{name}?div=0.3")
    expect(page.get_by_role("heading", name=PAGES[name].question)).to_be_visible()
    assert page.get_by_text("Page not found").count() == 0
    assert "div=0.3" in page.url


def test_the_bare_address_opens_an_example_that_back_leaves_and_a_reload_keeps(
    chromium: Browser, app_url: str
) -> None:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})  # not made neutral
    page.goto("about:blank")
    open_page(page, app_url)
    expect(page.get_by_role("heading", name=PAGES["tune"].question)).to_be_visible()
    expect(page.get_by_text("A worked example")).to_be_visible()
    settled(page, r"div=0\.3")
    shown = page.url
    page.reload()
    settled(page, rf"^{re.escape(shown)}$")
    assert float(thumb(page, "Diversity")) == pytest.approx(0.3)
    page.get_by_role("button", name="Reset", exact=True).click()
    settled(page, rf"^{re.escape(neutral(app_url))}$")
    page.reload()
    wait_until_idle(page)
    assert float(thumb(page, "Diversity")) == 0
    page.go_back()
    settled(page, rf"^{re.escape(shown)}$")
    page.go_back()
    expect(page).to_have_url("about:blank")
    page.close()
