"""What a fit says of itself: the fields of ``manifest.json``, their types, and a reader.

A field added here is checked when a fit is opened, and by the type checker where one is made.
"""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict, Union, cast, get_args, get_origin, get_type_hints

from engine.strict_json import BadJsonError, read_json

__all__ = [
    "FORMAT_VERSION",
    "DropSaid",
    "FlipSaid",
    "Manifest",
    "Metrics",
    "Quality",
    "RankerSaid",
    "RecipeSaid",
    "SplitSaid",
    "UseSaid",
    "as_manifest",
    "manifest_complaint",
    "read_manifest",
]

FORMAT_VERSION = 4
MAX_BYTES = 64_000_000

Quality = Mapping[str, Mapping[str, float | None]]
"""Stage, baseline or source → figure → value; ``None`` where undefined."""


class UseSaid(TypedDict):
    """A source as the fit used it."""

    name: str
    depth: int
    weight: float


class RecipeSaid(TypedDict):
    """What was asked for, and the parts that the fit then consists of, by name.

    Attributes
    ----------
    identity : str
        Stands for all of ``asked``.
    asked : dict
        See :class:`engine.pipeline.recipe.Recipe`.
    sources : list of UseSaid
    features : list of str
        Families of features.
    ranker : str
        The one that serves.
    """

    identity: str
    asked: dict[str, Any]
    sources: list[UseSaid]
    features: list[str]
    ranker: str


class RankerSaid(TypedDict):
    """What a ranker reached on people whose labels it did not see, and its gain over retrieval.

    Half-widths are those of 95 % intervals over people.
    """

    name: str
    ndcg_at_10: float
    half_width: float | None
    gain: float
    gain_half_width: float | None
    n: int


class Metrics(TypedDict):
    """What the fit measured.

    Attributes
    ----------
    quality : dict
        Stage or baseline → figures on the holdout.
    sources : dict
        Source → the same for it alone, on the ranker's labels.
    models : dict
        Model behind the sources → its method, sizes and seconds; ``als`` holds ``index``, how the
        approximate search compares with the exact one.
    left_out : dict
        Source that is of no use for this data → why.
    rankers : list of RankerSaid
        Best first; empty where there was nothing to compare.
    feature_importance : dict
    """

    quality: Quality
    sources: Quality
    models: dict[str, dict[str, Any]]
    left_out: dict[str, str]
    rankers: list[RankerSaid]
    feature_importance: dict[str, float | None]


class DropSaid(TypedDict):
    """Rows that were left out of the data, and why."""

    file: str
    column: str
    n_rows: int
    reason: str


class SplitSaid(TypedDict):
    """Where the test was cut off: the name of the split, and its moments as ISO dates in UTC."""

    name: str
    moment: str | None
    label_moment: str | None


class FlipSaid(TypedDict):
    """What another value of one attribute changes, everything else equal.

    Attributes
    ----------
    attribute : str
    n : int
        People asked, each with one other value drawn with equal chance.
    n_values : int
        Values that the attribute has.
    changed, changed_low, changed_high : float
        Share of people whose list holds other items, in [0, 1], with its 95 % interval (Clopper
        and Pearson 1934).
    reordered : float
        Share of people whose list differs in items or in order.
    replaced, replaced_low, replaced_high : float
        Mean number of items of the list that are replaced, with its 95 % interval (t).
    score_change, score_change_low, score_change_high : float
        Mean absolute change of the scores of the list's items, in standard deviations of the
        person's candidates, with its 95 % interval (t).
    """

    attribute: str
    n: int
    n_values: int
    changed: float
    changed_low: float
    changed_high: float
    reordered: float
    replaced: float
    replaced_low: float | None
    replaced_high: float | None
    score_change: float
    score_change_low: float | None
    score_change_high: float | None


class Manifest(TypedDict):
    """All fields; :class:`engine.artifacts.Artifacts` says what they mean."""

    format_version: int
    name: str
    title: str
    provenance: str
    fingerprint: str
    licence: str
    source: str
    now_day: float
    liked_threshold: float
    split: SplitSaid
    genre_names: list[str]
    provider_names: list[str]
    attributes: dict[str, list[str]]
    demographic: list[str]
    without: list[str]
    attribute_flips: list[FlipSaid]
    source_names: list[str]
    source_labels: list[str]
    source_weights: list[float]
    feature_names: list[str]
    recipe: RecipeSaid
    config: dict[str, Any]
    versions: dict[str, str]
    timings: dict[str, float]
    metrics: Metrics
    counts: dict[str, int]
    drops: list[DropSaid]
    notes: list[str]


def read_manifest(path: Path) -> dict[str, Any] | None:
    """Read the file as an object of any fields; ``None`` where it is none.

    Its version has to be looked at before its fields are: :func:`manifest_complaint`.
    """
    try:
        said = read_json(path.read_bytes(), max_bytes=MAX_BYTES)
    except (OSError, BadJsonError):
        return None
    return said if isinstance(said, dict) else None


def manifest_complaint(said: dict[str, Any]) -> str:
    """Say which field is missing or of the wrong type, as half a sentence; empty where none is."""
    return _complaint("", said, Manifest)


def _complaint(name: str, value: Any, hint: Any) -> str:
    """Compare a value from JSON with a type hint."""
    if hint is Any:
        return ""
    if isinstance(hint, type) and hasattr(hint, "__total__"):
        return _fields_complaint(name, value, hint)
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        found = [_complaint(name, value, option) for option in get_args(hint)]
        return "" if "" in found else found[0]
    if origin is list:
        return _parts_complaint(name, value, list, get_args(hint)[0])
    if origin in (dict, Mapping):
        return _parts_complaint(name, value, dict, get_args(hint)[1])
    return (
        "" if _is_plain(value, hint) else f"the manifest's {name or 'content'} is no {_say(hint)}"
    )


def _fields_complaint(name: str, value: Any, hint: type) -> str:
    if not isinstance(value, dict):
        return f"the manifest's {name or 'content'} is no object"
    for field, part in get_type_hints(hint).items():
        here = f"{name}.{field}" if name else field
        if field not in value:
            return f"the manifest's {here} is missing"
        complaint = _complaint(here, value[field], part)
        if complaint:
            return complaint
    return ""


def _parts_complaint(name: str, value: Any, kind: type, part: Any) -> str:
    if not isinstance(value, kind):
        return f"the manifest's {name} is no {_say(kind)}"
    parts: Any = value.values() if isinstance(value, dict) else value
    return next(filter(None, (_complaint(name, one, part) for one in parts)), "")


def _is_plain(value: Any, hint: Any) -> bool:
    if hint is float:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return is_number and math.isfinite(value)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return value is None if hint is type(None) else isinstance(value, hint)


def _say(hint: Any) -> str:
    words = {str: "text", bool: "truth", int: "whole number", float: "number", list: "list"}
    return words.get(hint, "object")


def as_manifest(said: dict[str, Any]) -> Manifest:
    """Return what :func:`manifest_complaint` found nothing against, as its type."""
    return cast(Manifest, said)
