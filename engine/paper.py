"""A report as PDF, printed by a Chromium that is at hand; without one, only that is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from engine.errors import OutputError

__all__ = ["chromium", "to_pdf"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
A_WHILE = 180
"""Seconds that printing may take."""


def chromium() -> str | None:
    """Return the Chromium on the path, if there is one."""
    return next((found for found in map(shutil.which, NAMES) if found), None)


def to_pdf(page: str) -> bytes:
    """Print an HTML page that stands alone, as its own print layout says.

    Raises
    ------
    OutputError
        There is no Chromium, or it could not print.
    """
    found = chromium()
    if found is None:
        raise OutputError(
            "No Chromium is on the path, and it prints the PDF: write --html, and print that from "
            "any browser."
        )
    with tempfile.TemporaryDirectory(prefix="rerank-") as place:
        source, target = Path(place) / "report.html", Path(place) / "report.pdf"
        source.write_text(page, encoding="utf-8")
        command = [
            found,
            "--headless",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            "--no-pdf-header-footer",
            f"--user-data-dir={place}/profile",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),  # it has none for root
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=A_WHILE)
            return target.read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise OutputError(
                f"{Path(found).name} could not print the PDF ({type(error).__name__}): write "
                "--html, and print that from any browser."
            ) from error
