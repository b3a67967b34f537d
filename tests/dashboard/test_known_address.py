"""The HTML that the server sends: whole, with the server's address and our name."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from streamlit import file_util

from dashboard.known_address import KnownAddress, with_address
from tests.dashboard.asked import ask

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
    return ask(APP, path, **headers)


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


def test_a_word_stands_where_the_page_will_be_drawn_before_any_script_has_come() -> None:
    page = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    rewritten = with_address(page)
    root = rewritten.index('<div id="root">')
    assert "Loading the page" in rewritten[root : root + 1200]
    first = rewritten[: rewritten.index('<script type="module"')]
    assert "history.pushState" in first
    assert "data-grid-canvas" in first
    assert "stMultiSelectTagsContainer" in rewritten[: rewritten.index("</head>")]


def test_no_script_of_ours_calls_what_the_one_before_it_ended_with():
    """Two files of the form (…)() in a row are a call of the first one's result."""
    text = with_address('<head><script type="module" src="x.js"></script></head>')
    bare = "".join(
        line for line in text.splitlines(keepends=True) if not line.lstrip().startswith("//")
    )
    assert "})()" in bare
    assert not re.search(r"\}\)\(\)\s*\(", bare)
