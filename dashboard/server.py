"""The server behind ``make run``: ``streamlit run dashboard/server.py`` from the project's root.

It serves ``app.py`` and adds what a script cannot do for itself: the page knows its address before
it asks for it, every page answers to its own name, and the kernels are compiled while the server
starts rather than when the first person waits.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st
import streamlit.net_util
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

FOLDER = Path(__file__).resolve().parent
if str(FOLDER.parent) not in sys.path:
    sys.path.insert(0, str(FOLDER.parent))

from dashboard.compressed_files import CompressedFiles  # noqa: E402
from dashboard.data_in_use import data_in_use  # noqa: E402
from dashboard.known_address import KnownAddress, base_path  # noqa: E402
from dashboard.opening import NEUTRAL_START  # noqa: E402
from dashboard.page_registry import START  # noqa: E402
from engine.artifacts import open_artifacts  # noqa: E402
from engine.compile_ahead import compile_ahead  # noqa: E402
from engine.errors import StudioError  # noqa: E402


def _no_address() -> None:
    """Stand for Streamlit's question to an outside service what address this machine has.

    It asks when a browser says that it comes from elsewhere; nothing is to leave the machine.
    """


streamlit.net_util.get_external_ip = _no_address


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:  # noqa: ARG001 -- Streamlit passes it
    """Start to compile (or to load) the kernels before anybody has opened a page."""
    threading.Thread(target=_compile_quietly, name="compile-ahead", daemon=True).start()
    yield


def _compile_quietly() -> None:
    """Compile on the fit that the first page will show; without one there is nothing to do yet."""
    with suppress(StudioError):
        compile_ahead(open_artifacts(data_in_use(None).folder))


def to_start(request: Request) -> RedirectResponse:
    """Send the start page's own name, such as ``/tune``, to where Streamlit has that page.

    Who names the page has a link, and a link that says nothing of a setting is neutral.
    """
    return RedirectResponse(f"./?{request.url.query or urlencode(NEUTRAL_START)}")


SERVED: dict[str, Any] = {
    "lifespan": lifespan,
    "middleware": [Middleware(KnownAddress), Middleware(CompressedFiles, base_path())],
    "routes": [Route(f"{base_path()}/{START}", to_start)],
}
"""How the script is served; a test serves it on a slower server."""

app = st.App(FOLDER / "app.py", **SERVED)
