"""What the page that a browser first gets says besides Streamlit's own: a word, and its address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["KnownAddress", "base_path", "with_address"]

FRONT = Path(__file__).resolve().parent / "front"
SCRIPT = """<script>
      window.__streamlit = {{ BACKEND_BASE_URL: window.location.origin + "{base}" }}
    </script>
    <script>
{front}    </script>
    <script type="module\""""
BARE_SCRIPT = '<script type="module"'
BARE_ROOT = '<div id="root"></div>'
"""Where Streamlit's page draws; what stands there goes when it begins to."""


class KnownAddress:
    """Tell the page its server's address, in the HTML.

    Opened at a page's own address, such as ``/people``, Streamlit's front end otherwise looks
    for its server below that path first: two requests that fail, two errors in the console and a
    later start. The name of the tab is ours from the start, too; a word is there while the scripts
    are on their way; Back undoes a move (``front/history.js``); and what the keyboard stops at
    has a name (``front/names.js``).
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


def base_path() -> str:
    """Return the path below which the server answers: empty, or such as ``/studio``."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}" if base else ""


def with_address(page: str) -> str:
    """Return Streamlit's HTML with our name, a first word, the server's address, and scripts."""
    # a semicolon between them: a file that begins with ( would call what the last one ended with
    front = ";\n".join(file.read_text(encoding="utf-8") for file in sorted(FRONT.glob("*.js")))
    script = SCRIPT.format(base=base_path(), front=front)
    word = (FRONT / "first_paint.html").read_text(encoding="utf-8")
    style = f"<style>{(FRONT / 'theme.css').read_text(encoding='utf-8')}</style></head>"
    titled = page.replace("<title>Streamlit</title>", "<title>Rerank Studio</title>", 1)
    worded = titled.replace(BARE_ROOT, f'<div id="root">{word}</div>', 1)
    styled = worded.replace("</head>", style, 1)
    return styled.replace(BARE_SCRIPT, script, 1)
