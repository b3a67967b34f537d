"""The HTML that the server sends: whole, with the server's address and our name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from streamlit import file_util

from dashboard.known_address import KnownAddress, with_address

PAGE = "<head><title>Streamlit</title><script type=\"module\" src='é.js'></script></head>"


async def _page(request: Request) -> StreamingResponse:
    async def parts() -> AsyncIterator[str]:
        yield PAGE[:20]
        yield PAGE[20:]

    status = 304 if "if-none-match" in request.headers else 200
    return StreamingResponse(parts(), status, {"etag": "x"}, "text/html")


async def _text(request: Request) -> PlainTextResponse:
    return PlainTextResponse(PAGE + request.headers.get("accept-encoding", "none"))


APP = KnownAddress(Starlette(routes=[Route("/people", _page), Route("/text", _text)]))


def _get(path: str, **headers: str) -> tuple[int, Headers, bytes]:
    """Ask the application for ``path``; returns the status, the headers and the body."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }
    sent: list = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as own:  # the browser's driver keeps an event loop in this thread
        own.submit(lambda: asyncio.run(APP(scope, receive, send))).result()  # type: ignore[arg-type]
    start, *parts = sent
    body = b"".join(part["body"] for part in parts)
    return start["status"], Headers(raw=start["headers"]), body


def test_a_page_in_parts_comes_whole_with_the_address_first() -> None:
    status, headers, body = _get("/people", accept="text/html", if_none_match="x")
    text = body.decode()
    assert status == 200
    assert text.index("BACKEND_BASE_URL") < text.index("é.js")
    assert text.endswith("</head>")
    assert "<title>Rerank Studio</title>" in text
    assert int(headers["content-length"]) == len(body)
    assert "etag" not in headers


def test_what_is_no_page_passes_unchanged() -> None:
    assert _get("/text", accept="text/html")[2].decode() == PAGE + "none"
    assert _get("/text", accept="*/*", accept_encoding="br")[2].decode() == PAGE + "br"


def test_streamlits_own_page_has_the_places_that_are_rewritten() -> None:
    """A new version of Streamlit whose page looks otherwise must not go unnoticed."""
    page = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    rewritten = with_address(page)
    assert rewritten.count("BACKEND_BASE_URL: window.location.origin") == 1
    assert rewritten.count('<script type="module"') == page.count('<script type="module"') == 1
    assert "<title>Rerank Studio</title>" in rewritten
