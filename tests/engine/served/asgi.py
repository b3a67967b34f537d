"""Ask an application without a network."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True)
class Got:
    status: int
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    app, path: str, query: str = "", *, method: str = "GET", body: bytes = b"", host="127.0.0.1",
    kind: str = "application/json",
) -> Got:  # fmt: skip
    """Send one request; an error that the application did not answer is raised."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": path, "raw_path": quote(path).encode(),
        "query_string": query.encode(), "root_path": "", "server": (host, 80),
        "headers": [(b"host", host.encode()), (b"content-type", kind.encode())],
    }  # fmt: skip

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    with ThreadPoolExecutor(1) as own:  # a browser test before it leaves its loop in this thread
        own.submit(lambda: asyncio.run(app(scope, receive, send))).result()
    content = b"".join(one.get("body", b"") for one in sent[1:])
    return Got(sent[0]["status"], content)
