"""Caps and rules say what they reach before they are added; what is chosen exists."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import wait_until_idle

pytestmark = pytest.mark.browser


def open_tune(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/{query}")
    wait_until_idle(page)
    expect(page.locator(".st-key-lorenz svg.main-svg").first).to_be_visible(timeout=180_000)
    wait_until_idle(page)


def add(page: Page, noun: str) -> Locator:
    page.get_by_role("button", name=f"Add a {noun}").click()
    body = page.get_by_test_id("stPopoverBody")
    expect(body).to_be_visible()
    return body


def test_a_cap_that_cannot_hold_says_so_before_it_is_added(page: Page, app_url: str) -> None:
    open_tune(page, app_url)
    body = add(page, "cap")
    expect(body.get_by_text(re.compile("^Binds in"))).to_be_visible(timeout=180_000)
    most = body.get_by_label("At most, items")
    most.fill("0")
    most.press("Enter")
    expect(body.get_by_text(re.compile("cannot be kept in"))).to_be_visible(timeout=180_000)
    assert "caps=" not in page.url
    body.get_by_role("button", name="Add", exact=True).click()
    expect(page).to_have_url(re.compile("caps="), timeout=180_000)
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_text(re.compile("cannot be kept in"))).to_be_visible(timeout=180_000)


def test_a_pin_is_chosen_by_title_and_says_for_whom_it_can_act(page: Page, app_url: str) -> None:
    open_tune(page, app_url)
    body = add(page, "rule")
    body.locator(".st-key-_rule input").click()
    page.get_by_role("option", name=re.compile("^Pin")).click()
    body.locator(".st-key-_rule_field input").click()
    page.get_by_role("option", name="Title").click()
    expect(body.get_by_role("button", name="Add", exact=True)).to_be_disabled()
    titles = body.locator(".st-key-_rule_values_item input")
    expect(titles).to_be_visible(timeout=180_000)
    titles.click()
    page.get_by_role("option").first.click(timeout=180_000)
    titles.press("Tab")  # the list of titles closes, and the form stays open
    expect(body.get_by_text(re.compile("Can pin for"))).to_be_visible(timeout=180_000)
    body.get_by_role("button", name="Add", exact=True).click()
    expect(page).to_have_url(re.compile("rules=pin%2Citem"), timeout=180_000)
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_text(re.compile("^Pin to the top"))).to_be_visible(timeout=180_000)


def test_a_typo_in_a_link_leaves_the_page_whole_and_is_said(page: Page, app_url: str) -> None:
    open_tune(page, app_url, "?rules=hide,genre,Dramma,0.2")
    expect(page.get_by_text(re.compile("No item of this data set has the genre"))).to_be_visible()
    assert "rules=" not in page.url
