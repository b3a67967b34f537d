"""What a fit says of itself: the fields of ``manifest.json`` and their types.

A field added here is checked when a fit is opened, and by the type checker where one is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from engine.groups_said import ForGroupsSaid
from engine.ranker_said import (
    LearningSaid,
    ObjectiveSaid,
    RankerSaid,
    ReliabilitySaid,
    SecondSaid,
    StabilitySaid,
)

__all__ = [
    "FORMAT_VERSION",
    "DropSaid",
    "FilterSaid",
    "FlipSaid",
    "Manifest",
    "Metrics",
    "Quality",
    "RecipeSaid",
    "SplitSaid",
    "UseSaid",
]

FORMAT_VERSION = 4

Quality = Mapping[str, Mapping[str, float | None]]
"""Stage, baseline or source → figure → value; ``None`` where undefined."""


class _UseSaid(TypedDict):
    name: str
    depth: int
    weight: float


class UseSaid(_UseSaid, total=False):
    """A source as the fit used it; fits of before say nothing of the quota."""

    quota: int


class _RecipeSaid(TypedDict):
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


class RecipeSaid(_RecipeSaid, total=False):
    """The same with what stands beside or behind the ranker; not there without it.

    Attributes
    ----------
    for_groups : str
        The attribute of whose groups some have a ranker of their own.
    second : str
        What looks at whole lists behind the ranker.
    """

    for_groups: str
    second: str


class FilterSaid(TypedDict):
    """A filter of items, and how many it takes out."""

    name: str
    label: str
    n_items: int


class _Metrics(TypedDict):
    """What every fit measured.

    Attributes
    ----------
    quality : dict
        Stage or baseline → figures on the holdout.
    gains : dict
        Baseline → ``difference`` of the full pipeline's NDCG@10 from it, person by person, half of
        its 95 % interval as ``half_width``, and ``n``.
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
    gains: Quality
    sources: Quality
    models: dict[str, dict[str, Any]]
    left_out: dict[str, str]
    rankers: list[RankerSaid]
    feature_importance: dict[str, float | None]


class Metrics(_Metrics, total=False):
    """What the fit measured; fits of before say nothing of these.

    ``for_groups`` and ``second`` are there where models of groups or a second stage were asked for
    and there was enough to learn from.
    ``objectives`` are in the order of the columns of the array, ``no_objectives`` says of all
    others why there is none.
    """

    filters: list[FilterSaid]
    for_groups: ForGroupsSaid
    second: SecondSaid
    reliability: list[ReliabilitySaid]
    learning: list[LearningSaid]
    stability: list[StabilitySaid]
    objectives: list[ObjectiveSaid]
    no_objectives: dict[str, str]


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
