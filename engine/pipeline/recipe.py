"""What a fit was made by: its parts by name, so that serving builds from it and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["RECIPE_VERSION", "Recipe", "SourceUse", "difference"]

RECIPE_VERSION = 2
"""Raised when the same names and settings begin to mean something else."""


@dataclass(frozen=True)
class SourceUse:
    """A source as a fit uses it.

    Attributes
    ----------
    name : str
        A key of :data:`engine.pipeline.retrieval.registry.SOURCES`.
    depth : int
        How many items it proposes to each person; 0 for an input of the ranker alone.
    weight : float
        How much its proposals count.
    quota : int
        So many of its best unseen proposals are candidates in any case.
    """

    name: str
    depth: int
    weight: float = 1.0
    quota: int = 0


@dataclass(frozen=True)
class Recipe:
    """What was asked for, before any data was seen; two fits of one recipe differ by data alone.

    Attributes
    ----------
    sources : mapping of str to int
        Name → depth.
    features : tuple of str
        Names of the families of features.
    rankers : tuple of str
        Names of those that are fitted; the one that measures best serves.
    split : str
        The rule, in words.
    config : mapping
        Every setting but the seed: another draw is no other recipe.
    """

    sources: Mapping[str, int]
    features: tuple[str, ...]
    rankers: tuple[str, ...]
    split: str
    config: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {"version": RECIPE_VERSION, **json.loads(json.dumps(asdict(self)))}

    @property
    def identity(self) -> str:
        """Twelve hexadecimal digits that stand for all of it."""
        text = json.dumps(self.as_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


PARTS = {
    "version": "the pipeline's meaning",
    "sources": "sources of candidates",
    "features": "features of the ranker",
    "rankers": "rankers",
    "split": "rule that splits histories",
    "config": "settings",
}


def difference(fitted: Mapping[str, Any], recipe: Recipe) -> str:
    """Say in half a sentence how a fit's recipe differs from ``recipe``; empty where it does not.

    Parameters
    ----------
    fitted : mapping
        ``asked`` of a manifest's recipe.
    recipe : Recipe
    """
    now = recipe.as_dict()
    for part, words in PARTS.items():
        if fitted.get(part) != now[part]:
            return f"was made with other {words}{_named(fitted.get(part), now[part])}"
    return ""


def _named(before: Any, now: Any) -> str:
    """Name what is new, gone or changed, as far as it has names."""
    if not isinstance(before, dict) or not isinstance(now, dict):
        before, now = (
            {str(part): "" for part in parts} if isinstance(parts, list) else {}
            for parts in (before, now)
        )
    changes = (
        ("new", sorted(now.keys() - before.keys())),
        ("gone", sorted(before.keys() - now.keys())),
        ("changed", sorted(k for k in now.keys() & before.keys() if now[k] != before[k])),
    )
    words = [f"{word}: {', '.join(names)}" for word, names in changes if names]
    return f" ({'; '.join(words)})" if words else ""
