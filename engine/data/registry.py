"""Every data set by its name or path: the one door through which data comes in."""

from __future__ import annotations

import tempfile
from pathlib import Path

from engine.data.contract import Dataset
from engine.data.download import Progress
from engine.data.liked import check_liked
from engine.data.movielens import find_layout
from engine.data.movielens_folder import read_movielens, unpack
from engine.data.movielens_sources import RELEASES, load_movielens
from engine.data.readers import dataset_name, read_folder
from engine.data.simulated import SIMULATED, load_simulated
from engine.data.tables import find_table
from engine.errors import DataError, FetchError
from engine.importing.imported import is_imported, load_imported

__all__ = ["DATASET_NAMES", "load_dataset", "load_with_fallback"]

DATASET_NAMES = (*RELEASES, SIMULATED)
"""Names that :func:`load_dataset` knows, beside paths and ``simulated:USERSxITEMS``."""


def load_dataset(
    name_or_path: str | Path, *, liked: float | None = None, on_progress: Progress | None = None
) -> Dataset:
    """Load a data set that comes with the studio, or one of your own.

    Parameters
    ----------
    name_or_path : str or Path
        One of :data:`DATASET_NAMES`, the name of an import, or the path of a folder or of a
        MovieLens zip archive.
    liked : float, optional
        An interaction with at least this value is liked; by default what suits the data set.
    on_progress : callable, optional
        Called with what is being done and the share of it done, in [0, 1].

    Raises
    ------
    FetchError
        A public data set could not be fetched from any of its sources.
    DataError
        A file breaks the contract, or nothing of that name is there.
    """
    name = str(name_or_path)
    check_liked(liked)
    if name in RELEASES:
        return load_movielens(RELEASES[name], on_progress, liked=liked)
    if name.partition(":")[0] == SIMULATED:
        return load_simulated(name, on_progress, liked=liked)
    if is_imported(name):
        return load_imported(name, liked=liked)
    return _load_path(Path(name).expanduser(), liked)


def _load_path(path: Path, liked: float | None) -> Dataset:
    if path.is_file() and path.suffix.lower() == ".zip":
        with tempfile.TemporaryDirectory() as scratch:
            unpack(path, Path(scratch))
            return _movielens(Path(scratch), path.with_suffix(""), liked)
    if path.is_dir() and path != Path():
        is_own = find_table(path, "interactions") and find_table(path, "items")
        if not is_own and find_layout({entry.name for entry in path.iterdir()}):
            return _movielens(path, path, liked)
        return read_folder(path, liked=liked)
    if path.is_file():
        raise DataError(f"{path} is a file: give the folder that holds it, or a MovieLens zip.")
    raise DataError(
        f"There is no data set {str(path)!r}: give one of {', '.join(DATASET_NAMES)}, the name "
        "of an import, or the path of a folder with interactions and items files."
    )


def _movielens(folder: Path, origin: Path, liked: float | None) -> Dataset:
    name = dataset_name(origin)
    return read_movielens(folder, name=name, title=f"MovieLens ({name})", liked=liked)


def load_with_fallback(
    name_or_path: str | Path, *, liked: float | None = None, on_progress: Progress | None = None
) -> tuple[Dataset, str | None]:
    """Load a data set, or the simulated service where a public one cannot be fetched.

    Returns
    -------
    dataset : Dataset
    reason : str or None
        Why it is the simulated service instead, for people; None if it is what was asked for.
    """
    try:
        return load_dataset(name_or_path, liked=liked, on_progress=on_progress), None
    except FetchError as error:
        reason = f"{error} Shown instead: the simulated service."
        return load_dataset(SIMULATED, on_progress=on_progress), reason
