"""Streamlit's scripts come compressed, and nothing but they do."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit import file_util

from dashboard.compressed_files import CompressedFiles
from tests.dashboard.asked import ask

STATIC = Path(file_util.get_static_dir()) / "static"


async def _plain(_) -> PlainTextResponse:
    return PlainTextResponse("plain")


APP = Starlette(
    routes=[Route("/{path:path}", _plain)], middleware=[Middleware(CompressedFiles, "")]
)


@pytest.mark.parametrize("kind", ["js", "css"])
def test_a_script_comes_at_a_third_of_its_size_and_whole(kind: str) -> None:
    path = max((STATIC / kind).glob(f"*.{kind}"), key=lambda one: one.stat().st_size)
    status, headers, body = ask(APP, f"/static/{kind}/{path.name}", accept_encoding="gzip, br")
    assert status == 200
    assert headers["content-encoding"] == "gzip"
    assert "immutable" in headers["cache-control"]
    assert gzip.decompress(body) == path.read_bytes()
    assert len(body) < path.stat().st_size / 2.5


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/static/js/none.js", {"accept_encoding": "gzip"}),
        ("/static/../index.js", {"accept_encoding": "gzip"}),
        ("/static/../../../__init__.py", {"accept_encoding": "gzip"}),
        ("/people", {"accept_encoding": "gzip"}),
        ("/static/js/{first}", {}),
        ("/static/js/{first}", {"accept_encoding": "gzip", "range": "bytes=0-9"}),
    ],
)
def test_everything_else_is_passed_on(path: str, headers: dict[str, str]) -> None:
    first = min((STATIC / "js").glob("*.js")).name
    assert ask(APP, path.format(first=first), **headers)[2] == b"plain"
