"""The upper half of the page: the finding in words, and the funnel."""

from __future__ import annotations

import numpy as np

from dashboard.charts.dot_panels import Panel, dot_panels, dot_panels_alt
from dashboard.charts.row_marks import Marks
from dashboard.palette import HIGHLIGHT, STAGE_COLOURS
from dashboard.panels import Drawing
from dashboard.pipeline.view import PipelineView
from engine.data.wording import counted
from engine.formats import SHARE, interval, number
from engine.pipeline.report.estimates import Estimate
from engine.pipeline.report.funnel import stage_seconds

__all__ = ["finding", "funnel_drawing", "funnel_help"]

FUNNEL_HELP = (
    "From top to bottom: what each stage leaves. Long tail: items beyond the most popular ones "
    "that make up 80 % of history. Held-out likes: what people liked in the test, which nothing "
    "was fitted on. "
)
MET_FILTERED = (
    "Retrieved lists still hold what a person had met; filtering takes that out and fills up from "
    "the same order. "
)


def funnel_help(view: PipelineView) -> str:
    """Say how to read the funnel."""
    return FUNNEL_HELP + ("" if view.artifacts.offers_again else MET_FILTERED)


def in_words(one: Estimate) -> str:
    """Write a share with its interval."""
    between = interval(one.low, one.high, SHARE)
    return number(one.value, SHARE) + (f" ({between})" if np.isfinite(one.low) else "")


def finding(view: PipelineView) -> str:
    """Say what the page finds: the ceiling, what is reached of it, and where the rest is lost."""
    stages = {one.name: one for one in view.report.stages}
    everyone, k = view.report.reach.everyone, view.k
    ceiling, ranked, now = (everyone[name] for name in ("ceiling", "ranked", "reranked"))
    if not ceiling.n:
        return "Nobody has anything held out, so nothing can be said of what could be reached."
    n_candidates = stages["filtered"].n_items
    return (
        f"Even a perfect re-ranker of these candidates could reach NDCG@{k} "
        f"{number(ceiling.value)} (95 % interval {interval(ceiling.low, ceiling.high)}); the "
        f"ranker reaches {number(ranked.value)} ({interval(ranked.low, ranked.high)}), your "
        f"setting {number(now.value)} ({interval(now.low, now.high)}), "
        f"n = {counted(ceiling.n, 'person')}. Of {counted(view.artifacts.n_items, 'item')}, "
        f"{n_candidates:,.0f} a person reach the ranker and hold "
        f"{in_words(stages['filtered'].found)} of what was liked later; the other "
        f"{number(1 - stages['filtered'].found.value, SHARE)} no later stage can bring back."
    )


def _column(estimates: list[Estimate]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    values, low, high = (np.array([one[at] for one in estimates], float) for at in range(3))
    return values, low, high


def funnel_drawing(view: PipelineView) -> Drawing:
    """Draw the funnel of everyone, with the chosen person's marks."""
    stages, people = view.report.stages, view.report.people
    labels = [view.stage(one.name) for one in stages]
    colours = [STAGE_COLOURS[one.name] for one in stages]
    none = np.full(len(stages), np.nan)
    seconds = stage_seconds(view.artifacts.manifest["timings"])
    counts = Marks("", np.array([one.n_items for one in stages]), none, none, colours, "bar", "■")
    own = {
        "tail": np.array([one.tail[view.user] for one in people]),
        "found": np.array([one.found[view.user] for one in people]),
    }
    person = f"person {view.person}"

    def dots(name: str, estimates: list[Estimate]) -> list[Marks]:
        return [
            Marks("everybody", *_column(estimates), colours),
            Marks(person, own[name], none, none, HIGHLIGHT, "diamond-open", "◇"),
        ]

    panels = [
        Panel(
            "items a person (log scale)",
            [counts],
            is_share=False,
            is_log=True,
            text=[_count_words(view, place, seconds) for place in range(len(stages))],
        ),
        Panel("held-out likes still there", dots("found", [one.found for one in stages])),
        Panel("long tail among the items", dots("tail", [one.tail for one in stages])),
    ]
    title = "What each stage leaves of the catalogue, bar = 95 % interval"
    return Drawing(
        "funnel",
        dot_panels(labels, panels, title=title),
        dot_panels_alt(labels, panels, title),
        "Where are likes and the long tail lost?",
    )


def _count_words(view: PipelineView, place: int, seconds: dict[str, float]) -> str:
    """Say beside a bar how many items, how many of them were met, and what the fit took."""
    one = view.report.stages[place]
    said = f"{one.n_items:,.0f}"
    if one.name == "retrieved":
        said += f", {one.n_seen:,.0f} met"
    took = seconds.get(one.name)
    if one.name == "reranked":
        return f"{said} · {view.seconds * 1e3:.0f} ms"
    return f"{said} · {took:.1f} s" if took else said
