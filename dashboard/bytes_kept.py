"""Keep a function's latest results for all sessions, bounded by bytes as well as by count.

For what grows with people or items; small results are kept by ``st.cache_resource`` itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import streamlit as st

from engine.recent import Recent

__all__ = ["kept"]

Given = ParamSpec("Given")
Result = TypeVar("Result")


def kept(size: int) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Keep at most ``size`` results by their arguments, and no more bytes than a memory may hold.

    ``st.cache_resource.clear()`` empties it like every other cache of the server.
    """

    def decorate(function: Callable[Given, Result]) -> Callable[Given, Result]:
        name = f"{function.__module__}.{function.__qualname__}"

        @wraps(function)
        def call(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            key = (args, tuple(sorted(kwargs.items())))
            memory: Recent[Result] = _memory(name, size)
            return memory.get(key, lambda: function(*args, **kwargs))

        return call

    return decorate


@st.cache_resource(show_spinner=False)
def _memory(name: str, size: int) -> Recent[Any]:  # noqa: ARG001 -- one for each function
    return Recent(size)
