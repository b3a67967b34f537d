"""What a data set is called, from the word or path that asks for it, without loading it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from engine.data.readers import dataset_name
from engine.data.registry import DATASET_NAMES
from engine.data.simulated import SIMULATED

__all__ = ["name_of", "spoken"]

MARK = "~"
"""Between the name of one's own data and the digest of where they are; in no name."""


def name_of(given: str) -> str:
    """Return the name under which a data set's fits are kept.

    Those of one's own data end in a digest of the path: two folders may be called the same.

    Parameters
    ----------
    given : str
        As for :func:`engine.data.load_dataset`: a name, ``simulated:USERSxITEMS``, or a path.

    Examples
    --------
    >>> name_of("movielens-100k"), name_of("simulated:6000x4000")
    ('movielens-100k', 'simulated-6000x4000')
    >>> spoken(name_of("shop data/2026.zip"))
    '2026'
    """
    if given in DATASET_NAMES or given.partition(":")[0] == SIMULATED:
        return given.replace(":", "-")
    path = Path(given).expanduser()
    name = dataset_name(path.with_suffix("") if path.suffix.lower() == ".zip" else path)
    return f"{name}{MARK}{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]}"


def spoken(name: str) -> str:
    """Return the part of :func:`name_of` that is for people."""
    return name.partition(MARK)[0]
