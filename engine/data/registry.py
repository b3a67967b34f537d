"""Every data set by its name or path: the one door through which data comes in."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from engine.data.contract import Dataset
from engine.data.download import Progress
from engine.data.movielens import find_layout
from engine.data.movielens_sources import RELEASES, load_movielens, read_movielens, unpack
from engine.data.readers import dataset_name, read_folder
from engine.data.simulated import SIMULATED, load_simulated
from engine.errors import DataError, FetchError

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
        One of :data:`DATASET_NAMES`, or the path of a folder or of a MovieLens zip archive.
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
    if name in RELEASES:
        dataset = load_movielens(RELEASES[name], on_progress)
    elif name.partition(":")[0] == SIMULATED:
        dataset = load_simulated(name, on_progress)
    else:
        dataset = _load_path(Path(name).expanduser(), liked)
    return dataset if liked is None else replace(dataset, liked_threshold=float(liked))


def _load_path(path: Path, liked: float | None) -> Dataset:
    if path.is_file() and path.suffix.lower() == ".zip":
        with tempfile.TemporaryDirectory() as scratch:
            unpack(path, Path(scratch))
            return _movielens(Path(scratch), path.with_suffix(""))
    if path.is_dir() and path != Path():
        if find_layout({entry.name for entry in path.iterdir()}):
            return _movielens(path, path)
        return read_folder(path, liked=liked)
    if path.is_file():
        raise DataError(f"{path} is a file: give the folder that holds it, or a MovieLens zip.")
    raise DataError(
        f"There is no data set {str(path)!r}: give one of {', '.join(DATASET_NAMES)}, or the path "
        "of a folder with interactions and items files."
    )


def _movielens(folder: Path, origin: Path) -> Dataset:
    name = dataset_name(origin)
    return read_movielens(folder, name=name, title=f"MovieLens ({name})")


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
