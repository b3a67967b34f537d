"""From a moved slider to a checked record, as a person goes: save, compare, promote, check."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_until_idle

ROOT = Path(__file__).resolve().parents[2]
CHART = ".st-key-changes .js-plotly-plot"


def check(home: Path, record: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "engine", "check", str(record), *more]
    environment = {**os.environ, "RERANK_STUDIO_HOME": str(home)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def section(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_text(name, exact=True).first.click()
    wait_until_idle(page)


def test_save_compare_guardrail_promote_record_check(
    page: Page, app_url: str, app_home: Path, tmp_path: Path
) -> None:
    page.goto(f"{app_url}/scenarios?div=0.05&rail_every=no+group")
    expect(page.locator(CHART)).to_be_visible(timeout=240_000)
    wait_until_idle(page)

    page.get_by_role("button", name=re.compile("Save")).first.click()
    page.get_by_label("Name", exact=True).first.fill("A little variety")
    page.get_by_label("Name", exact=True).first.press("Tab")
    page.get_by_role("button", name="Save as new").click()
    expect(page.get_by_text("Saved as A little variety").first).to_be_visible(timeout=180_000)

    page.goto(f"{app_url}/scenarios?compare=A+little+variety&rail_ndcg=50&rail_every=no+group")
    expect(page.locator(CHART)).to_be_visible(timeout=120_000)
    wait_until_idle(page)
    expect(page.get_by_text("passes both guardrails")).to_be_visible()

    section(page, "Saved and history")
    page.get_by_role("button", name="Promote").click()
    expect(page.get_by_text("A little variety is the champion now").first).to_be_visible(
        timeout=180_000
    )

    section(page, "Decide")
    with page.expect_download() as download:
        page.get_by_role("button", name="Record (JSON)").click()
    record = tmp_path / "record.json"
    download.value.save_as(record)
    held = check(app_home, record)
    assert (held.returncode, held.stderr) == (0, "")
    assert "The record holds" in held.stdout

    text = record.read_text(encoding="utf-8")
    value = re.search(r'"ndcg": \{\s+"label": "NDCG",\s+"value": ([0-9.]+)', text)
    assert value is not None
    record.write_text(text.replace(value[1], "0.5"), encoding="utf-8")
    edited = check(app_home, record)
    assert edited.returncode == 1
    assert "the record was edited" in edited.stdout
    assert ".ndcg.value" in edited.stdout


def test_the_link_opens_the_same_comparison(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/scenarios?compare=Preset+Fresh&vs=Preset+Discovery")
    expect(page.locator(CHART)).to_be_visible(timeout=240_000)
    wait_until_idle(page)
    expect(page.get_by_text("Against Preset Discovery, over the same")).to_be_visible()
    said = page.get_by_test_id("stMain").inner_text()
    assert "is no choice here" not in said
