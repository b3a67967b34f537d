"""The README's pictures and its recording of the tour, taken of the simulated service.

Usage: ``python -m tests.pictures`` (``make pictures``). They show invented titles and people alone,
so that they may be handed on; MovieLens' may not. Each picture has as many colours as it needs to
read well and stay small.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.page_registry import PAGES
from dashboard.tour import STEPS
from tests.app_server import CHROMIUM_FLAGS, prepare, serve
from tests.browser.conftest import BUSY, wait_until_idle

FOLDER = Path(__file__).resolve().parents[1] / "dashboard" / "pictures"
SETTING = "div=0.3&fresh=0.1&caps=2/5,genre"
PICTURES = {
    "tune": ("", "light"),
    "people": (f"people?{SETTING}", "light"),
    "fairness_audit": (f"fairness_audit?{SETTING}", "light"),
    "popularity_exposure": (f"popularity_exposure?{SETTING}", "dark"),
}
"""Name → address and theme; the bare address opens the worked example."""

WINDOW, SMALL = (1280, 800), (880, 550)
SECONDS = 10.0
COLOURS = 96
AT_REST = """() => !document.querySelector('.st-key-work_tray [data-testid=stProgress]')"""


def taken(page: Page, size: tuple[int, int]) -> Image.Image:
    """Return what the window shows, once everything has come to rest."""
    wait_until_idle(page)
    page.wait_for_function(AT_REST, timeout=BUSY)
    wait_until_idle(page)
    page.wait_for_timeout(1000)  # a chart's last transition
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return shown.resize(size, Image.Resampling.LANCZOS)


def take_pictures(browser: Browser, url: str) -> None:
    """Write a picture of each of :data:`PICTURES`."""
    for name, (address, scheme) in PICTURES.items():
        page = browser.new_page(
            viewport=dict(zip(("width", "height"), WINDOW, strict=True)), color_scheme=scheme
        )
        page.goto(f"{url}/{address}")
        _arrived(page)
        taken(page, WINDOW).quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)
        page.close()


def scenes(page: Page, url: str) -> Iterator[Image.Image]:
    """Play the tour; yield what there is to see of it, in order."""
    page.goto(f"{url}/?demo=1")
    for number in range(len(STEPS)):
        page.get_by_text(f"{number + 1} of {len(STEPS)}").first.wait_for(timeout=BUSY)
        _arrived(page)
        yield taken(page, SMALL)
        if STEPS[number].page == "trade_offs":
            page.locator(".st-key-_find button").click()
            page.wait_for_timeout(2000)
            yield taken(page, SMALL)
        elif number and STEPS[number - 1].page == STEPS[number].page:
            search = page.get_by_role("button", name="Search all settings").first
            search.scroll_into_view_if_needed()
            search.click()
            page.wait_for_timeout(2000)
            yield taken(page, SMALL)
        if number + 1 < len(STEPS):
            page.get_by_role("button", name="Next", exact=True).click()


def _arrived(page: Page) -> None:
    """Wait for the page's first chart or, where it has none yet, its heading."""
    page.locator("[data-testid=stMain] h2").first.wait_for(timeout=BUSY)
    wait_until_idle(page)


def record(browser: Browser, url: str) -> None:
    """Write the tour as a GIF of ten seconds."""
    page = browser.new_page(viewport=dict(zip(("width", "height"), WINDOW, strict=True)))
    frames = [scene.quantize(COLOURS) for scene in scenes(page, url)]
    page.close()
    first, *others = frames
    first.save(
        FOLDER / "tour.gif",
        save_all=True,
        append_images=others,
        duration=round(1e3 * SECONDS / len(frames)),
        loop=0,
        optimize=True,
    )


def main() -> int:
    """Serve the simulated service, take the pictures and print their sizes."""
    assert PICTURES.keys() <= PAGES.keys()
    prepare("simulated")
    with sync_playwright() as playwright, serve("simulated") as url:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        take_pictures(browser, url)
        record(browser, url)
        browser.close()
    for path in sorted(FOLDER.iterdir()):
        print(f"{path.name:<28}{path.stat().st_size / 1e3:8.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
