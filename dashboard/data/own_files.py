"""Files that somebody gave: uploads kept for a day, and folders that the operator allowed."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any

from engine.data.home import uploads_folder
from engine.data.limits import MOST_BYTES
from engine.errors import DataError
from engine.importing.unpacking import TABLES

__all__ = ["FOLDERS_VARIABLE", "MOST_MEGABYTES", "UPLOAD_WORDS", "allowed_files", "keep_text"]
__all__ += ["keep_uploads", "sweep_uploads"]

FOLDERS_VARIABLE = "RERANK_STUDIO_FOLDERS"
"""Folders of the server whose files may be chosen, with the system's path separator between."""

MOST_MEGABYTES = MOST_BYTES >> 20
UPLOAD_WORDS = f"At most {MOST_BYTES >> 30} GB a file"
KEPT_SECONDS = 86_400
MOST_LISTED = 500
PACKED = (".zip", ".gz", ".bz2", ".xz")


def allowed_files() -> dict[str, Path]:
    """Return the files of the folders that the operator allowed: words for each → path."""
    found: dict[str, Path] = {}
    for given in os.environ.get(FOLDERS_VARIABLE, "").split(os.pathsep):
        folder = Path(given).expanduser()
        if not given.strip() or not folder.is_dir():
            continue
        for path in sorted(folder.rglob("*")):
            is_inside = path.resolve().is_relative_to(folder.resolve())
            if path.is_file() and is_inside and path.name.lower().endswith((*TABLES, *PACKED)):
                found[f"{folder.name}/{path.relative_to(folder)}"] = path
            if len(found) >= MOST_LISTED:
                return found
    return found


def sweep_uploads() -> None:
    """Take away what was uploaded more than a day ago."""
    parent = uploads_folder()
    for old in parent.iterdir() if parent.is_dir() else ():
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)


def keep_uploads(uploads: Sequence[Any], token: str) -> list[Path]:
    """Write uploads to a folder of this visit, and sweep away those of yesterday.

    Raises
    ------
    DataError
        Two files have one name.
    """
    sweep_uploads()
    folder = uploads_folder() / token
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    kept = []
    for upload in uploads:
        path = folder / (PurePath(upload.name).name or "file")
        if path.exists():
            raise DataError(f"Two files are called {path.name}: give one of them another name.")
        with path.open("wb") as file:
            shutil.copyfileobj(upload, file)
        upload.seek(0)
        kept.append(path)
    return kept


def keep_text(text: str, folder: str, file_name: str) -> Path:
    """Write a small file for a command to read, beside the uploads and swept away with them."""
    path = uploads_folder() / folder / file_name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
