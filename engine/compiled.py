"""How every compiled kernel of the engine is compiled and called.

Numba's default threading layer (``workqueue``) aborts the process when two threads call a parallel
function at once, and a dashboard serves each session in a thread of its own. So the layer is chosen
here, before the first compile: ``omp`` where OpenMP can be loaded, which is safe under concurrent
calls; else ``workqueue`` behind a lock, which is safe because only one call runs at a time.
"""

from __future__ import annotations

import functools
import importlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numba

__all__ = ["THREADING_LAYER", "inner", "kernel"]


def _choose_layer() -> str:
    try:
        importlib.import_module("numba.np.ufunc.omppool")
    except ImportError:
        return "workqueue"
    return "omp"


THREADING_LAYER = _choose_layer()
"""``omp`` or, where OpenMP is missing, ``workqueue``."""

numba.config.THREADING_LAYER = THREADING_LAYER
_LOCK: AbstractContextManager = (
    threading.Lock() if THREADING_LAYER == "workqueue" else nullcontext()
)

inner = numba.njit(cache=True, nogil=True, inline="never")
"""Decorator for a helper that kernels call; not to be called from Python on a hot path."""


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile ``function`` for parallel loops (``numba.prange``), cached on disk, without the GIL.

    The result may be called from any number of threads at once. It is compiled at its first call;
    ``function`` itself stays available as ``.py_func`` for tests.
    """
    compiled = numba.njit(parallel=True, cache=True, nogil=True)(function)

    @functools.wraps(function)
    def call(*args: Any) -> Any:
        with _LOCK:
            return compiled(*args)

    call.py_func = function  # type: ignore[attr-defined]
    call.dispatcher = compiled  # type: ignore[attr-defined]
    return call
