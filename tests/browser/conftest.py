"""A served dashboard on fitted data and a Chromium page that fails the test on any error."""

from __future__ import annotations

import csv
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dashboard.opening import NEUTRAL_START
from dashboard.page_registry import PAGES, START
from tests.app_server import CHROMIUM_FLAGS, prepare, serve

FIRST_CHART = 900_000
"""Milliseconds that a new machine, with other work to do, may compile before its first chart."""

DRAWN = {True: "[data-testid=stPlotlyChart]", False: "[data-testid=stMain] h2"}
"""What a page has when it is drawn, by whether it has charts."""

BUSY = 180_000
"""Milliseconds that a busy machine may take to come to rest."""

expect.set_options(timeout=BUSY)  # a busy machine answers later than a quiet one

IDLE = """() => document.querySelector('[data-testid=stApp]')
    ?.getAttribute('data-test-script-state') === 'notRunning'
  && !document.querySelector('[data-testid=stSkeleton],[data-testid=stSpinner]')"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Run the distribution's Chromium, headless."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def app_home(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Path:  # noqa: ARG001
    """Home of the dashboard that is served: its fit, and what is saved."""
    return _fitted_home(tmp_path_factory)


@pytest.fixture(scope="session")
def app_url(app_home: Path, chromium: Browser) -> Iterator[str]:
    """Address of a dashboard that serves the simulated service, fitted for this session.

    Every page has been opened once: what a new machine compiles at its first call is compiled.
    """
    with serve("simulated", home=app_home) as url:
        visitor = chromium.new_page()
        for name in PAGES:
            visitor.goto(f"{url}/{name}?div=0.1&calib=0.1")
            visitor.wait_for_selector(DRAWN[PAGES[name].has_charts], timeout=FIRST_CHART)
        visitor.close()
        yield url


def _fitted_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fit the simulated service once, however many processes share the tests; each has a copy."""
    is_shared = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    fitted = (base.parent if is_shared else base) / "fitted"
    fitted.mkdir(exist_ok=True)
    with (fitted / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        prepare("simulated", fitted)
    return Path(shutil.copytree(fitted, tmp_path_factory.mktemp("home"), dirs_exist_ok=True))


def neutral(address: str) -> str:
    """Return the address, which asks for the setting that changes nothing where it asks for none.

    The bare address opens a worked example (:mod:`dashboard.opening`).
    """
    is_bare = not urlsplit(address).path.strip("/") and not urlsplit(address).query
    return f"{address.rstrip('/')}/?{urlencode(NEUTRAL_START)}" if is_bare else address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Open a page; an error in the console, a page error or an exception box fails the test.

    What it goes to is neutral where the address asks for nothing; a page made by hand opens the
    worked example.
    """
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    goto = page.goto
    page.goto = lambda address, **how: goto(neutral(address), **how)  # type: ignore[method-assign]
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    boxes = [box.inner_text() for box in page.locator("[data-testid=stException]").all()]
    context.close()
    assert not problems + boxes


def wait_until_idle(page: Page) -> None:
    """Wait for the app's script to end and its skeletons to be gone."""
    page.wait_for_selector("[data-testid=stApp]", timeout=BUSY)
    page.wait_for_function(IDLE, timeout=BUSY)
    page.wait_for_timeout(300)


def wait_until_drawn(page: Page) -> None:
    """Wait for the page's first chart, or where it has none for its heading, and for rest."""
    wait_until_idle(page)
    name = urlsplit(page.url).path.strip("/") or START
    shown = f"{DRAWN[True]} svg.main-svg" if PAGES[name].has_charts else DRAWN[False]
    expect(page.locator(shown).first).to_be_visible(timeout=BUSY)
    wait_until_idle(page)


def press_right(page: Page, name: str, steps: int) -> None:
    """Move a slider of the sidebar by its keys, as fast as keys can be pressed."""
    page.get_by_label(name, exact=True).get_by_role("slider").focus()
    for _ in range(steps):
        page.keyboard.press("ArrowRight")


def downloaded_rows(page: Page, button: str, path: Path) -> list[dict[str, str]]:
    """Take a table along by its button in the Download menu; its rows."""
    page.get_by_role("button", name="Download", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    download.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
