"""Slider to estimate, and to everybody, on the pages of a fit of a million people, in Chromium.

Usage: ``python -m tests.benchmarks.million_page [PEOPLE]``. The people are those of the simulated
service, each many times (:mod:`tests.enlarged`); the fit is made in a folder of its own
and removed. A key press moves the Diversity slider; one clock stops when the page says what some of
the people say, the other at the last change of its main part.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, TimeoutError, sync_playwright

from engine.data.home import artifact_folder
from tests.app_server import CHROMIUM_FLAGS, prepare, serve
from tests.benchmarks.slider_latency import SETTLED, WATCH
from tests.enlarged import enlarge

PAGES = ("", "people", "fairness_audit", "popularity_exposure")
MOVES, OPENING = 4, 600_000
ESTIMATE = """() => [...document.querySelectorAll('[data-testid=stMain] [data-testid=stMarkdown]')]
  .some((one) => one.textContent.includes('everybody follows')
    && !one.closest('[data-stale=true]'))"""


def one_move(page: Page, key: str) -> tuple[float, float]:
    """Press ``key`` on the focused slider; seconds until an estimate, and until all has come."""
    page.evaluate("() => { window.pressed = performance.now(); }")
    page.keyboard.press(key)
    try:
        page.wait_for_function(ESTIMATE, timeout=20_000, polling=20)
        first = page.evaluate("() => performance.now() - window.pressed") / 1e3
    except TimeoutError:
        first = float("nan")
    page.wait_for_function(SETTLED, timeout=120_000, polling=50)
    return first, page.evaluate("() => window.lastChange - window.pressed") / 1e3


def main(arguments: list[str]) -> int:
    """Print both clocks for each page."""
    n_people = int(arguments[0]) if arguments else 1_000_000
    prepare("simulated")
    with tempfile.TemporaryDirectory() as home:
        n_made = enlarge(
            artifact_folder("simulated"), Path(home) / ".artifacts" / "simulated", n_people
        )
        print(f"{n_made:,} people")
        with sync_playwright() as playwright, serve("simulated", home=Path(home)) as url:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
            )
            for at, name in enumerate(PAGES):
                page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
                begun = time.monotonic()
                page.goto(f"{url}/{name}?start=neutral&fresh=0.{at + 1}")
                slider = page.get_by_role("slider", name="Diversity").first
                slider.wait_for(timeout=OPENING)
                page.wait_for_function(
                    "() => document.querySelector('[data-testid=stApp]')"
                    ".getAttribute('data-test-script-state') === 'notRunning'",
                    timeout=OPENING,
                )
                opened = time.monotonic() - begun
                page.wait_for_timeout(2000)
                page.evaluate(WATCH)
                slider.focus()
                times = [one_move(page, "ArrowRight") for _ in range(MOVES)]
                first, last = (statistics.median(one) for one in zip(*times[1:], strict=True))
                print(
                    f"{name or 'tune':<22}opened in {opened:6.1f} s; estimate {first:5.2f} s, "
                    f"everybody {last:5.2f} s",
                    flush=True,
                )
                page.context.close()
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
