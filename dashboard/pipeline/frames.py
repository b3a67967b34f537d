"""The page's tables, as shown and as taken along."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard import cached_pipeline
from dashboard.pipeline.view import PipelineView
from engine.artifacts import Artifacts
from engine.people.feature_words import in_families
from engine.pipeline.report.estimates import Estimate, GroupEstimates
from engine.pipeline.report.funnel import stage_seconds
from engine.pipeline.report.reach import REACH

__all__ = [
    "calibration_frame",
    "ends",
    "funnel_frame",
    "gain_frame",
    "group_frame",
    "importance_frame",
    "ranker_frame",
    "source_frame",
]


def ends(name: str, one: Estimate) -> dict[str, float]:
    """Return an estimate's columns: its value, and the ends of its interval."""
    return {name: one.value, f"{name} low": one.low, f"{name} high": one.high}


def funnel_frame(view: PipelineView) -> pd.DataFrame:
    """Return a row per stage: counts, the long tail and what was liked, for all and for one."""
    seconds = stage_seconds(view.artifacts.manifest["timings"])
    rows = []
    for one, own in zip(view.report.stages, view.report.people, strict=True):
        rows.append(
            {
                "stage": view.stage(one.name),
                "items a person": one.n_items,
                "met before": one.n_seen,
                "different items": one.n_different,
                **ends("long tail", one.tail),
                **ends("held-out likes kept", one.found),
                "n": one.found.n,
                "seconds of the fit": seconds.get(one.name, np.nan),
                "person": view.person,
                "person: items": int(own.n_items[view.user]),
                "person: met before": int(own.n_seen[view.user]),
                "person: long tail": own.tail[view.user],
                "person: held-out likes kept": own.found[view.user],
            }
        )
    return pd.DataFrame(rows)


def group_frame(view: PipelineView, attribute: str) -> pd.DataFrame:
    """Return a row per group, everybody first: what is reached and could be, and the long tail."""
    found = cached_pipeline.groups(view.scenario, attribute)
    frame = pd.DataFrame({"group": ("everybody", *found.reach["found"].labels)})
    everyone = view.report.reach.everyone
    frame["n"] = [everyone["found"].n, *found.reach["found"].n]
    names = {
        "found": f"recall@{view.artifacts.filtered.shape[1]}",
        **{name: f"NDCG@{view.k} {name}" for name in REACH[1:]},
    }
    for name, words in names.items():
        _put(frame, words, everyone[name], found.reach[name])
    for stage in view.report.stages[1:]:
        _put(frame, f"long tail {stage.name}", stage.tail, found.tail[stage.name])
    hidden = [False, *found.reach["found"].is_hidden]
    return frame.assign(note=np.where(hidden, "too few people", ""))


def _put(frame: pd.DataFrame, words: str, everyone: Estimate, groups: GroupEstimates) -> None:
    frame[words] = [everyone.value, *groups.value]
    frame[f"{words} low"] = [everyone.low, *groups.low]
    frame[f"{words} high"] = [everyone.high, *groups.high]


def source_frame() -> pd.DataFrame:
    """Return a row per source: recall alone, what it found in the union, and what it alone did."""
    rows, fill = cached_pipeline.sources()
    table = [
        {
            "source": one.label,
            "proposes": one.depth,
            "weight": one.weight,
            **ends("recall@200 alone", one.alone),
            "n alone": one.alone.n,
            **ends("found", one.found),
            **ends("only it", one.only),
            "likes only it": one.n_only,
            "n": one.only.n,
            "seconds": one.seconds,
        }
        for one in rows
    ]
    filled = {"source": "no source: filled by popularity", **ends("only it", fill), "n": fill.n}
    return pd.DataFrame([*table, filled])


def ranker_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return the rankers that were compared on the labels, best first: the first one serves."""
    rows = [
        {
            "ranker": said["name"],
            "made of": ", ".join(f"{one} {weight:.2f}" for one, weight in said.get("members", ())),
            "serves": "" if place else "yes",
            "NDCG@10": said["ndcg_at_10"],
            "± of it": said["half_width"],
            "gain over retrieved": said["gain"],
            "± of the gain": said["gain_half_width"],
            "n": said["n"],
        }
        for place, said in enumerate(artifacts.manifest["metrics"]["rankers"])
    ]
    return pd.DataFrame(rows)


def gain_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return the fit's baselines, and the paired gain of the full pipeline over each."""
    metrics = artifacts.manifest["metrics"]
    rows = []
    for name, said in metrics["quality"].items():
        gain = metrics["gains"].get(name, {})
        rows.append(
            {
                "order": name,
                "NDCG@10": said.get("ndcg_at_10"),
                "± of it": said["ndcg_half_width"],
                "gain of the full pipeline": gain.get("difference"),
                "± of the gain": gain.get("half_width"),
                "recall@200": said.get("recall_at_200"),
                "± of the recall": said["recall_half_width"],
                "n": said["n"],
            }
        )
    return pd.DataFrame(rows)


def importance_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return the share of the ranker by family of features, largest first."""
    said = artifacts.manifest["metrics"]["feature_importance"]
    names = list(said)
    shares = np.array([[share or 0.0 for share in said.values()]])
    families, sums = in_families(names, shares)
    frame = pd.DataFrame({"what it reads": families, "share of the ranker": sums[0]})
    return frame.sort_values("share of the ranker", ascending=False, ignore_index=True)


def calibration_frame() -> pd.DataFrame:
    """Return the share of held-out likes among candidates by score, lowest scores first."""
    return pd.DataFrame(
        [
            {
                "scores from": one.low,
                "scores to": one.high,
                "mean score": one.mean,
                "candidates": one.n,
                **ends("held-out likes", one.liked),
                "people": one.liked.n,
            }
            for one in cached_pipeline.scores()
        ]
    )
