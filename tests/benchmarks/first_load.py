"""A browser that has not been here: how much comes, when the frame stands, when a chart does.

Usage: ``python -m tests.benchmarks.first_load [DATA]`` (default: MovieLens 100K). The first visit
is of a server that has just started; each of the others has an empty cache of its own. The slow
line is Lighthouse's slow 4G, WebSocket included (:mod:`tests.benchmarks.slow_line`).
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.app_server import CHROMIUM_FLAGS, prepare, serve
from tests.benchmarks.slow_line import ROUND_TRIP, SLOW_4G, line_to

OUT = Path("bench-load.json")
PATIENCE = 400_000
CHART = "[data-testid=stPlotlyChart] svg.main-svg"
WATCH = f"""() => new MutationObserver((_, watch) => {{
  const chart = document.querySelector('{CHART}')
  if (chart) {{ window.firstChart = performance.now(); watch.disconnect() }}
}}).observe(document, {{subtree: true, childList: true}})"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
IDLE = """() => document.querySelector('[data-testid=stApp]')
  .getAttribute('data-test-script-state') === 'notRunning'"""


@dataclass(frozen=True)
class Visit:
    """Seconds to the frame and to the first chart; what had come when the page was at rest."""

    frame: float
    chart: float
    n_bytes: int
    n_requests: int


def visit(
    browser: Browser, url: str, bits_a_second: float | None = None, round_trip: float = 0.0
) -> Visit:
    """Open ``url`` with an empty cache, through a line that counts and may be slow."""
    with line_to(url, bits_a_second, round_trip) as line:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.add_init_script(f"({WATCH})()")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(urlsplit(url)._replace(netloc=line.address).geturl(), wait_until="commit")
        page.wait_for_function("() => window.firstChart", timeout=PATIENCE)
        page.wait_for_function(IDLE, timeout=PATIENCE)
        page.wait_for_timeout(2000)
        chart = page.evaluate("() => window.firstChart")
        seen = Visit(page.evaluate(PAINT) / 1e3, chart / 1e3, line.n_bytes, len(asked))
        context.close()
    return seen


def measure(data: str) -> dict[str, Visit]:
    """Visits of the start page, by what is special about them."""
    prepare(data)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        with serve(data) as url:
            found = {"a server just started": visit(browser, url)}
            again = [visit(browser, url) for _ in range(3)]
            middle = statistics.median_low(one.chart for one in again)
            found["a server in use"] = next(one for one in again if one.chart == middle)
            slow = f"{SLOW_4G / 1e6:g} Mbit/s, {ROUND_TRIP * 1e3:.0f} ms there and back"
            found[slow] = visit(browser, url, SLOW_4G, ROUND_TRIP)
        browser.close()
    return found


def main(names: list[str]) -> int:
    """Measure, print and write."""
    data = names[0] if names else "movielens-100k"
    found = measure(data)
    for name, one in found.items():
        print(
            f"{name + ' @' + data:<56}frame {one.frame:5.2f} s   first chart {one.chart:6.2f} s   "
            f"{one.n_bytes / 1e6:.2f} MB in {one.n_requests} requests",
            flush=True,
        )
    OUT.write_text(json.dumps({name: vars(one) for name, one in found.items()}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
