"""Fetch a file from an address, or a wheel through pip, into a folder that is not kept."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import FetchError

__all__ = ["Progress", "checksum", "download", "download_wheel", "folder_in_progress"]

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of it done so far, in [0, 1]."""

CONNECT_SECONDS = 10
PIP_SECONDS = 300
BLOCK = 1 << 20


def download(address: str, target: Path, on_progress: Progress | None = None) -> None:
    """Write what ``address`` answers to ``target``.

    Raises
    ------
    FetchError
        If the address cannot be reached within ten seconds or the answer breaks off.
    """
    try:
        with (
            urllib.request.urlopen(address, timeout=CONNECT_SECONDS) as answer,
            target.open("wb") as file,
        ):
            size = int(answer.headers.get("Content-Length") or 0)
            while block := answer.read(BLOCK):
                file.write(block)
                if on_progress and size:
                    on_progress(f"Fetching {address}", min(file.tell() / size, 1.0))
            if size and file.tell() != size:
                raise FetchError(f"{address} broke off after {file.tell():,} of {size:,} bytes.")
    except (OSError, urllib.error.URLError) as error:
        reason = getattr(error, "reason", None) or error
        raise FetchError(f"{address} cannot be reached ({reason}).") from error


def download_wheel(requirement: str, folder: Path) -> Path:
    """Fetch the wheel of ``requirement`` (``name==version``), without what it depends on.

    Goes through the running Python's pip, so that the user's settings for it apply.

    Raises
    ------
    FetchError
        If pip is missing, fails, or takes longer than five minutes.
    """
    options = ("--no-deps", "--only-binary=:all:", "--quiet", "--retries=1")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download"]
    command += [*options, "-d", str(folder), requirement]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=PIP_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise FetchError(f"pip cannot download {requirement}.") from error
    return next(folder.glob("*.whl"))


def checksum(path: Path, algorithm: str) -> str:
    """Hash a file's content with ``algorithm`` (a name that :mod:`hashlib` knows)."""
    with path.open("rb") as file:
        return hashlib.file_digest(
            file, lambda: hashlib.new(algorithm, usedforsecurity=False)
        ).hexdigest()


@contextmanager
def folder_in_progress(target: Path) -> Iterator[Path]:
    """Give a folder beside ``target``; when the block ends well, it becomes ``target``.

    A block that fails leaves ``target`` as it was and nothing beside it. Folders that a killed
    process left behind are removed after an hour.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{target.name}-"
    for stale in target.parent.glob(f"{prefix}*"):
        if time.time() - stale.stat().st_mtime > 3600:
            shutil.rmtree(stale, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    try:
        fresh = scratch / "fresh"
        fresh.mkdir()
        yield fresh
        if target.exists():
            target.rename(scratch / "old")
        try:
            fresh.rename(target)
        except OSError:
            if not target.is_dir():  # else another process was faster, with the same content
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
