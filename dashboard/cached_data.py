"""What is kept of files that somebody gave: a first look at them, by how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from engine.importing.examining import Examined, examine
from engine.importing.reading import Reading

__all__ = ["examined", "stamp_of"]

Stamp = tuple[tuple[str, int, int], ...]


def stamp_of(paths: tuple[str, ...]) -> Stamp:
    """Return what tells files from others of the same names: path, size and time."""
    about = [(path, Path(path).stat()) for path in paths]
    return tuple((path, one.st_size, one.st_mtime_ns) for path, one in about)


def examined(paths: tuple[str, ...], reading: Mapping[str, Reading]) -> Examined:
    """Return a first look at files."""
    how = tuple(sorted((name, tuple(one.as_dict().items())) for name, one in reading.items()))
    return _examined(stamp_of(paths), how)


@st.cache_resource(max_entries=4, show_spinner="Looking at the files …")
def _examined(stamp: Stamp, how: tuple[tuple[str, tuple[Any, ...]], ...]) -> Examined:
    reading = {name: Reading(**dict(given)) for name, given in how}
    return examine([Path(path) for path, _, _ in stamp], reading)
