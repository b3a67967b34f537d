"""Each page's main path on MovieLens 100K; the other browser tests take the simulated service."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from engine.data import load_dataset
from engine.errors import FetchError
from tests.app_server import prepare, serve
from tests.browser.conftest import wait_until_idle
from tests.browser.test_tune import everything, metric_values, move_slider, open_tune, settle

pytestmark = [pytest.mark.browser, pytest.mark.network]


@pytest.fixture(scope="module")
def real_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard that serves MovieLens 100K."""
    try:
        load_dataset("movielens-100k")
    except FetchError as error:
        pytest.skip(str(error))
    home = tmp_path_factory.mktemp("real")
    prepare("movielens-100k", home)
    with serve("movielens-100k", home=home) as url:
        yield url


def go_to(page: Page, name: str, question: str) -> None:
    page.get_by_role("navigation", name="App pages").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=question)).to_be_visible(timeout=180_000)
    wait_until_idle(page)


def test_one_setting_followed_over_the_four_pages(page: Page, real_url: str) -> None:
    before = open_tune(page, real_url)
    expect(page.get_by_text(re.compile("MovieLens 100K · 942 people"))).to_be_visible()
    expect(page.get_by_text("Real", exact=True).first).to_be_visible()
    move_slider(page, "Diversity", 8)
    after = everything(page)
    assert [part for part in before if after[part] == before[part]] == []

    go_to(page, "People", "Why does this person get this list?")
    page.get_by_label("A person", exact=True).last.fill("405")
    page.get_by_role("option", name=re.compile("^405 ")).click()
    expect(page).to_have_url(re.compile("person=405"))
    expect(page.get_by_text(re.compile("^Person 405 \\("))).to_be_visible()

    go_to(page, "Fairness audit", "Who is served worse, and is it real?")
    figures = metric_values(page)
    page.locator(".st-key-groups input").click()
    page.get_by_role("option", name=re.compile("^age")).click()
    page.keyboard.press("Escape")
    settle(page)
    assert metric_values(page) != figures
    expect(page.get_by_text(re.compile("n = [0-9]+")).first).to_be_visible()

    go_to(page, "Popularity & exposure", "Which items are seen?")
    settle(page)
    spread = metric_values(page)
    move_slider(page, "Fairness (items)", 6)
    assert metric_values(page) != spread
    link = page.url
    page.reload()
    wait_until_idle(page)
    settle(page)
    assert page.url == link
    page.go_back()
    wait_until_idle(page)
    assert "div=0.4" in page.url
