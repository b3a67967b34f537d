"""Learned state of the sources on disk: no pickle, and only the rows in use are read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import scipy.sparse as sp

from engine.retrieval.als import Als
from engine.retrieval.item_item import Links
from engine.retrieval.source_parts import SourceParts

__all__ = ["open_parts", "save_parts"]


def save_parts(parts: SourceParts, folder: Path) -> None:
    """Write links, content and popularity under ``folder``; the factors are saved as arrays."""
    (folder / "links").mkdir()
    for name, links in parts.links.items():
        if isinstance(links, np.ndarray):
            np.save(folder / "links" / f"{name}.npy", links.astype(np.float16))
        else:
            sp.save_npz(folder / "links" / f"{name}.npz", links, compressed=False)
    sp.save_npz(folder / "content.npz", parts.content, compressed=False)
    np.save(folder / "popular.npy", parts.popular)


def open_parts(folder: Path, als: Als) -> SourceParts:
    """Open what :func:`save_parts` wrote; dense links stay on disk, memory-mapped."""
    links: dict[str, Links] = {}
    for path in sorted((folder / "links").iterdir()):
        if path.suffix == ".npy":
            links[path.stem] = np.load(path, mmap_mode="r", allow_pickle=False)
        else:
            links[path.stem] = sp.load_npz(path)
    return SourceParts(
        als=als,
        links=links,
        content=sp.load_npz(folder / "content.npz"),
        popular=np.load(folder / "popular.npy", allow_pickle=False),
    )
