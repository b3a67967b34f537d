"""The Trade-offs page as a person uses it: map, click, take, search, stop, reload."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_until_idle

CHART = ".st-key-trade_map .js-plotly-plot"
MOVED = "() => /[?&](div|fresh|calib|pop)=/.test(location.search)"


def open_map(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/trade_offs{query}")
    expect(page.locator(CHART)).to_be_visible(timeout=240_000)
    wait_until_idle(page)


def values_in_address(page: Page) -> dict[str, str]:
    return dict(re.findall(r"[?&](div|fresh|calib|pop)=([0-9.]+)", page.url))


def settled_values(page: Page) -> dict[str, str]:
    """Read them when they have stood still: one after the other they reach the address."""
    seen: dict[str, str] = {}
    while not seen or values_in_address(page) != seen:
        seen = values_in_address(page)
        page.wait_for_timeout(2_000)
        wait_until_idle(page)
    return seen


def test_a_click_on_a_point_takes_its_weights_and_a_reload_keeps_them(
    page: Page, app_url: str
) -> None:
    open_map(page, app_url)
    assert values_in_address(page) == {}
    front = page.locator(f"{CHART} .scatterlayer .trace", has=page.locator(".js-line"))
    points = front.locator(".point")
    expect(points.first).to_be_attached()
    box = points.nth(points.count() // 2).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 6, y)
    page.mouse.move(x, y, steps=3)
    page.wait_for_timeout(300)
    page.mouse.click(x, y)
    page.wait_for_function(
        "() => /[?&](div|fresh|calib|pop)=/.test(location.search)", timeout=90_000
    )
    taken = settled_values(page)
    open_map(page, app_url, "?" + page.url.partition("?")[2])
    assert settled_values(page) == taken


def test_the_same_by_keyboard_from_the_list_of_the_front(page: Page, app_url: str) -> None:
    open_map(page, app_url)
    box = page.get_by_role("combobox", name=re.compile("A setting of the front"))
    box.focus()
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    wait_until_idle(page)
    page.get_by_role("button", name="Take these weights").press("Enter")
    page.wait_for_function(
        "() => /[?&](div|fresh|calib|pop)=/.test(location.search)", timeout=90_000
    )


def test_the_button_on_tune_leads_to_an_answer_in_words(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/tune")
    button = page.get_by_role("button", name=re.compile("Most diversity for at most 1 % NDCG"))
    expect(button).to_be_visible(timeout=120_000)
    button.click()
    answer = page.get_by_text(re.compile("settings searched on"))
    expect(answer).to_be_visible(timeout=240_000)
    said = page.locator("[data-testid=stMain]").inner_text()
    assert re.search(r"Shown to keep every limit|by estimate only|No setting tried keeps", said)


def test_a_search_is_stopped_and_the_page_says_so(page: Page, app_url: str) -> None:
    open_map(page, app_url, "?ndcg_loss=37")
    page.get_by_role("button", name=re.compile("Find the most")).click()
    page.get_by_role("button", name="Stop").click(timeout=180_000)
    expect(page.get_by_text(re.compile("Stopped; nothing was changed"))).to_be_visible(
        timeout=180_000
    )
    expect(page.locator(CHART)).to_be_visible()
    page.get_by_role("button", name=re.compile("Find the most")).click()
    expect(page.get_by_text(re.compile("settings searched on"))).to_be_visible(timeout=240_000)
