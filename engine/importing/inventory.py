"""Every data set that is here: imported, fetched or fitted; and taking one away whole."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from engine.artifact_format import current_name
from engine.data.home import artifact_folder, data_folder, uploads_folder
from engine.data.movielens_sources import RELEASES
from engine.data.naming import usual_name
from engine.data.simulated import SIMULATED
from engine.errors import DataError
from engine.importing.imported import is_imported
from engine.manifest import Manifest

__all__ = ["UPLOADED_MAPPING", "Known", "find", "inventory", "manifest_of_fit", "remove"]

MANIFEST = "manifest.json"
UPLOADED_MAPPING = ".mapping.json"
"""How the mapping ends that the Data page writes beside the uploads which it imports as a name."""


@dataclass(frozen=True)
class Known:
    """A data set that is here.

    Attributes
    ----------
    name : str
    origin : str
        ``imported``, ``fetched``, ``simulated`` or ``from a folder``.
    has_files : bool
        Whether its files are kept here.
    fits : tuple of str
        Names under which it is fitted: the usual one, and those of other ways.
    """

    name: str
    origin: str
    has_files: bool
    fits: tuple[str, ...]


def inventory() -> list[Known]:
    """Return all data sets that are here, in the order of their names."""
    fitted = _folders(artifact_folder("x").parent, "CURRENT")
    kept = [
        name for name in _folders(data_folder("x").parent) if is_imported(name) or name in RELEASES
    ]
    names = sorted({*kept, *map(usual_name, fitted)})
    return [_known(name, name in kept, fitted) for name in names]


def find(name: str) -> Known:
    """Return one of them.

    Raises
    ------
    DataError
        There is nothing of that name.
    """
    found = next((one for one in inventory() if one.name == name), None)
    if found is None:
        raise DataError(
            f"There is no data set {name[:40]!r} here: see `python -m engine data list`."
        )
    return found


def _folders(parent: Path, holding: str = "") -> list[str]:
    if not parent.is_dir():
        return []
    return [
        path.name
        for path in parent.iterdir()
        if path.is_dir() and not path.name.startswith(".") and (path / holding).exists()
    ]


def _known(name: str, has_files: bool, fitted: list[str]) -> Known:
    fits = tuple(sorted(one for one in fitted if usual_name(one) == name))
    if is_imported(name):
        origin = "imported"
    elif name in RELEASES:
        origin = "fetched" if has_files else "of MovieLens"
    else:
        origin = "simulated" if name.startswith(SIMULATED) else "from a folder"
    return Known(name, origin, has_files, fits)


def manifest_of_fit(name: str) -> Manifest | None:
    """Return what the current fit of that name says of itself, unchecked; None without one."""
    folder = artifact_folder(name)
    current = current_name(folder)
    if current is None:
        return None
    try:
        return cast(Manifest, json.loads((folder / current / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError):
        return None


def remove(name: str, *, uploads: bool = True) -> list[Path]:
    """Take away a data set: its files, its fits of every kind, and what was kept of these.

    With ``uploads`` the uploaded files that it was imported from go as well.

    Returns
    -------
    list of Path
        The folders that are gone.

    Raises
    ------
    DataError
        There is nothing of that name.
    """
    known = find(name)
    folders = [data_folder(name)] if known.has_files else []
    # Also folders without a fit: an unfinished one, or evaluations that outlived theirs.
    parent = artifact_folder(name).parent
    beside = parent.iterdir() if parent.is_dir() else ()
    folders += sorted(path for path in beside if re.split("@", path.name)[0] == name)
    if uploads:
        folders += [path.parent for path in uploads_folder().glob(f"*/{name}{UPLOADED_MAPPING}")]
    for path in folders:
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path)
    return folders
