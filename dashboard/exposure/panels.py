"""The upper half of the page: headline figures, Lorenz curves by stage, the sentences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.exposure_lorenz import StageCurve, stage_lorenz, stage_lorenz_alt
from dashboard.exposure.view import CARDS, ExposureView
from dashboard.exposure.words import concentration_sentences, stage_name
from dashboard.metric_cards import Card, CardPlaces, card_of, card_places
from dashboard.palette import BASELINE, STAGE_COLOURS
from dashboard.panels import Drawing, reading, table
from dashboard.plain_text import as_markdown
from engine.formats import change, interval
from engine.metrics.statistics.verdict import Verdict

__all__ = [
    "headline_cards",
    "headline_places",
    "lorenz_drawing",
    "stage_table",
    "words_drawing",
]


DASHES = {
    "history": "longdash",
    "retrieved": "dot",
    "filtered": "dashdot",
    "ranked": "dash",
    "reranked": "solid",
}
"""Stage → its line: told apart by the dashes as well as by the colour."""


def headline_places() -> list[CardPlaces]:
    """Make room for the cards."""
    return card_places([len(names) for names in CARDS.values()])


def headline_cards(view: ExposureView) -> list[tuple[str, list[Card]]]:
    """Return the figures: how concentrated, how many items, which kind, against what is liked."""
    figures = view.figures
    return [
        (
            heading,
            [
                card_of(figures[name], label, n_judged=len(figures), target=view.target)
                for name, label in names.items()
            ],
        )
        for heading, names in CARDS.items()
    ]


def lorenz_drawing(view: ExposureView) -> Drawing:
    """Draw the curve of every stage."""
    found = view.by_stage
    ginis = dict(zip(found.stages, found.value[:, found.column("gini")], strict=True))
    curves = []
    for stage in view.stages:
        items, share = view.curves[stage]
        is_now, is_before = stage == "reranked", stage == "ranked"
        curves.append(
            StageCurve(
                {"reranked": "re-ranked (now)", "ranked": "ranked (before)"}.get(stage, stage),
                items,
                share,
                float(ginis[stage]),
                BASELINE if is_before else STAGE_COLOURS[stage],
                DASHES[stage],
                3.0 if is_now else 1.6,
            )
        )
    figure = stage_lorenz(curves, height=400)
    question = "Which stage narrows what is seen?"
    return Drawing("stage_lorenz", figure, stage_lorenz_alt(curves), question)


STAGE_COLUMNS = {
    "stage": st.column_config.TextColumn("Stage"),
    "gini": st.column_config.NumberColumn("Gini", format="%.3f", width=62),
    "between": st.column_config.TextColumn("95 % interval", width=110),
    "step": st.column_config.TextColumn(
        "Step",
        width=124,
        help="Change of the Gini from the stage before, over the same people; – where the two "
        "stages could not hold the same items.",
    ),
    "shown": st.column_config.NumberColumn(
        "Items", format="localized", width=62, help="Items in anybody's list."
    ),
    "n90": st.column_config.NumberColumn(
        "Fill 90 %",
        format="localized",
        width=72,
        help="n90: how many items fill 90 % of all places.",
    ),
}


def words_drawing(view: ExposureView) -> Callable[[], None]:
    """Make what says how concentrated exposure is at each stage; return what draws it."""
    lines = "\n".join(f"- {as_markdown(sentence)}" for sentence in concentration_sentences(view))
    lines = lines.replace(r" \%", "\u00a0" r"\%")  # a number and its sign stay in one line
    stages = stage_table(view)
    ginis = zip(stages["stage"], stages["gini"], strict=True)
    alt = "; ".join(f"{stage}: Gini {gini:.3f}" for stage, gini in ginis)
    met = ": retrieved lists still hold what a person has met already."
    if view.artifacts.offers_again:
        met = ": all but the history, for what a person has met may come again."

    def draw() -> None:
        halves = st.grid(2, min_column_width=440, gap="medium")
        halves.container().markdown(lines)
        with halves.container():
            table(stages, key="stages", alt=alt, columns=STAGE_COLUMNS)
        reading(
            "Items that are never shown are included. ▲ more, ▼ less concentrated than the stage "
            f"before, beyond the noise. Every stage has lists of {view.scenario.k}: of the "
            "history, the latest. "
            f"Steps are taken only between stages whose lists could hold the same items{met}",
            f"n = {view.found.n_users:,} people, {view.artifacts.n_items:,} items",
        )

    return draw


def _sign(step: Verdict) -> str:
    """Return the sign of a step that is clear beyond the noise."""
    if not step.is_clear:
        return ""
    return " ▲" if step.value > 0 else " ▼"


def stage_table(view: ExposureView) -> pd.DataFrame:
    """Return the short table of the stages: Gini with interval and step, items shown, n90."""
    found = view.by_stage
    gini, coverage, n90 = (found.column(name) for name in ("gini", "coverage", "n90"))
    steps = [row[gini] for row in found.steps]
    return pd.DataFrame(
        {
            "stage": [stage_name(stage) for stage in found.stages],
            "gini": found.value[:, gini],
            "between": [
                interval(low, high)
                for low, high in zip(found.low[:, gini], found.high[:, gini], strict=True)
            ],
            "step": [
                change(step.value, step.before) + _sign(step) if np.isfinite(step.value) else "–"
                for step in steps
            ],
            "shown": np.rint(found.value[:, coverage] * view.artifacts.n_items),
            "n90": found.value[:, n90],
        }
    )
