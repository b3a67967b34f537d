"""A memory of a function's latest results, by key, bounded by bytes; safe from many threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd

__all__ = ["MOST_BYTES", "Recent", "bytes_of"]

MOST_BYTES = 512 * 2**20
"""That one memory holds, where nothing else is said."""

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Keeps the results that were asked for last: at most ``size``, of at most ``most_bytes``.

    The latest result stays however large it is. What a result makes of itself later is not counted.
    Two threads that ask for the same missing key at once may both compute it; the first result
    stays. The lock is not held while a result is computed, so a slow one delays nobody.
    """

    def __init__(self, size: int, most_bytes: int = MOST_BYTES) -> None:
        self._size, self._most_bytes = size, most_bytes
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """Return the result for ``key``, from memory or from ``compute``."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        value = compute()
        size = bytes_of(value)
        with self._lock:
            value = self._kept.setdefault(key, (value, size))[0]
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and (
                len(self._kept) > self._size or self.n_bytes > self._most_bytes
            ):
                self._kept.popitem(last=False)
            return value

    def __contains__(self, key: Hashable) -> bool:
        """Whether the result for ``key`` is kept now."""
        with self._lock:
            return key in self._kept

    @property
    def n_bytes(self) -> int:
        """Bytes of all that is kept; what two results share counts twice."""
        return sum(size for _, size in self._kept.values())


def bytes_of(value: object) -> int:
    """Return the bytes of the arrays and tables that ``value`` holds and nothing else keeps.

    An array counts in full where ``value`` has a view of it, and once however often it is there.
    Not counted are arrays in files, and those of objects whose class says ``is_kept_elsewhere``.

    >>> bytes_of({"a": np.zeros(10), "b": [np.zeros(5, np.int32), "words"]})
    100
    """
    own: dict[int, int] = {}
    others: dict[int, int] = {}
    elsewhere: list[object] = []
    _collect(value, own, set(), elsewhere)
    seen: set[int] = set()
    while elsewhere:
        for part in _parts(elsewhere.pop()):
            _collect(part, others, seen, elsewhere)
    return sum(size for key, size in own.items() if key not in others)


def _collect(value: object, found: dict[int, int], seen: set[int], elsewhere: list[object]) -> None:
    """Note the buffers below ``value``, and which objects below it are kept elsewhere."""
    if id(value) in seen or isinstance(value, (str, bytes, int, float, type, Recent)):
        return
    seen.add(id(value))
    if getattr(type(value), "is_kept_elsewhere", False):
        elsewhere.append(value)
    elif isinstance(value, np.ndarray):
        root = _root(value)
        found[id(root)] = 0 if isinstance(root, np.memmap) else root.nbytes
    elif isinstance(value, (pd.DataFrame, pd.Series)):
        found[id(value)] = int(np.sum(value.memory_usage()))
    else:
        for part in _parts(value):
            _collect(part, found, seen, elsewhere)


def _root(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    if isinstance(value, (tuple, list, set, frozenset)):
        return value
    return () if callable(value) else getattr(value, "__dict__", {}).values()
