"""The Fairness audit as an analyst uses it, from the attribute to the report in hand."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import press_right, wait_until_idle

pytestmark = pytest.mark.browser


def open_audit(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/fairness_audit{query}")
    wait_until_idle(page)
    expect(page.locator(".st-key-disparity svg.main-svg").first).to_be_visible(timeout=180_000)
    settle(page)


def settle(page: Page) -> None:
    page.wait_for_timeout(700)
    wait_until_idle(page)


def expect_said(page: Page, pattern: str) -> None:
    """Wait until the page says it; names from data carry invisible joiners, which are left out."""
    found = None
    for _ in range(300):  # a minute
        text = page.get_by_test_id("stMain").inner_text().replace("\u2060", "")
        found = re.search(pattern, text)
        if found:
            break
        page.wait_for_timeout(200)
    assert found, pattern


def groups_shown(page: Page) -> list[str]:
    """Labels of the rows of the dot plot, without their sizes."""
    labels = page.locator(".st-key-disparity .yaxislayer-above text").all_text_contents()
    return [re.split(r"\s+n = ", label)[0].strip() for label in labels]


def choose(page: Page, key: str, option: str) -> None:
    box = page.locator(f".st-key-{key} input")
    box.click()
    box.fill(option)  # of a long list only some options are there
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")
    settle(page)


def look_into(page: Page, section: str) -> None:
    page.get_by_test_id("stMain").get_by_role("radio", name=section, exact=True).click()
    settle(page)


def headline(page: Page) -> list[str]:
    return page.locator("[data-testid=stMain] [data-testid=stMetricValue]").all_inner_texts()


def test_the_planted_gap_is_found_and_none_where_none_was_planted(page: Page, app_url: str) -> None:
    open_audit(page, app_url, "?groups=region&reference=everyone+else")
    expect_said(
        page,
        "Islands: NDCG@10 is .* % lower .* than for everyone else.*clearly worse, beyond the band",
    )
    assert "0 of 5 groups" not in headline(page)
    open_audit(page, app_url, "?groups=device&reference=everyone+else")
    expect_said(page, "No group's NDCG@10 clearly differs")
    expect_said(page, "within what chance makes")


def test_attribute_metric_and_slider_move_the_audit_and_stay_in_the_link(
    page: Page, app_url: str
) -> None:
    open_audit(page, app_url, "?groups=region")
    assert groups_shown(page) == ["Coast", "Highlands", "Islands", "Lakes", "Plains"]
    choose(page, "groups", "device")
    assert "laptop · Coast" in groups_shown(page) or "Coast · laptop" in groups_shown(page)
    choose(page, "measure", "Recall")
    expect(page).to_have_url(re.compile("measure=Recall"))
    before = headline(page)
    press_right(page, "Diversity", 12)
    expect(page).to_have_url(re.compile("div=0.6"))
    page.wait_for_timeout(1500)
    settle(page)
    after = headline(page)
    assert after != before
    open_audit(page, app_url, page.url.split("fairness_audit")[1])
    assert headline(page) == after
    assert len(groups_shown(page)) == 15


def test_every_section_answers_and_another_page_leaves_the_audit_as_it_was(
    page: Page, app_url: str
) -> None:
    open_audit(page, app_url, "?groups=region&div=0.5")
    expect(page.locator(".st-key-who_pays svg.main-svg").first).to_be_visible()
    look_into(page, "Worst groups")
    expect_said(page, "groups and intersections are clearly worse")
    look_into(page, "Where it starts")
    expect_said(page, r"Islands \(clearly worse.*\): (clear in the .* list|clearly wider by)")
    look_into(page, "Other definitions")
    expect(page).to_have_url(re.compile("section=Other"))
    expect_said(page, r"of \d+ other definitions flip|Under none of \d+ other definitions")
    page.get_by_role("link", name="Tune").click()
    expect(page.get_by_role("heading", name="What happens if I change this?")).to_be_visible(
        timeout=180_000
    )
    settle(page)
    page.get_by_role("link", name="Fairness audit").click()
    expect_said(page, r"of \d+ other definitions flip|Under none of \d+ other definitions")
    expect(page).to_have_url(
        re.compile("groups=region.*section=Other|section=Other.*groups=region")
    )


def test_the_report_opens_by_itself_and_the_tables_come_as_csv(
    page: Page, app_url: str, chromium: Browser, tmp_path: Path
) -> None:
    open_audit(page, app_url, "?groups=region&div=0.5")
    with page.expect_download() as given:
        page.get_by_role("button", name="Report").click()
    report = tmp_path / "report.html"
    given.value.save_as(report)
    alone = chromium.new_context(offline=True)
    sheet = alone.new_page()
    asked: list[str] = []
    sheet.on("request", lambda request: asked.append(request.url))
    sheet.on("console", lambda message: asked.append(message.text))
    sheet.goto(report.as_uri())
    assert sheet.locator("h1").inner_text() == "Fairness audit: NDCG@10 by region"
    assert sheet.locator("svg").count() == 6
    assert '"diversity": 0.5' in sheet.locator("pre").inner_text()
    assert asked == [report.as_uri()]
    alone.close()
    page.get_by_text("Download", exact=True).click()
    with page.expect_download() as given:
        page.get_by_role("button", name="Groups (CSV)", exact=True).click()
    given.value.save_as(tmp_path / "groups.csv")
    text = (tmp_path / "groups.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["group"] for row in rows] == ["Coast", "Highlands", "Islands", "Lakes", "Plains"]
    assert rows[2]["verdict"] == "clearly worse, beyond the band"


def test_a_clicked_group_leads_to_its_people_and_back_finds_the_audit_as_it_was(
    page: Page, app_url: str
) -> None:
    open_audit(page, app_url, "?groups=region&section=Other+definitions&div=0.5")
    choose(page, "definition", "Hits by attention: reciprocal")
    expect(page).to_have_url(re.compile("definition=Hits"))
    expect(page.locator(".st-key-by_definition").get_by_text("reciprocal").first).to_be_visible()
    group = groups_shown(page)[3]
    dots = page.locator(".st-key-disparity .scatterlayer .trace").nth(1).locator(".point")
    box = dots.nth(3).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(300)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect_said(page, f"{group}: see its [0-9,]+ people")
    page.get_by_role("link", name=re.compile("see its")).click()
    expect(page.get_by_role("heading", name="Why does this person get this list?")).to_be_visible(
        timeout=180_000
    )
    expect_said(page, r"Number 1 of [0-9,]+ people · NDCG")
    expect_said(page, rf"Person u\d+ .*· {group}")
    wait_until_idle(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Who is served worse, and is it real?")).to_be_visible(
        timeout=180_000
    )
    expect(page).to_have_url(re.compile("groups=region"))
    expect(page.locator(".st-key-by_definition svg.main-svg").first).to_be_visible(timeout=180_000)
    assert group in groups_shown(page)


@pytest.mark.parametrize(("section", "table"), [("", "matrix"), ("Worst groups", "worst_table")])
def test_a_row_of_groups_opens_the_groups_of_its_attributes(
    page: Page, app_url: str, section: str, table: str
) -> None:
    """The dot plot above then shows the row's own group."""
    open_audit(page, app_url, "?groups=gender")
    if section:
        look_into(page, section)
    frame = page.locator(f".st-key-{table} [data-testid=stDataFrame]")
    frame.scroll_into_view_if_needed()
    row = frame.locator("tr[aria-rowindex='2']")
    cells = [cell.strip() for cell in row.locator("[role=gridcell]").all_text_contents()]
    box = frame.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 33 + 14)  # the first row's mark of choice
    expect(page).to_have_url(re.compile("groups=(?!gender(&|$))"), timeout=60_000)
    settle(page)
    assert [one for one in groups_shown(page) if any(cell.startswith(one) for cell in cells)]
