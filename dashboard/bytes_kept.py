"""Keep a function's latest results for all sessions, bounded by bytes as well as by count.

For what grows with people or items; small results are kept by ``st.cache_resource`` itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar, cast

import streamlit as st

from engine.recent import Recent

__all__ = ["kept"]

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Kept(Generic[Given, Result]):
    """A function whose latest results are kept by their arguments."""

    def __init__(self, function: Callable[Given, Result], size: int) -> None:
        self._function, self._size = function, size
        update_wrapper(self, function)

    def __call__(self, *args: Given.args, **kwargs: Given.kwargs) -> Result:
        """Return the result, from memory or made now."""
        key = _key(args, kwargs)
        return self._memory().get(key, lambda: self._function(*args, **kwargs))

    def has(self, *args: Given.args, **kwargs: Given.kwargs) -> bool:
        """Whether the result is there already."""
        return _key(args, kwargs) in self._memory()

    def _memory(self) -> Recent[Result]:
        name = f"{self._function.__module__}.{self._function.__qualname__}"
        return cast("Recent[Result]", _memory(name, self._size))


def kept(size: int) -> Callable[[Callable[Given, Result]], Kept[Given, Result]]:
    """Keep at most ``size`` results by their arguments, and no more bytes than a memory may hold.

    ``st.cache_resource.clear()`` empties it like every other cache of the server.
    """
    return lambda function: Kept(function, size)


def _key(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable:
    return args, tuple(sorted(kwargs.items()))


@st.cache_resource(show_spinner=False)
def _memory(name: str, size: int) -> Recent[Any]:  # noqa: ARG001 -- one for each function
    return Recent(size)
