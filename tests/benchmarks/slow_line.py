"""A slow line between a browser and a server of this machine: every byte, WebSockets too.

Chromium's own throttling leaves WebSockets alone, and Streamlit sends every figure through one.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

SLOW_4G = 1.6e6
"""Bits a second from server to browser: Lighthouse's slow 4G."""

ROUND_TRIP = 0.15
"""Seconds of Lighthouse's slow 4G."""

PIECE = 4096


class Line:
    """What has come through, in bytes from the server; ``address`` is where to go instead."""

    def __init__(self, target: str, bits_a_second: float | None, round_trip: float) -> None:
        self.host, self.port = urlsplit(target).hostname, urlsplit(target).port
        self.address = ""
        self.stop: Callable[[], object]
        self.n_bytes = 0
        self._bits, self._delay = bits_a_second, round_trip / 2
        self._free_at = 0.0

    async def serve(self, started: threading.Event) -> None:
        """Listen on a free port until ``stop`` is called from another thread."""
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        self.stop = lambda: loop.call_soon_threadsafe(over.set)
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        started.set()
        await over.wait()

    async def _connected(self, up: asyncio.StreamReader, down: asyncio.StreamWriter) -> None:
        answers, asked = await asyncio.open_connection(self.host, self.port)
        with suppress(asyncio.CancelledError):  # when all is measured the line is cut
            await asyncio.gather(self._carry(up, asked, False), self._carry(answers, down, True))

    async def _carry(
        self, source: asyncio.StreamReader, to: asyncio.StreamWriter, is_down: bool
    ) -> None:
        """Carry bytes as they come, each piece half a round trip later, in its turn."""
        loop = asyncio.get_running_loop()
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=16)

        async def arrive() -> None:
            while (piece := await under_way.get())[1]:
                await asyncio.sleep(piece[0] - loop.time())
                to.write(piece[1])
                await to.drain()
            to.close()

        arriving = asyncio.create_task(arrive())
        with suppress(ConnectionError):
            while data := await source.read(PIECE):
                if is_down:
                    self.n_bytes += len(data)
                    await self._turn(len(data))
                await under_way.put((loop.time() + self._delay, data))
        await under_way.put((0.0, b""))
        with suppress(ConnectionError):
            await arriving

    async def _turn(self, n_bytes: int) -> None:
        """Wait until the line, which all connections share, has carried so much."""
        if self._bits:
            now = asyncio.get_running_loop().time()
            self._free_at = max(self._free_at, now) + n_bytes * 8 / self._bits
            await asyncio.sleep(self._free_at - now)


@contextmanager
def line_to(
    target: str, bits_a_second: float | None = None, round_trip: float = 0.0
) -> Iterator[Line]:
    """Open a line to ``target``; without a speed it only counts."""
    line, started = Line(target, bits_a_second, round_trip), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(line.serve(started)), daemon=True)
    thread.start()
    started.wait()
    try:
        yield line
    finally:
        line.stop()
        thread.join()
