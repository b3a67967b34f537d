"""The People page as a person uses it, from finding somebody to a what-if."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.people.moves import PART_LABELS
from tests.browser.conftest import downloaded_rows, press_right, wait_until_idle

pytestmark = pytest.mark.browser


def open_people(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/people{query}")
    wait_until_idle(page)
    expect(page.locator(".st-key-stages svg.main-svg").first).to_be_visible(timeout=180_000)
    wait_until_idle(page)


def chips(page: Page) -> list[str]:
    """Titles on the chips, column after column."""
    return page.locator(".st-key-stages .textpoint").all_text_contents()


def click_chip(page: Page, number: int) -> None:
    box = page.locator(".st-key-stages .barlayer .point path").nth(number).bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + box["height"] / 2)
    page.wait_for_timeout(300)
    page.mouse.click(box["x"] + 40, box["y"] + box["height"] / 2)
    page.wait_for_timeout(500)
    wait_until_idle(page)


def look_at(page: Page, view: str) -> None:
    page.get_by_test_id("stMain").get_by_role("radio", name=view, exact=True).click()
    page.wait_for_timeout(500)
    wait_until_idle(page)


def test_a_slider_moves_the_last_stage_and_leaves_the_others(page: Page, app_url: str) -> None:
    open_people(page, app_url, "?person=u0007")
    before = chips(page)
    press_right(page, "Diversity", 10)
    expect(page).to_have_url(re.compile("div=0.5"))
    page.wait_for_timeout(1500)
    wait_until_idle(page)
    after = chips(page)
    assert before != after
    assert [word for word in before[:11] if word] == [word for word in after[:11] if word]


def test_who_is_found_is_shown_and_steps_lead_on(page: Page, app_url: str) -> None:
    open_people(page, app_url)
    page.locator(".st-key-find input").click()
    page.get_by_role("option", name="Worst served").click()
    expect(page.get_by_text(re.compile("^Number 1 of .* · NDCG"))).to_be_visible(timeout=180_000)
    first = page.url
    page.locator(".st-key-_step_1 button").first.click()
    expect(page.get_by_text(re.compile("^Number 2 of .* · NDCG"))).to_be_visible(timeout=180_000)
    assert page.url != first


def test_a_clicked_item_is_explained_and_back_undoes_it(page: Page, app_url: str) -> None:
    open_people(page, app_url, "?person=u0007&div=0.6")
    click_chip(page, 25)
    expect(page).to_have_url(re.compile("item="))
    expect(page.get_by_text("Why it is a candidate")).to_be_visible()
    explained = page.url
    click_chip(page, 22)
    assert page.url != explained
    page.go_back()
    wait_until_idle(page)
    expect(page).to_have_url(explained)


def test_an_item_outside_the_list_says_what_would_bring_it_in(page: Page, app_url: str) -> None:
    open_people(page, app_url, "?person=u0007")
    page.locator("[class*=st-key-_item_] input").click()
    page.locator("[class*=st-key-_item_] input").fill("not in the list")
    page.get_by_role("option").nth(3).click()
    expect(page.get_by_text("What would bring it in")).to_be_visible(timeout=180_000)
    expect(page.get_by_text(re.compile("List length 10 →"))).to_be_visible(timeout=180_000)
    page.locator(".st-key-_try_0 button").click()
    expect(page.get_by_text("Why it moved")).to_be_visible(timeout=180_000)


def test_a_cold_start_is_labelled(page: Page, app_url: str) -> None:
    open_people(page, app_url, "?find=Fewest+interactions")
    expect(page.get_by_text("Cold start: the list leans").first).to_be_visible()


def test_a_what_if_is_labelled_and_folds_in(page: Page, app_url: str) -> None:
    open_people(page, app_url, "?person=u0007")
    page.get_by_role("button", name="What if they liked it?").click()
    expect(page.get_by_text("What-if: not this person's real history")).to_be_visible(
        timeout=180_000
    )
    expect(page.locator(".st-key-what_if svg.main-svg").first).to_be_visible()
    page.get_by_role("button", name="Forget the what-if").click()
    wait_until_idle(page)
    expect(page.get_by_text("What-if: not this person's real history")).to_have_count(0)


def test_a_shared_link_shows_the_same_page(page: Page, app_url: str) -> None:
    open_people(page, app_url, "?person=u0012&div=0.4&show=Every+move")
    before = chips(page)
    expect(page.locator(".st-key-moves svg.main-svg").first).to_be_visible()
    page.reload()
    wait_until_idle(page)
    expect(page.locator(".st-key-moves svg.main-svg").first).to_be_visible(timeout=180_000)
    assert chips(page) == before


def test_the_moves_can_be_taken_along(page: Page, app_url: str, tmp_path: Path) -> None:
    open_people(page, app_url, "?person=u0012&div=0.4")
    rows = downloaded_rows(page, "Moves (CSV)", tmp_path / "moves.csv")
    assert len(rows) >= 10
    for row in rows:
        parts = [float(row[label.lower()]) for label in PART_LABELS.values()]
        assert sum(parts) == pytest.approx(float(row["difference"]), abs=1e-9)


def test_a_person_is_found_by_a_trait_and_back_returns_to_the_former_one(
    page: Page, app_url: str
) -> None:
    open_people(page, app_url, "?person=u0007")
    box = page.get_by_role("combobox", name=re.compile("A person"))
    box.click()
    box.fill("u0012")
    page.get_by_role("option", name=re.compile("^u0012 ")).click()
    expect(page).to_have_url(re.compile("person=u0012"))
    expect(page.get_by_text("Person u0012").first).to_be_visible(timeout=180_000)
    wait_until_idle(page)
    page.go_back()
    expect(page.get_by_text("Person u0007").first).to_be_visible(timeout=180_000)
    expect(page).to_have_url(re.compile("person=u0007"))
    expect(page.locator(".st-key-_person input")).to_have_value(re.compile("^u0007 "))
