"""Where fetched data and fitted pipelines are kept."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["artifact_folder", "data_folder", "home", "uploads_folder"]

HOME_VARIABLE = "RERANK_STUDIO_HOME"
PROJECT = Path(__file__).resolve().parents[2]


def home() -> Path:
    """Folder under which everything is kept: ``RERANK_STUDIO_HOME``, or the project's root."""
    chosen = os.environ.get(HOME_VARIABLE)
    return Path(chosen).expanduser() if chosen else PROJECT


def data_folder(name: str) -> Path:
    """Folder for the fetched or generated files of data set ``name``; it may not exist yet."""
    return home() / ".data" / name


def artifact_folder(name: str) -> Path:
    """Folder for the fits of data set ``name``; it may not exist yet."""
    return home() / ".artifacts" / name


def uploads_folder() -> Path:
    """Folder of what visitors uploaded, one a visit, kept for a day; it may not exist yet."""
    return data_folder(".uploads")
