"""How every compiled kernel of the engine is compiled and called.

Numba's default threading layer (``workqueue``) aborts the process when two threads call a parallel
function at once, and a dashboard serves each session in a thread of its own. So the layer is chosen
here, before the first compile: ``omp`` where OpenMP can be loaded, which is safe under concurrent
calls; else ``workqueue`` behind a lock, which is safe because only one call runs at a time.

Compiled code is cached on disk. Numba looks only at the file of the function itself when it asks
whether a cached kernel is stale, not at the files of the helpers compiled into it; here a kernel is
stale as soon as any file of its folder changed, or one of ``COMPILED_INTO_ALL``, or what
:func:`compile_in` was told.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numba
from numba.core import caching

__all__ = ["THREADING_LAYER", "compile_in", "inlined", "inner", "kernel", "leaf", "reduction"]


def _choose_layer() -> str:
    try:
        importlib.import_module("numba.np.ufunc.omppool")
    except ImportError:
        return "workqueue"
    return "omp"


THREADING_LAYER = _choose_layer()
"""``omp`` or, where OpenMP is missing, ``workqueue``."""

numba.config.THREADING_LAYER = THREADING_LAYER
_LOCK: AbstractContextManager[Any] = (
    threading.Lock() if THREADING_LAYER == "workqueue" else nullcontext()
)


COMPILED_INTO_ALL = tuple(
    Path(__file__).with_name(name) for name in ("compiled.py", "prefetch.py", "bits.py")
)
"""Files whose code or settings end up in kernels of other folders."""

_COMPILED_IN: dict[Path, str] = {}


def compile_in(folder: Path, facts: str) -> None:
    """Say what else, of other folders, becomes a constant in the kernels of ``folder``.

    To be called before they are defined: in the ``__init__`` of their package.
    """
    _COMPILED_IN[folder.resolve()] = facts
    _folder_stamp.cache_clear()


@functools.cache
def _folder_stamp(folder: Path) -> bytes:
    digest = hashlib.sha256(_COMPILED_IN.get(folder.resolve(), "").encode())
    for path in (*sorted(folder.glob("*.py")), *COMPILED_INTO_ALL):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.digest()


class _FolderStamped:
    """A cache location whose entries are stale once any source file of the folder changed."""

    _py_file: str

    def get_source_stamp(self) -> bytes:
        """Digest of every source file beside the kernel's own."""
        return _folder_stamp(Path(self._py_file).parent)


class ProvidedCache(_FolderStamped, caching.UserProvidedCacheLocator):
    """In ``NUMBA_CACHE_DIR``, where that is set."""


class TreeCache(_FolderStamped, caching.InTreeCacheLocator):
    """In ``__pycache__`` beside the source, where that may be written."""


class UserCache(_FolderStamped, caching.UserWideCacheLocator):
    """In the user's cache folder."""


if not numba.config.CACHE_LOCATOR_CLASSES:
    numba.config.CACHE_LOCATOR_CLASSES = ",".join(
        f"{__name__}.{place.__name__}" for place in (ProvidedCache, TreeCache, UserCache)
    )

inner = numba.njit(cache=True, nogil=True, inline="never")
"""Decorator for a helper that kernels call; not to be called from Python on a hot path."""

_bare: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False, "error_model": "numpy"}

leaf = numba.njit(inline="never", **_bare)
"""The same for a helper that allocates nothing, not even a view that it keeps.

Numba counts references to every array that a call hands on, also to those inside tuples, and in a
hot loop that costs more than the arithmetic; a leaf is compiled without the counting. Division by
zero gives infinity or NaN in it.
"""

inlined = numba.njit(inline="always", **_bare)
"""A leaf with many arguments on a hot path: it becomes part of its caller."""

reduction = numba.njit(inline="never", fastmath={"reassoc", "contract", "nsz"}, **_bare)
"""A leaf that sums: its additions may be reordered, so that they use wide registers.

The order is fixed when it is compiled: on one machine the same input gives the same bits.
NaN and infinity keep their meaning.
"""


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
