"""Slider to last chart painted, in Chromium: our pages against a bare Streamlit page.

Usage: ``python -m tests.benchmarks.slider_latency [DATA ...]`` (default: MovieLens 100K and the
simulated service at 6,000 × 4,000). A key press moves the Diversity slider by one step; the clock
stops at the last change of the page's main part, once it has been still for half a second. The
same clock serves both pages, in turn, in the same browser.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.app_server import CHROMIUM_FLAGS, prepare, serve

OUT = Path("bench-ui.json")
PAGES = ("", "people", "fairness_audit", "popularity_exposure")
MOVES = 12
STILL_MS = 500
WATCH = """() => {
  window.lastChange = 0;
  new MutationObserver(() => { window.lastChange = performance.now(); }).observe(
    document.querySelector('[data-testid=stMain]'),
    {subtree: true, childList: true, attributes: true, characterData: true});
}"""
SETTLED = f"""() => window.lastChange > window.pressed
  && performance.now() - window.lastChange > {STILL_MS}
  && document.querySelector('[data-testid=stApp]').getAttribute('data-test-script-state')
     === 'notRunning'"""


def one_move(page: Page, key: str) -> float:
    """Press ``key`` on the focused slider; milliseconds until the last change was painted."""
    page.evaluate("() => { window.pressed = performance.now(); }")
    page.keyboard.press(key)
    page.wait_for_function(SETTLED, timeout=30_000, polling=50)
    return page.evaluate("() => window.lastChange - window.pressed")


def slider_times(browser: Browser, url: str) -> list[float]:
    """Open ``url`` and move its Diversity slider; the first two moves only warm up."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(url)
    slider = page.get_by_role("slider", name="Diversity").first
    slider.wait_for(timeout=120_000)
    page.wait_for_timeout(4000)
    page.evaluate(WATCH)
    slider.focus()
    times = [one_move(page, "ArrowRight") for _ in range(MOVES + 2)][2:]
    context.close()
    return times


def measure(data: str) -> dict[str, dict]:
    """Rows of one data set: each page against the bare page, same browser, same run."""
    rows = {}
    prepare(data)
    bare_page = Path(__file__).with_name("bare_page.py")
    with (
        sync_playwright() as playwright,
        serve(data) as app,
        serve(data, script=bare_page) as bare,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        for path in PAGES:
            bare_ms = statistics.median(slider_times(browser, bare))
            ours_ms = statistics.median(slider_times(browser, f"{app}/{path}?start=neutral"))
            name = f"slider_{path or 'tune'}@{data}"
            against = f"the bare page, {bare_ms:.0f} ms (median of {MOVES})"
            rows[name] = {
                "seconds": ours_ms / 1e3,
                "ratio": ours_ms / bare_ms,
                "against": against,
            }
        browser.close()
    return rows


def main(names: list[str]) -> int:
    """Measure the named data sets, print and write the rows."""
    rows = {}
    for data in names or ["movielens-100k", "simulated:6000x4000"]:
        for name, row in measure(data).items():
            rows[name] = row
            print(
                f"{name:<48}{row['seconds'] * 1e3:7.0f} ms {row['ratio']:6.2f}×  {row['against']}"
            )
    OUT.write_text(json.dumps(rows, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
