"""How quick a slider stays while somebody's sweep runs on the same server.

Usage: ``python -m tests.benchmarks.beside_a_sweep [DATA ...]`` (default: the simulated service at
6,000 × 4,000, where a sweep takes long enough to be measured beside). One tab makes maps on
Trade-offs, one after the other, each of other figures (what was swept before is kept, so it is
forgotten first); the other moves the Diversity slider of
Tune. Moves with and without a sweep alternate in blocks, so that a busy machine burdens both; a
move counts as beside a sweep where one ran before and after it. Its quickest half is compared as
well: a median of few moves on a busy machine says little.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from itertools import count
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect, sync_playwright

from engine.analysis.aims import Aim
from engine.data import artifact_folder
from engine.data.naming import name_of
from tests.app_server import CHROMIUM_FLAGS, prepare, serve
from tests.benchmarks.slider_latency import WATCH, one_move

BLOCKS = 4
BLOCK = 6
ACROSS = ("ild", "novelty", "coverage", "aplt", "miscalibration", "gini")
MOVES = "All weights and list length"


def bar(page: Page) -> Locator:
    """Return what says how much of a sweep is left."""
    return page.locator(".st-key-work_tray").get_by_text("left")


def is_sweeping(page: Page) -> bool:
    """Whether the tab of maps says that work is left."""
    return bar(page).count() > 0


def begin_sweep(page: Page, url: str, number: int) -> None:
    """Ask for a map that nobody has asked for yet."""
    across = Aim.parse(ACROSS[number % len(ACROSS)]).words
    asked = {"x": across, "moves": MOVES, "div": f"{(number % 90 + 1) / 100:.2f}"}
    page.goto(f"{url}/trade_offs?{urlencode(asked)}")
    expect(bar(page).first).to_be_visible(timeout=600_000)


def opened_slider(page: Page, url: str) -> None:
    """Open Tune and stand on its slider; the first two moves only warm up."""
    page.goto(f"{url}/?start=neutral")
    slider = page.get_by_role("slider", name="Diversity").first
    slider.wait_for(timeout=120_000)
    page.wait_for_timeout(4000)
    page.evaluate(WATCH)
    slider.focus()
    for _ in range(2):
        one_move(page, "ArrowRight")


def block(page: Page, key: str) -> list[float]:
    """Some moves with nothing beside them; milliseconds of each."""
    return [one_move(page, key) for _ in range(BLOCK)]


def block_beside(page: Page, maps: Page, url: str, key: str, numbers: count[int]) -> list[float]:
    """Return as many moves with a sweep beside them."""
    times: list[float] = []
    while len(times) < BLOCK:
        if not is_sweeping(maps):
            begin_sweep(maps, url, next(numbers))
        page.bring_to_front()
        spent = one_move(page, key)
        if is_sweeping(maps):
            times.append(spent)
    return times


def forget_sweeps(data: str) -> None:
    """Take away the maps that an earlier run had made: they would be there at once."""
    shutil.rmtree(artifact_folder(name_of(data)) / "kept", ignore_errors=True)


def measure(data: str) -> None:
    """Print what a move takes with and without a sweep beside it."""
    prepare(data)
    forget_sweeps(data)
    with sync_playwright() as playwright, serve(data) as url:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        page, maps = (
            browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            for _ in range(2)
        )
        opened_slider(page, url)
        numbers, alone, beside = count(), [], []
        for turn in range(BLOCKS):
            key = "ArrowRight" if turn % 2 == 0 else "ArrowLeft"
            expect(bar(maps)).to_have_count(0, timeout=600_000)
            alone += block(page, key)
            beside += block_beside(page, maps, url, key, numbers)
        browser.close()
    said(data, alone, beside)


def said(data: str, alone: list[float], beside: list[float]) -> None:
    """Print medians, quickest halves and their ratios."""
    print(f"{data}: {len(beside)} moves beside a sweep, {len(alone)} with nothing beside")
    for name, of in (("median", statistics.median), ("quickest half", quick_half)):
        one, two = of(beside), of(alone)
        print(f"  {name:<14}{one:7.0f} ms against {two:7.0f} ms {one / two:6.2f}×")


def quick_half(times: list[float]) -> float:
    """Mean of the quicker half."""
    first = sorted(times)[: max(len(times) // 2, 1)]
    return statistics.fmean(first)


def main(names: list[str]) -> int:
    """Measure the named data sets."""
    for data in names or ["simulated:6000x4000"]:
        measure(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
