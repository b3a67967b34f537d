"""The file of an hnswlib index, read as strictly as its own reader is not.

Layout (hnswlib 0.8, ``HierarchicalNSW::saveIndex``): a header; for each element its links at the
lowest level, its vector and its label; then for each element its links at the levels above.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["graph_complaint"]

HEADER = struct.Struct("<6QiI3QdQ")
"""Native order of hnswlib's fields on a little-endian 64-bit machine, unpadded."""

COUNT, LABEL = 4, 8
"""Bytes of a count of links (two of them used) and of a label."""


@dataclass(frozen=True)
class _Header:
    level0_offset: int
    max_elements: int
    n: int
    record: int
    label_offset: int
    data_offset: int
    max_level: int
    entry: int
    max_links: int
    max_links0: int
    links: int
    mult: float
    ef: int


def graph_complaint(content: bytes, n_items: int) -> str:
    """Say what is wrong with an index, as half a sentence; empty where nothing is."""
    if len(content) < HEADER.size:
        return "is shorter than the header of a graph"
    header = _Header(*HEADER.unpack_from(content))
    complaint = _header_complaint(header, len(content), n_items)
    if complaint or not header.n:
        return complaint
    records = np.frombuffer(content, np.uint8, header.n * header.record, HEADER.size)
    records = records.reshape(header.n, header.record)
    complaint = _lowest_complaint(header, records)
    return complaint or _upper_complaint(header, content, HEADER.size + header.n * header.record)


def _header_complaint(header: _Header, n_bytes: int, n_items: int) -> str:
    links0 = COUNT + 4 * header.max_links0
    vector = header.label_offset - header.data_offset
    is_laid_out = (
        header.level0_offset == 0
        and header.data_offset == links0
        and vector > 0
        and vector % 4 == 0
        and header.record == links0 + vector + LABEL
        and header.links == header.max_links
        and 1 <= header.max_links <= header.max_links0 <= 0xFFFF
    )
    if not is_laid_out:
        return "has not the layout of a graph"
    if header.n > n_items or not header.n <= header.max_elements <= max(n_items, 1):
        return f"is not about the fit's {n_items} items"
    if n_bytes < HEADER.size + header.n * (header.record + COUNT):
        return "is cut short"
    if not np.isfinite(header.mult) or not 1 <= header.ef <= 1_000_000:
        return "has settings that are not numbers"
    if header.n and not (header.entry < header.n and 0 <= header.max_level <= 100):
        return "is entered at an item that it has not"
    return ""


def _lowest_complaint(header: _Header, records: NDArray[np.uint8]) -> str:
    heads = records[:, :COUNT].copy().view(np.uint16)
    if (heads[:, 0] > header.max_links0).any():
        return "has more links than room for them"
    links = records[:, COUNT : header.data_offset].copy().view(np.uint32)
    is_used = np.arange(header.max_links0) < heads[:, :1]
    if (links[is_used] >= header.n).any():
        return "links to an item that it has not"
    vectors = records[:, header.data_offset : header.label_offset].copy().view(np.float32)
    if not np.isfinite(vectors).all():
        return "has a vector that is not finite"
    labels = records[:, header.label_offset :].copy().view(np.uint64)[:, 0]
    if not np.array_equal(np.sort(labels), np.arange(header.n, dtype=np.uint64)):
        return "has labels that are not each item once"
    return ""


def _upper_complaint(header: _Header, content: bytes, start: int) -> str:
    """Follow the links above the lowest level, whose place in the file depends on all before."""
    size = COUNT + 4 * header.max_links
    levels = np.zeros(header.n, np.int64)
    found: list[tuple[int, int, tuple[int, ...]]] = []
    for element in range(header.n):
        if start + COUNT > len(content):
            return "is cut short"
        (n_bytes,) = struct.unpack_from("<I", content, start)
        start += COUNT
        if n_bytes % size or start + n_bytes > len(content):
            return "has links of a wrong length"
        levels[element] = n_bytes // size
        for level in range(1, n_bytes // size + 1):
            at = start + (level - 1) * size
            (n_links,) = struct.unpack_from("<H", content, at)
            if n_links > header.max_links:
                return "has more links than room for them"
            found.append((element, level, struct.unpack_from(f"<{n_links}I", content, at + COUNT)))
        start += n_bytes
    if start != len(content):
        return "is longer than its graph"
    return _levels_complaint(header, levels, found)


def _levels_complaint(
    header: _Header, levels: NDArray[np.int64], found: list[tuple[int, int, tuple[int, ...]]]
) -> str:
    if levels[header.entry] != header.max_level or levels.max() > header.max_level:
        return "is entered below its top"
    for element, level, links in found:
        for link in links:
            if link >= header.n or levels[link] < level or link == element:
                return "links to an item that is not on that level"
    return ""
