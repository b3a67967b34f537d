"""axe-core finds nothing on any page, in the light and in the dark theme."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from dashboard.page_registry import PAGES
from tests.browser.conftest import wait_until_drawn

pytestmark = pytest.mark.browser

NOT_OURS: dict[str, str] = {}
"""Rule of axe → why it cannot be kept here: what Streamlit draws and we cannot mend. None is."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(chromium: Browser, app_url: str, scheme: str) -> None:
    axe, found = Axe(), []
    page = chromium.new_page(color_scheme=scheme, viewport={"width": 1440, "height": 900})
    for name in PAGES:
        page.goto(f"{app_url}/{name}?div=0.3&caps=2/5,genre")
        wait_until_drawn(page)
        response = axe.run(page).response
        assert len(response["passes"]) > 20, f"axe looked at nothing on {name}"
        found += [
            (name, rule["id"], node["target"], node["html"][:160])
            for rule in response["violations"]
            if rule["id"] not in NOT_OURS
            for node in rule["nodes"]
        ]
    page.close()
    assert found == []
