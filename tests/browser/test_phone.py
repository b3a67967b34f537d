"""On a phone nothing is wider than the window or written over, and Tune is three screens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from dashboard.page_registry import PAGES, START
from tests.browser.conftest import wait_until_drawn

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 390, 844
SCREENS_OF_TUNE = 3

TOO_WIDE = """() => {
  const main = document.querySelector('[data-testid=stMain]')
  return [main.scrollWidth - main.clientWidth,
          document.documentElement.scrollWidth - window.innerWidth]
}"""
SCREENS = "() => document.querySelector('[data-testid=stMain]').scrollHeight / window.innerHeight"
WRITTEN_OVER = """() => {
  const found = []
  for (const chart of document.querySelectorAll('[data-testid=stPlotlyChart]')) {
    const ticks = [...chart.querySelectorAll('.xtick text')]
      .map((text) => [text.textContent, text.getBoundingClientRect()])
    for (const [i, [one, a]] of ticks.entries()) for (const [other, b] of ticks.slice(i + 1)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left)
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
      if (wide > 1 && high > 1) found.push(`${one} over ${other}`)
    }
  }
  return found
}"""


def test_a_phone_shows_every_page_without_scrolling_sideways_or_labels_over_each_other(
    chromium: Browser, app_url: str
) -> None:
    page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    n_ticks = 0
    for name in PAGES:
        page.goto(f"{app_url}/{name}?div=0.3&caps=2/5,genre")
        wait_until_drawn(page)
        assert max(page.evaluate(TOO_WIDE)) <= 0, name
        assert page.evaluate(WRITTEN_OVER) == [], name
        n_ticks += page.locator(".xtick text").count()
        if name == START:
            assert page.evaluate(SCREENS) <= SCREENS_OF_TUNE
    page.close()
    assert n_ticks > 20
