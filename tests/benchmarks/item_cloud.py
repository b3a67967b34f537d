"""The scatter of every item in Chromium: a catalogue of 100,000 against one of 1,700.

Usage: ``python -m tests.benchmarks.item_cloud``. Both stand alone on a page with one slider; the
clock is that of ``slider_latency``, from the key press to the last change of the page.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from tests.app_server import CHROMIUM_FLAGS, serve
from tests.benchmarks.slider_latency import WATCH, one_move

SIZES = (1_700, 6_000, 100_000)
MOVES = 6


def measure(browser: Browser, url: str) -> tuple[float, float]:
    """Milliseconds of a move and bytes that it sends, medians; the first two only warm up."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    frames = count_bytes(page)
    page.goto(url)
    slider = page.get_by_role("slider", name="Diversity").first
    slider.wait_for(timeout=120_000)
    page.wait_for_selector(".js-plotly-plot", timeout=120_000)
    page.wait_for_timeout(3000)
    page.evaluate(WATCH)
    slider.focus()
    times, sizes = [], []
    for _ in range(MOVES + 2):
        frames.clear()
        times.append(one_move(page, "ArrowRight"))
        sizes.append(sum(frames))
    page.context.close()
    return statistics.median(times[2:]), statistics.median(sizes[2:])


def count_bytes(page: Page) -> list[int]:
    """Return a list that grows by the length of each message from the server."""
    frames: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: frames.append(len(payload)))

    page.on("websocket", listen)
    return frames


def main() -> int:
    """Measure each size and print it with its ratio to the smallest."""
    script = Path(__file__).with_name("item_cloud_page.py")
    with sync_playwright() as playwright, serve("", script=script) as url:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        base = None
        for n_items in SIZES:
            ms, sent = measure(browser, f"{url}/?items={n_items}")
            base = base or ms
            print(
                f"item_cloud {n_items:>8,} items {ms:7.0f} ms {ms / base:6.2f}× the {SIZES[0]:,} "
                f"items' (median of {MOVES}), {sent / 1e3:,.0f} kB a move",
                flush=True,
            )
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
