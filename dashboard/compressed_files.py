"""Streamlit's scripts and styles, compressed: a third of what they are otherwise.

Streamlit leaves that to a server in front of it, which ``make run`` does not have. Each file is
compressed once, when it is first asked for; its name changes with its content.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from streamlit import file_util

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["CompressedFiles", "reads_gzip"]

KINDS = {".js": "text/javascript", ".css": "text/css"}
"""What is compressed; fonts and pictures are already."""

CACHED_FOR = "public, immutable, max-age=31536000"
MOST_FILES = 512


class CompressedFiles:
    """Answer for Streamlit's own scripts and styles; pass everything else on."""

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app = app
        self.start = f"{base}/static/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the file where it is one of those and the browser reads gzip."""
        if scope["type"] == "http" and scope["method"] == "GET" and reads_gzip(scope):
            name = str(scope["path"])
            if name.startswith(self.start) and Path(name).suffix in KINDS:
                packed = await to_thread.run_sync(_packed, name.removeprefix(self.start))
                if packed is not None:
                    headers = {
                        "content-encoding": "gzip",
                        "cache-control": CACHED_FOR,
                        "vary": "accept-encoding",
                    }
                    kind = KINDS[Path(name).suffix]
                    await Response(packed, headers=headers, media_type=kind)(scope, receive, send)
                    return
        await self.app(scope, receive, send)


def reads_gzip(scope: Scope) -> bool:
    """Return whether who asks reads gzip and wants the whole."""
    headers = Headers(scope=scope)
    return "gzip" in headers.get("accept-encoding", "") and "range" not in headers


def _packed(name: str) -> bytes | None:
    """Return the compressed file, None where there is none of that name in Streamlit's folder."""
    folder = Path(file_util.get_static_dir()).resolve() / "static"
    path = (folder / name).resolve()
    return _pack(path) if path.is_relative_to(folder) and path.is_file() else None


@lru_cache(maxsize=MOST_FILES)
def _pack(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)
