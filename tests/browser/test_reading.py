"""Every text of every page reads at 4.5 : 1, in the light and in the dark theme."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from dashboard.page_registry import PAGES
from tests.browser.conftest import wait_until_drawn
from tests.browser.contrast import FAINT

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_no_text_is_paler_than_it_may_be(
    chromium: Browser, app_url: str, name: str, scheme: str
) -> None:
    page = chromium.new_page(color_scheme=scheme, viewport={"width": 1440, "height": 900})
    page.goto(f"{app_url}/{name}?div=0.3&caps=2/5,genre")
    wait_until_drawn(page)
    faint = page.evaluate(FAINT)
    page.close()
    assert faint == []
