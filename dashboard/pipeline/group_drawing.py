"""How far groups lie below the others, and what models of their own take off that."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.charts.dot_panels import Panel, dot_panels, dot_panels_alt
from dashboard.charts.row_marks import Marks
from dashboard.palette import BASELINE, CATEGORICAL
from dashboard.panels import Drawing
from engine.artifacts import Artifacts
from engine.groups_said import DifferenceSaid, GroupSaid

__all__ = ["group_drawing"]

Floats = NDArray[np.float64]
NOTHING = DifferenceSaid(value=None, low=None, high=None, confidence=None, word="")
MARKS = {"shrunk": ("circle", "●"), "separate": ("diamond", "◆")}


def group_drawing(artifacts: Artifacts) -> Drawing | None:
    """Draw the groups for which models were tried, a row each; None without any."""
    said = artifacts.manifest["metrics"].get("for_groups")
    groups = [one for one in said["groups"] if one["tried"]] if said else []
    if said is None or not groups:
        return None
    labels = [one["group"] for one in groups]
    gaps = _columns([one["gap"] for one in groups])
    gains = [
        Marks(kind, *_columns([_gain(one, kind) for one in groups]), colour, symbol, sign)
        for colour, (kind, (symbol, sign)) in zip(CATEGORICAL, MARKS.items(), strict=False)
    ]
    panels = [
        Panel(
            "the group's NDCG@10 minus the others'",
            [Marks("one ranker", *gaps, BASELINE, "square", "■")],
            is_share=False,
        ),
        Panel("gain in NDCG@10 by a model of its own", gains, is_share=False),
    ]
    title = f"Models of their own by {said['attribute']}"
    return Drawing(
        "group_gains",
        dot_panels(labels, panels, title=title),
        dot_panels_alt(labels, panels, title),
        "Would a model of their own serve them better?",
    )


def _gain(one: GroupSaid, kind: str) -> DifferenceSaid | None:
    return next((tried["gain"] for tried in one["tried"] if tried["kind"] == kind), None)


def _columns(found: list[DifferenceSaid | None]) -> tuple[Floats, Floats, Floats]:
    """Values, lower and upper ends; NaN where there is none."""
    known = [one or NOTHING for one in found]
    table = np.array([(one["value"], one["low"], one["high"]) for one in known], dtype=np.float64)
    return table[:, 0], table[:, 1], table[:, 2]
