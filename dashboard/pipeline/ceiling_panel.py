"""What could be reached and what is, for everybody and by group, with the long tail beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from dashboard.charts.dot_panels import Panel, dot_panels, dot_panels_alt
from dashboard.charts.row_marks import Marks
from dashboard.palette import BASELINE, SETTING, STAGE_COLOURS
from dashboard.panels import Drawing, reading
from dashboard.pipeline.frames import group_frame
from dashboard.pipeline.view import PipelineView
from engine.metrics.statistics.policy import POLICY

__all__ = ["ceiling_section"]

CEILING = "#A6761D"


def _marks(frame: pd.DataFrame, column: str, name: str, colour: str, *look: str) -> Marks:
    values, low, high = (frame[column + end].to_numpy(float) for end in ("", " low", " high"))
    return Marks(name, values, low, high, colour, *look)


def ceiling_section(view: PipelineView) -> Callable[[], None]:
    """Make the chart by group."""
    frame = group_frame(view, view.attribute)
    recall = f"recall@{view.artifacts.filtered.shape[1]}"
    ndcg = f"NDCG@{view.k}"
    shown = frame[frame["note"] == ""].reset_index(drop=True)
    labels = [f"{g}  n = {n:,}" for g, n in zip(shown["group"], shown["n"], strict=True)]
    panels = [
        Panel(
            f"{recall} of the candidates",
            [_marks(shown, recall, "all candidates", STAGE_COLOURS["filtered"], "square", "■")],
        ),
        Panel(
            ndcg,
            [
                _marks(shown, f"{ndcg} ranked", "ranker", BASELINE, "circle-open", "○"),
                _marks(shown, f"{ndcg} reranked", "your setting", SETTING, "circle", "●"),
                _marks(shown, f"{ndcg} ceiling", "ceiling", CEILING, "diamond", "◆"),
            ],
            is_share=False,
        ),
        Panel(
            "long tail among the items",
            [
                _marks(
                    shown, "long tail filtered", "all candidates",
                    STAGE_COLOURS["filtered"], "square", "■",
                ),
                _marks(shown, "long tail ranked", "ranker", BASELINE, "circle-open", "○"),
                _marks(shown, "long tail reranked", "your setting", SETTING, "circle", "●"),
            ],
        ),
    ]  # fmt: skip
    title = f"What is reached and what could be, by {view.attribute}"
    drawing = Drawing(
        "reach_by_group",
        dot_panels(labels, panels, title=title),
        dot_panels_alt(labels, panels, title),
        "How much could a better order still gain?",
    )
    return partial(_draw, drawing, int(np.count_nonzero(frame["note"])))


def _draw(drawing: Drawing, n_hidden: int) -> None:
    drawing.draw()
    hidden = (
        f"Not shown: {n_hidden} with fewer than {POLICY.least_n} people, or from which such a "
        "group could be worked out"
        if n_hidden
        else ""
    )
    reading(
        "◆ is NDCG where all held-out likes among the candidates came first; what is "
        "left to 1 retrieval lost, what lies between ◆ and ○ is up to the order. Bars are 95 % "
        "intervals of each group's mean; that two overlap is no test of a gap between them (the "
        "Fairness audit has one).",
        hidden,
    )
