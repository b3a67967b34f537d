"""What a fit writes down about itself."""

from __future__ import annotations

import math
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data import Dataset, Split
from engine.data.free_text import text_notes
from engine.data.wording import counted
from engine.fit_config import FitConfig, recipe_of
from engine.fit_objectives import LearnedObjectives
from engine.groups_said import groups_said
from engine.held_out import is_in_rows
from engine.manifest import (
    FORMAT_VERSION,
    DropSaid,
    FilterSaid,
    FlipSaid,
    Manifest,
    Metrics,
    RecipeSaid,
    SplitSaid,
)
from engine.manifest_reading import as_manifest
from engine.pipeline.filtering.item_filters import FILTERS
from engine.pipeline.moment import Moment
from engine.pipeline.ranking.group_rows import GroupTable
from engine.pipeline.ranking.registry import Chosen
from engine.pipeline.ranking.stability import StabilityPoint
from engine.pipeline.retrieval.registry import SOURCES
from engine.pipeline.second.registry import SecondRow
from engine.ranker_said import (
    SecondSaid,
    learning_said,
    rankers_said,
    reliability_said,
    stability_said,
)
from engine.user_groups import Attribute

__all__ = ["Facts", "log_notes", "manifest_of"]

LIBRARIES = ("numpy", "scipy", "pandas", "implicit", "hnswlib", "lightgbm", "scikit-learn")


@dataclass(frozen=True, eq=False)
class Facts:
    """What the manifest is made of."""

    dataset: Dataset
    parts: Split
    attributes: tuple[Attribute, ...]
    moment: Moment
    chosen: Chosen
    groups: GroupTable | None
    second: SecondRow | None
    stability: tuple[StabilityPoint, ...]
    feature_names: tuple[str, ...]
    quality: dict[str, dict[str, float | int]]
    gains: dict[str, dict[str, float | int]]
    source_quality: dict[str, dict[str, float | int]]
    attribute_flips: list[FlipSaid]
    candidates: NDArray[np.int32]
    left_out: dict[str, str]
    objectives: LearnedObjectives


def manifest_of(facts: Facts, config: FitConfig, seconds: dict[str, float]) -> Manifest:
    """Build the manifest: only what JSON can say; undefined numbers are ``null``."""
    dataset = facts.dataset
    manifest: Manifest = {
        "format_version": FORMAT_VERSION,
        "name": dataset.name,
        "title": dataset.title,
        "provenance": dataset.provenance,
        "fingerprint": dataset.fingerprint,
        "licence": dataset.licence,
        "source": dataset.source,
        "now_day": _now_day(dataset, facts.parts),
        "split": _split(facts.parts, config),
        "liked_threshold": float(dataset.liked_threshold),
        "genre_names": list(facts.moment.catalogue.genre_names),
        "provider_names": list(facts.moment.catalogue.provider_names),
        "attributes": {a.name: list(a.labels) for a in facts.attributes},
        "demographic": list(facts.moment.group_names),
        "without": list(config.without),
        "attribute_flips": facts.attribute_flips,
        "source_names": [use.name for use in facts.moment.retrieval.proposing],
        "source_labels": _source_labels(facts),
        "source_weights": [use.weight for use in facts.moment.retrieval.proposing],
        "feature_names": list(facts.feature_names),
        "recipe": _recipe(facts, config),
        "config": asdict(config),
        "versions": {
            "python": platform.python_version(),
            **{library: version(library) for library in LIBRARIES},
        },
        "timings": seconds,
        "metrics": _metrics(facts),
        "counts": _counts(facts),
        "drops": [
            DropSaid(file=drop.file, column=drop.column, n_rows=drop.n_rows, reason=drop.reason)
            for drop in (*dataset.drops, *facts.parts.drops)
        ],
        "notes": [*dataset.notes, *text_notes(dataset.items)],
    }
    return as_manifest(_without_nan(manifest))


