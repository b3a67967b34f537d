"""After a move of a slider or a change of person every file of every page can be taken along."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from dashboard.page_registry import PAGES
from tests.browser.conftest import press_right, wait_until_idle

pytestmark = pytest.mark.browser

FILES = {
    "tune": {
        "scenario.json",
        "metrics.csv",
        "list.csv",
        "groups.csv",
        "exposure_by_popularity.csv",
        "lorenz_curves.csv",
        "trade_off_trail.csv",
        "controls.csv",
        "caps.csv",
    },
    "people": {
        "scenario.json",
        "stages.csv",
        "moves.csv",
        "rank_reasons.csv",
        "history.csv",
        "genre_mix.csv",
        "what_if.csv",
        "people_found.csv",
    },
    "fairness_audit": {
        "fairness-audit.html",
        "scenario.json",
        "groups.csv",
        "who_pays.csv",
        "tenths.csv",
        "worst_groups.csv",
        "in_one_number.csv",
        "stages.csv",
        "steps.csv",
        "retrieval.csv",
        "attribute_flips.csv",
        "definitions.csv",
        "groups_by_definition.csv",
    },
    "popularity_exposure": {
        "scenario.json",
        "item_groups.csv",
        "stages.csv",
        "every_item.csv",
        "gained_and_lost.csv",
        "popularity_lift.csv",
    },
    "trade_offs": {"scenario.json", "front.csv", "settings.csv"},
    "feedback": {"scenario.json", "at_the_end.csv", "rounds.csv", "never_shown.csv"},
    "scenarios": {
        "scenario.json",
        "comparison.csv",
        "guardrails.csv",
        "winners_and_losers.csv",
        "lists_in_common.csv",
        "one_person.csv",
    },
    "pipeline": {
        "scenario.json",
        "funnel.csv",
        "filters.csv",
        "cold_start.csv",
        "new_items.csv",
        "most_alike.csv",
        "ceiling_by_group.csv",
        "sources.csv",
        "index.csv",
        "rankers.csv",
        "models_of_groups.csv",
        "gains_over_baselines.csv",
        "feature_importance.csv",
        "scores_and_likes.csv",
        "learning_curve.csv",
        "reliability.csv",
        "stability.csv",
        "fits.csv",
        "seconds_of_the_fit.csv",
    },
    "data": {
        "scenario.json",
        "data_card.csv",
        "what_it_can_carry.csv",
        "groups_of_people.csv",
        "genres_of_items.csv",
        "activity.csv",
    },
    "glossary": {"scenario.json", "glossary.csv"},
}
"""All that is handed out: a file more or less is a change that somebody has to mean."""

WHERE_SAVED = {"saved_scenarios.csv"}
"""Files that are there once somebody has saved something, as another test may have."""

WITH_A_PERSON = ("tune", "people")
ASKED = {"feedback": "&rounds=10&repeats=2"}
"""What else the link asks for: a short year is there soon."""
OF_THIS_VISIT = {"trade_off_trail.csv"}
"""Files that say what was done since the page was opened."""


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    wait_until_idle(page)
    if "/glossary" not in address:  # it has no chart
        expect(page.locator("[data-testid=stPlotlyChart] svg.main-svg").first).to_be_visible(
            timeout=240_000
        )
    wait_until_worked(page)


def wait_until_worked(page: Page) -> None:
    """Wait for work beside the page, whose bar has a button that stops it, and for the page."""
    wait_until_idle(page)
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0, timeout=240_000)
    wait_until_idle(page)


def take(page: Page, button: Locator) -> tuple[str, bytes]:
    page.wait_for_timeout(300)  # Chromium drops every tenth of clicks faster than a person's
    with page.expect_download(timeout=180_000) as download:
        button.click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def take_all(page: Page) -> dict[str, bytes]:
    """Take every file that the page hands out: name → content."""
    page.get_by_role("button", name="Download", exact=True).click()
    opened = page.get_by_test_id("stPopoverBody")
    expect(opened.get_by_text("the camera above each one")).to_be_visible(timeout=180_000)
    buttons = opened.get_by_test_id("stDownloadButton")
    expect(buttons.first).to_be_visible()  # their script is fetched when the first is drawn
    taken = [take(page, button.get_by_role("button")) for button in buttons.all()]
    page.keyboard.press("Escape")
    expect(buttons).to_have_count(0)
    outside = page.get_by_test_id("stMain").get_by_test_id("stDownloadButton")
    taken += [take(page, button.get_by_role("button")) for button in outside.all()]
    assert len(taken) == len(dict(taken))
    return dict(taken)


def choose_person(page: Page, user_id: str) -> None:
    box = page.get_by_role("combobox", name=re.compile("A person"))
    box.click()
    box.fill(user_id)
    page.get_by_role("option", name=re.compile(f"^{user_id} ")).click()
    expect(page).to_have_url(re.compile(f"person={user_id}"))


def rows(taken: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(taken[name].decode("utf-8-sig"))))


def settled(page: Page, weight: str) -> None:
    """Wait until the page has drawn what the address says."""
    expect(page).to_have_url(re.compile(f"div={weight}"))
    page.wait_for_timeout(1_500)
    wait_until_worked(page)


@pytest.mark.parametrize("name", PAGES)
def test_every_file_can_be_taken_after_a_move_and_says_what_is_shown(
    page: Page, app_url: str, name: str
) -> None:
    open_page(page, f"{app_url}/{name}?person=u0007{ASKED.get(name, '')}")
    before = take_all(page)
    assert set(before) - WHERE_SAVED == FILES[name]
    press_right(page, "Diversity", 8)
    settled(page, "0.4")
    if name in WITH_A_PERSON:
        choose_person(page, "u0012")
        settled(page, "0.4")
    after = take_all(page)
    assert set(after) - WHERE_SAVED == FILES[name]
    assert json.loads(after["scenario.json"])["diversity"] == pytest.approx(0.4)
    same = [file for file in after if after[file] == before[file] and file not in WHERE_SAVED]
    assert sorted(same) in [sorted(files) for files in unmoved(name)]
    assert all(after.values())

    fresh = page.context.browser.new_context(accept_downloads=True)
    colleague = fresh.new_page()
    open_page(colleague, page.url)
    same = take_all(colleague)
    fresh.close()
    differing = {file for file in after if without_times(after[file]) != without_times(same[file])}
    assert differing <= OF_THIS_VISIT

    page.reload()
    wait_until_worked(page)
    press_right(page, "Freshness", 2)
    expect(page).to_have_url(re.compile("fresh=0.1"))
    settled(page, "0.4")
    again = take_all(page)
    assert set(again) - WHERE_SAVED == FILES[name]
    assert json.loads(again["scenario.json"])["freshness"] == pytest.approx(0.1)


def unmoved(name: str) -> list[list[str]]:
    """Files that the move may leave as they were: they do not depend on it."""
    return {
        "tune": [["caps.csv"]],
        "people": [["people_found.csv"]],
        "fairness_audit": [["retrieval.csv", "attribute_flips.csv"]],
        "popularity_exposure": [[]],
        "trade_offs": [["front.csv", "settings.csv"]],
        "feedback": [[]],
        "scenarios": [[]],
        "glossary": [["glossary.csv"]],
        "data": [
            [
                "data_card.csv",
                "what_it_can_carry.csv",
                "groups_of_people.csv",
                "genres_of_items.csv",
                "activity.csv",
            ]
        ],
        "pipeline": [
            [
                "filters.csv",
                "cold_start.csv",
                "new_items.csv",
                "most_alike.csv",
                "sources.csv",
                "index.csv",
                "rankers.csv",
                "models_of_groups.csv",
                "gains_over_baselines.csv",
                "feature_importance.csv",
                "scores_and_likes.csv",
                "learning_curve.csv",
                "reliability.csv",
                "stability.csv",
                "fits.csv",
                "seconds_of_the_fit.csv",
            ]
        ],
    }[name]


def without_times(content: bytes) -> bytes:
    """Leave out of a report when it was made."""
    return re.sub(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", b"", content)


def test_the_files_are_those_of_the_person_chosen_and_of_what_is_imagined(
    page: Page, app_url: str
) -> None:
    open_page(page, f"{app_url}/people?person=u0007")
    page.get_by_role("button", name="What if they liked it?").click()
    expect(page.locator(".st-key-what_if svg.main-svg").first).to_be_visible(timeout=180_000)
    wait_until_idle(page)
    imagined = rows(take_all(page), "what_if.csv")
    assert any(row["what if"] for row in imagined)
    page.locator(".st-key-find input").click()
    page.get_by_role("option", name="Worst served").click()
    expect(page.get_by_text(re.compile("^Number 1 of .* · NDCG"))).to_be_visible(timeout=180_000)
    wait_until_idle(page)
    found = rows(take_all(page), "people_found.csv")
    assert f"person={found[0]['person']}" in page.url
    assert "NDCG" in " ".join(found[0])


def test_a_button_turns_and_cannot_be_pressed_again_while_its_file_is_made(
    page: Page, app_url: str
) -> None:
    """Of a file that takes longer than a moment nothing else says that it comes.

    The server's answer is held back here, so that the moment is long enough to look at.
    """
    held: list[tuple[WebSocketRoute, str | bytes]] = []
    is_held = False

    def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        route.on_message(server.send)
        server.on_message(
            lambda message: held.append((route, message)) if is_held else route.send(message)
        )

    page.route_web_socket(re.compile("_stcore/stream"), between)
    open_page(page, f"{app_url}/pipeline?person=u0007")
    page.get_by_role("button", name="Download", exact=True).click()
    files = page.get_by_test_id("stPopoverBody").get_by_test_id("stDownloadButton")
    file = files.filter(has_text="New items (CSV)")
    expect(file).to_be_visible()
    page.wait_for_timeout(500)
    is_held = True
    with page.expect_download(timeout=60_000) as download:
        file.get_by_role("button").click()
        expect(file.get_by_test_id("stSpinnerIcon")).to_be_visible()
        expect(file.get_by_role("button")).to_be_disabled()
        is_held = False
        for route, message in held:
            route.send(message)
    assert download.value.suggested_filename == "new_items.csv"
    expect(file.get_by_test_id("stSpinnerIcon")).to_have_count(0)
