"""A fit of 220,000 people: some of them answer at once, with a label, and then everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.estimate import MANY, SAMPLE
from tests.app_server import serve
from tests.browser.conftest import press_right, wait_until_drawn, wait_until_idle
from tests.enlarged import enlarge

WATCH = """() => {
  const said = window.said = []
  new MutationObserver(() => {
    const text = document.querySelector('[data-testid=stMain]').innerText
    for (const words of ['everybody follows', 'Relevance, estimate', '· estimate', 'Measuring'])
      if (text.includes(words) && !said.includes(words)) said.push(words)
  }).observe(document.body, {subtree: true, childList: true, characterData: true})
}"""


@pytest.fixture(scope="module")
def many_url(app_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard that serves as many people as an estimate comes first for."""
    home = tmp_path_factory.mktemp("many")
    fits = Path(".artifacts") / "simulated"
    assert enlarge(app_home / fits, home / fits, MANY + 20_000, n_candidates=30) >= MANY
    with serve("simulated", home=home) as url:
        yield url


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("", {"everybody follows", "Relevance, estimate", "· estimate"}),
        ("people", {"everybody follows", "· estimate"}),
        ("fairness_audit", {"everybody follows", "· estimate"}),
        ("popularity_exposure", {"everybody follows", "· estimate"}),
    ],
)
def test_some_answer_at_once_and_then_everybody(
    page: Page, many_url: str, name: str, labels: set[str]
) -> None:
    page.goto(f"{many_url}/{name}?fresh=0.{len(name) % 9 + 1}")
    wait_until_drawn(page)
    page.evaluate(WATCH)
    press_right(page, "Diversity", 1)
    page.wait_for_function("() => window.said.includes('everybody follows')")
    wait_until_idle(page)
    assert labels <= set(page.evaluate("() => window.said"))
    main = page.locator("[data-testid=stMain]")
    expect(main).not_to_contain_text("everybody follows")
    expect(main).not_to_contain_text("· estimate")
    expect(main.get_by_text(re.compile(r"2\d\d,\d{3} people · .* · exact"))).to_be_visible()
    page.evaluate("() => { window.said.length = 0 }")
    page.keyboard.press("ArrowLeft")  # known already: nobody has to wait for it
    wait_until_idle(page)
    page.keyboard.press("ArrowRight")
    wait_until_idle(page)
    assert "everybody follows" not in page.evaluate("() => window.said")


def test_moves_while_everybody_is_measured_end_in_the_last_of_them(
    page: Page, many_url: str
) -> None:
    page.goto(f"{many_url}/?pop=0.1")
    wait_until_drawn(page)
    page.evaluate(WATCH)
    for wait in (100, 400, 900, 1500):
        press_right(page, "Diversity", 1)
        page.wait_for_timeout(wait)
    wait_until_idle(page)
    slider = page.get_by_label("Diversity", exact=True).get_by_role("slider")
    expect(slider).to_have_attribute("value", "0.2")
    assert "everybody follows" in page.evaluate("() => window.said")
    expect(page.locator("[data-testid=stMain]")).not_to_contain_text(f"from {SAMPLE:,}")
    page.reload()
    wait_until_drawn(page)
    expect(slider).to_have_attribute("value", "0.2")