def log_notes(shown: pd.DataFrame, n_strangers: int) -> list[str]:
    """Say that a log of what was shown is kept, and what of it is not."""
    said = f"A log of {counted(len(shown), 'place')} that were shown is kept with the fit."
    if n_strangers:
        said += f" {counted(n_strangers, 'place')} of people or items outside of the fit are not."
    return [said]


def _source_labels(facts: Facts) -> list[str]:
    """Return the words for each source; nothing is said of time where the data have none."""
    records = [SOURCES[use.name] for use in facts.moment.retrieval.proposing]
    if facts.dataset.has_time:
        return [record.label for record in records]
    return [record.timeless_label or record.label for record in records]


def _recipe(facts: Facts, config: FitConfig) -> RecipeSaid:
    """Write what was asked for, and what the fit consists of by name: serving builds from it."""
    asked = recipe_of(config)
    said: RecipeSaid = {
        "identity": asked.identity,
        "asked": asked.as_dict(),
        "sources": [
            {
                "name": use.name,
                "depth": use.depth,
                "weight": use.weight,
                "quota": use.quota,
            }
            for use in facts.moment.retrieval.uses
        ],
        "features": list(facts.moment.families),
        "ranker": facts.chosen.name,
    }
    if facts.groups is not None and facts.groups.served:
        said["for_groups"] = facts.groups.attribute
    if facts.second is not None and facts.second.serves:
        said["second"] = facts.second.name
    return said


def _now_day(dataset: Dataset, parts: Split) -> float:
    """Return the last moment that may be known, as days since 1970."""
    if parts.moment is not None:
        return parts.moment / 86_400
    last = dataset.interactions["timestamp"].max()
    return float(last.timestamp() / 86_400) if len(dataset.interactions) else 0.0


def _split(parts: Split, config: FitConfig) -> SplitSaid:
    return {
        "name": config.split,
        "moment": _iso(parts.moment),
        "label_moment": _iso(parts.label_moment),
    }


def _iso(second: int | None) -> str | None:
    return None if second is None else pd.Timestamp(second, unit="s").isoformat()


def _metrics(facts: Facts) -> Metrics:
    out = facts.moment.retrieval.out
    assert out is not None
    table = facts.chosen.table
    importance = zip(facts.feature_names, facts.chosen.ranker.importance(), strict=True)
    said: Metrics = {
        "quality": facts.quality,
        "gains": facts.gains,
        "sources": facts.source_quality,
        "models": facts.moment.retrieval.report(),
        "left_out": facts.left_out,
        "rankers": rankers_said(table),
        "reliability": reliability_said(table),
        "learning": learning_said(table),
        "stability": stability_said(facts.stability),
        "feature_importance": {name: float(share) for name, share in importance},
        "filters": [
            FilterSaid(name=name, label=label, n_items=int((out == place).sum()))
            for place, (name, (label, _)) in enumerate(FILTERS.items(), start=1)
        ],
        "objectives": list(facts.objectives.said),
        "no_objectives": facts.objectives.missing,
    }
    if facts.groups is not None:
        said["for_groups"] = groups_said(facts.groups)
    if facts.second is not None:
        row = facts.second
        said["second"] = SecondSaid(
            name=row.name,
            serves=row.serves,
            ndcg_at_10=row.ndcg_at_10,
            first_ndcg_at_10=row.first_ndcg_at_10,
            gain=row.gain,
            gain_half_width=row.gain_half_width,
            n=row.n,
            weight=row.weight,
        )
    return said


def _counts(facts: Facts) -> dict[str, int]:
    parts = facts.parts
    return {
        "users": parts.n_users,
        "items": parts.n_items,
        "interactions": len(facts.dataset.interactions),
        "train": len(parts.train.indices),
        "labels": len(parts.labels.indices),
        "seen": len(parts.seen.indices),
        "holdout": len(parts.holdout.indices),
        "users_with_holdout": int((parts.holdout.lengths() > 0).sum()),
        "later_not_liked": len(parts.later_not_liked.indices),
        "later_not_liked_among_candidates": int(
            is_in_rows(facts.candidates, parts.later_not_liked, parts.n_items).sum()
        ),
    }


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
