"""Whether PyTorch is here, and what is said where it is not."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from engine.errors import DataError

__all__ = ["MISSING", "has_torch", "need_torch"]

MISSING = "PyTorch is not installed: `make setup NEURAL=1` installs it (about 900 MB)"
"""Why nothing neural can be learned here, and what to do; what is fitted serves without it."""


@cache
def has_torch() -> bool:
    """Whether PyTorch can be imported; it is not, for that takes seconds."""
    return find_spec("torch") is not None


def need_torch(what: str) -> None:
    """Refuse to learn ``what`` without PyTorch.

    Raises
    ------
    DataError
        PyTorch is not here.
    """
    if not has_torch():
        raise DataError(f"{what} cannot be fitted: {MISSING}, or leave it out.")
