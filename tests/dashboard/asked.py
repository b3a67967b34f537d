"""Ask an application for a path, without a server."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from starlette.datastructures import Headers
from starlette.types import ASGIApp


def ask(app: ASGIApp, path: str, **headers: str) -> tuple[int, Headers, bytes]:
    """Ask an application for ``path``; returns the status, the headers and the body."""
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
        own.submit(lambda: asyncio.run(app(scope, receive, send))).result()  # type: ignore[arg-type]
    start, *parts = sent
    body = b"".join(part["body"] for part in parts)
    return start["status"], Headers(raw=start["headers"]), body
