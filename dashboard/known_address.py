"""What the page that a browser first gets says besides Streamlit's own: frame and address."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders

from dashboard.compressed_files import reads_gzip
from dashboard.early_scripts import early_scripts
from dashboard.first_paint import first_paint

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

STYLE_SHEET = re.compile(r'<link rel="stylesheet"[^>]*>')
"""Of Streamlit's page; a browser paints nothing that stands below one until it has come."""


class KnownAddress:
    """Tell the page its server's address, in the HTML.

    Opened at a page's own address, such as ``/people``, Streamlit's front end otherwise looks
    for its server below that path first: two requests that fail, two errors in the console and a
    later start. The name of the tab is ours from the start, too; the page's frame is there while
    the scripts are on their way (:mod:`dashboard.first_paint`), and waits for no style sheet but
    its own; Back undoes a move (``front/history.js``); and what the keyboard stops at has a name
    (``front/names.js``). It goes compressed where the browser reads that.
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
        rewriting = _rewriting(send, str(scope["path"]).removeprefix(base_path()), scope)
        await self.app({**scope, "headers": unconditional}, receive, rewriting)


def _rewriting(send: Send, path: str, asked: Scope) -> Send:
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
                page = b"".join(part["body"] for part in held[1:]).decode()
                body = with_address(page, path).encode()
                headers = MutableHeaders(raw=held[0]["headers"])
                headers["vary"] = "accept-encoding"
                if reads_gzip(asked):
                    body = gzip.compress(body, compresslevel=6, mtime=0)
                    headers["content-encoding"] = "gzip"
                headers["content-length"] = str(len(body))
                for name in ("etag", "last-modified"):
                    del headers[name]  # they describe the file, not what is sent
                await send(held[0])
                await send({"type": "http.response.body", "body": body})

    return rewrite


def _is_page(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")


def base_path() -> str:
    """Return the path below which the server answers: empty, or such as ``/studio``."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}" if base else ""


def with_address(page: str, path: str = "") -> str:
    """Return Streamlit's HTML with our name, the frame of the page at ``path``, and scripts.

    The scripts are told the server's address, and what will be drawn is asked for early.
    """
    # a semicolon between them: a file that begins with ( would call what the last one ended with
    front = ";\n".join(file.read_text(encoding="utf-8") for file in sorted(FRONT.glob("*.js")))
    script = SCRIPT.format(base=base_path(), front=front)
    style = f"<style>{(FRONT / 'theme.css').read_text(encoding='utf-8')}</style></head>"
    titled = page.replace("<title>Streamlit</title>", "<title>Rerank Studio</title>", 1)
    sheets = "".join(STYLE_SHEET.findall(titled))
    root = f'<div id="root">{first_paint(path)}</div>{sheets}'
    framed = STYLE_SHEET.sub("", titled).replace(BARE_ROOT, root, 1)
    styled = framed.replace("</head>", f"{early_scripts(page)}{style}", 1)
    return styled.replace(BARE_SCRIPT, script, 1)
