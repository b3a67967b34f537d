"""Slider to last chart, and first chart, in Chromium: our pages against a bare Streamlit page.

Usage: ``python -m tests.benchmarks.slider_latency [DATA ...]`` (default: MovieLens 100K and the
simulated service at 6,000 × 4,000). A key press moves the Diversity slider by one step; the clock
stops at the last change of the page's main part, once it has been still for half a second; the bar
of work that goes on beside the page (a map, a year) is not waited for. The first chart is that of a
browser with an empty cache. The same clocks serve both pages, in turn, in the same browser.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from dashboard.page_registry import PAGES, START
from tests.app_server import CHROMIUM_FLAGS, prepare, serve
from tests.benchmarks.first_load import visit

OUT = Path("bench-ui.json")
MOVES, VISITS = 9, 3
STILL_MS, PATIENCE = 500, 60_000
WATCH = """() => {
  window.lastChange = 0;
  const isBeside = (change) => {
    const at = change.target.nodeType === 1 ? change.target : change.target.parentElement
    return at?.closest('.st-key-work_tray')
  }
  new MutationObserver((changes) => {
    if (!changes.every(isBeside)) window.lastChange = performance.now();
  }).observe(document.querySelector('[data-testid=stMain]'),
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
    page.wait_for_function(SETTLED, timeout=PATIENCE, polling=50)
    return page.evaluate("() => window.lastChange - window.pressed")


def slider_time(browser: Browser, url: str) -> float:
    """Open ``url`` and move its Diversity slider; median milliseconds, after two to warm up."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(url)
    slider = page.get_by_role("slider", name="Diversity").first
    slider.wait_for(timeout=120_000)
    page.wait_for_timeout(4000)
    page.evaluate(WATCH)
    slider.focus()
    try:
        times = [one_move(page, "ArrowRight") for _ in range(MOVES + 2)][2:]
    except TimeoutError:
        return float("nan")  # what a move sets off had not come to rest
    finally:
        context.close()
    return statistics.median(times)


def chart_time(browser: Browser, url: str) -> float:
    """Median milliseconds to the first chart of browsers with an empty cache."""
    return 1e3 * statistics.median(visit(browser, url).chart for _ in range(VISITS))


def rows_of(browser: Browser, app: str, bare: str, data: str) -> Iterator[tuple[str, dict]]:
    """Yield name and row: each page against the bare page, right after one another."""
    charts = [name for name, entry in PAGES.items() if entry.has_charts]
    for what, clock, names in (
        ("slider", slider_time, list(PAGES)),
        ("first chart", chart_time, charts),
    ):
        for name in names:
            url = f"{app}/{'' if name == START else name}?start=neutral"
            bare_ms, ours_ms = clock(browser, bare), clock(browser, url)
            against = f"the bare page, {bare_ms:.0f} ms"
            row = {"seconds": ours_ms / 1e3, "ratio": ours_ms / bare_ms, "against": against}
            yield f"{what}: {name}@{data}", row


def measure(data: str) -> dict[str, dict]:
    """Rows of one data set, printed as they come; same browser, same run."""
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
        for name, row in rows_of(browser, app, bare, data):
            rows[name] = row
            print(
                f"{name:<52}{row['seconds'] * 1e3:7.0f} ms {row['ratio']:6.2f}×  {row['against']}",
                flush=True,
            )
        browser.close()
    return rows


def main(names: list[str]) -> int:
    """Measure the named data sets, print and write the rows."""
    rows = {}
    for data in names or ["movielens-100k", "simulated:6000x4000"]:
        rows |= measure(data)
    OUT.write_text(json.dumps(rows, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
