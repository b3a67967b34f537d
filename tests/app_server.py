"""Start the dashboard as a user would, for the browser tests and the slider benchmark."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
]


def _environment(data: str, home: Path | None) -> dict[str, str]:
    environment = {**os.environ, "RERANK_STUDIO_DATA": data, "PYTHONPATH": str(ROOT)}
    if home is not None:
        environment["RERANK_STUDIO_HOME"] = str(home)
    return environment


def prepare(data: str, home: Path | None = None) -> None:
    """Fetch and fit ``data`` where that has not been done yet."""
    subprocess.run(
        [sys.executable, "-m", "engine", "prepare", "--data", data],
        cwd=ROOT,
        env=_environment(data, home),
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_up(url: str, process: subprocess.Popen, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with status {process.returncode}")
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"no answer from {url} in {seconds} s")


@contextmanager
def serve(
    data: str, *, home: Path | None = None, script: Path = ROOT / "dashboard" / "server.py"
) -> Iterator[str]:
    """Serve ``script`` on a free port of this machine; yields the address."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    options = {
        "server.port": str(port),
        "server.headless": "true",
        "server.address": "127.0.0.1",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    for name, value in options.items():
        command += [f"--{name}", value]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=_environment(data, home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)
