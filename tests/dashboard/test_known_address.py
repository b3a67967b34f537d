"""The HTML that the server sends: whole, with the server's address and our name."""

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator
from html import escape
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from streamlit import file_util

from dashboard.early_scripts import PARTS, files_of
from dashboard.first_paint import first_paint
from dashboard.known_address import KnownAddress, with_address
from dashboard.page_registry import PAGES, START
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


@pytest.mark.parametrize("name", PAGES)
def test_the_frame_of_a_page_stands_before_any_script_or_style_sheet_has_come(name: str) -> None:
    """What the window shows at once asks for no file, and says the page's own question."""
    page = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    rewritten = with_address(page, f"/{name}")
    root, sheet = rewritten.index('<div id="root">'), rewritten.index('<link rel="stylesheet"')
    frame = rewritten[root:sheet]
    assert "Loading the page" in frame
    assert escape(PAGES[name].question) in frame
    assert all(escape(entry.title) in frame for entry in PAGES.values())
    assert not re.search(r"src=|href=|url\(|<script", frame)
    assert rewritten.count('rel="stylesheet"') == page.count('rel="stylesheet"') == 1
    first = rewritten[: rewritten.index('<script type="module"')]
    assert "history.pushState" in first
    assert "data-grid-canvas" in first
    assert "stMultiSelectTagsContainer" in rewritten[: rewritten.index("</head>")]


def test_what_pages_are_made_of_is_asked_for_early_each_once_and_behind_the_frames_own() -> None:
    """A Streamlit that names its scripts otherwise must not go unnoticed."""
    static = Path(file_util.get_static_dir())
    scripts = static / "static" / "js"
    page = (static / "index.html").read_text(encoding="utf-8")
    named = re.findall(r'href="\./static/js/([^"]+)"', with_address(page))
    assert len(named) == len(set(named))
    assert all((scripts / name).is_file() for name in named)
    early = [name for name in named if name not in page]
    assert {name.split(".")[0] for name in early} >= {*PARTS}
    assert early[-1].startswith("PlotlyChart.")  # the largest by far, after all that it would delay
    assert files_of(PARTS, scripts / "nowhere") == []


def test_a_path_that_is_no_page_has_the_start_pages_frame() -> None:
    assert first_paint("/<b>nowhere") == first_paint("") == first_paint(f"/{START}")
    assert PAGES[START].question in first_paint("")


def test_a_page_goes_compressed_to_a_browser_that_reads_that_and_plain_to_others() -> None:
    _, plain_headers, plain = _get("/people", accept="text/html")
    _, headers, body = _get("/people", accept="text/html", accept_encoding="gzip, deflate")
    assert gzip.decompress(body) == plain
    assert headers["content-encoding"] == "gzip"
    assert int(headers["content-length"]) == len(body)
    assert "content-encoding" not in plain_headers
    assert headers["vary"] == plain_headers["vary"] == "accept-encoding"


def test_no_script_of_ours_calls_what_the_one_before_it_ended_with():
    """Two files of the form (…)() in a row are a call of the first one's result."""
    text = with_address('<head><script type="module" src="x.js"></script></head>')
    bare = "".join(
        line for line in text.splitlines(keepends=True) if not line.lstrip().startswith("//")
    )
    assert "})()" in bare
    assert not re.search(r"\}\)\(\)\s*\(", bare)
