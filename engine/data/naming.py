"""What a data set is called, from the word or path that asks for it, without loading it."""

from __future__ import annotations

from pathlib import Path

from engine.data.readers import dataset_name
from engine.data.registry import DATASET_NAMES
from engine.data.simulated import SIMULATED

__all__ = ["name_of"]


def name_of(given: str) -> str:
    """Return the name under which a data set's fits are kept.

    Parameters
    ----------
    given : str
        As for :func:`engine.data.load_dataset`: a name, ``simulated:USERSxITEMS``, or a path.

    Examples
    --------
    >>> name_of("movielens-100k"), name_of("simulated:6000x4000"), name_of("shop data/2026.zip")
    ('movielens-100k', 'simulated-6000x4000', '2026')
    """
    if given in DATASET_NAMES or given.partition(":")[0] == SIMULATED:
        return given.replace(":", "-")
    path = Path(given).expanduser()
    return dataset_name(path.with_suffix("") if path.suffix.lower() == ".zip" else path)
