"""The server behind ``make run``: ``streamlit run dashboard/server.py`` from the project's root.

It serves ``app.py`` and adds the two things that a script cannot do for itself: the page knows
its server's address before it asks (see :class:`KnownAddress`), and the kernels are compiled
while the server starts rather than when the first person waits.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = Path(__file__).resolve().parent
if str(FOLDER.parent) not in sys.path:
    sys.path.insert(0, str(FOLDER.parent))

from dashboard.data_in_use import data_in_use  # noqa: E402
from engine.artifacts import open_artifacts  # noqa: E402
from engine.compile_ahead import compile_ahead  # noqa: E402
from engine.errors import StudioError  # noqa: E402

SCRIPT = """<script>
      window.__streamlit = {{ BACKEND_BASE_URL: window.location.origin + "{base}" }}
    </script>
    <script type="module\""""
BARE_SCRIPT = '<script type="module"'


class KnownAddress:
    """Tell the page its server's address, in the HTML.

    Opened at a page's own address, such as ``/people``, Streamlit's front end otherwise looks
    for its server below that path first: two requests that fail, two errors in the console and a
    later start. The name of the tab is ours from the start, too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, but for pages asked for by a browser."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        unconditional = [
            (name, value)
            for name, value in scope["headers"]
            if name not in (b"accept-encoding", b"if-none-match", b"if-modified-since")
        ]
        await self.app({**scope, "headers": unconditional}, receive, _rewriting(send))


def _rewriting(send: Send) -> Send:
    """Wrap ``send`` so that an HTML answer is held back until it is whole, then rewritten."""
    held: list[Message] = []

    async def rewrite(message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            held.append(message)
        elif message["type"] != "http.response.body" or not held:
            await send(message)
        else:
            held.append(message)
            if not message.get("more_body", False):
                body = with_address(b"".join(part["body"] for part in held[1:]).decode())
                headers = MutableHeaders(raw=held[0]["headers"])
                headers["content-length"] = str(len(body.encode()))
                for name in ("etag", "last-modified"):
                    del headers[name]  # they describe the file, not what is sent
                await send(held[0])
                await send({"type": "http.response.body", "body": body.encode()})

    return rewrite


def _is_page(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")


def with_address(page: str) -> str:
    """Return Streamlit's HTML with the server's address and our name in it."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    script = SCRIPT.format(base=f"/{base}" if base else "")
    titled = page.replace("<title>Streamlit</title>", "<title>Rerank Studio</title>", 1)
    return titled.replace(BARE_SCRIPT, script, 1)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:  # noqa: ARG001 -- Streamlit passes it
    """Start to compile (or to load) the kernels before anybody has opened a page."""
    threading.Thread(target=_compile_quietly, name="compile-ahead", daemon=True).start()
    yield


def _compile_quietly() -> None:
    """Compile on the fit that the first page will show; without one there is nothing to do yet."""
    with suppress(StudioError):
        compile_ahead(open_artifacts(data_in_use(None).folder))


app = st.App(FOLDER / "app.py", lifespan=lifespan, middleware=[Middleware(KnownAddress)])
