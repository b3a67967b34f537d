"""The upper half of the page: headline figures, Lorenz curves by stage, the sentences."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.charts.exposure_lorenz import StageCurve, stage_lorenz, stage_lorenz_alt
from dashboard.exposure.thinning import thin_curve
from dashboard.exposure.view import ExposureView
from dashboard.exposure.words import concentration_sentences
from dashboard.metric_cards import Card, card_of, card_row
from dashboard.palette import BASELINE, STAGE_COLOURS
from dashboard.panels import chart
from dashboard.plain_text import as_markdown
from engine.metrics.concentration import gini, lorenz

__all__ = ["headline", "lorenz_by_stage", "sentences"]


def headline(view: ExposureView) -> None:
    """Draw the figures: how concentrated, how many items, which kind."""
    figures = view.found.figures
    card_row(
        [
            ("Concentration", [card_of(figures["gini"], "Gini"), _top_item(view)]),
            ("Breadth", [card_of(figures["coverage"]), card_of(figures["n90"], "n90, items")]),
            (
                "Popularity",
                [card_of(figures["aplt"], "Long tail"), card_of(figures["arp"], "Mean popularity")],
            ),
            (
                "Against held-out likes",
                [card_of(figures["attention_inequity"], "Inequity"), _parity(view)],
            ),
        ]
    )


def _top_item(view: ExposureView) -> Card:
    return card_of(view.found.figures["top_item_share"], "Top item in")


def _parity(view: ExposureView) -> Card:
    return card_of(view.found.figures["exposure_parity"], "Parity of bands")


def lorenz_by_stage(view: ExposureView) -> None:
    """Draw the curve of every stage."""
    curves = []
    for stage in ("history", *view.stages):
        exposure = view.exposure_of(stage)
        items, share = thin_curve(*lorenz(exposure))
        is_now, is_before = stage == "reranked", stage == "ranked"
        curves.append(
            StageCurve(
                {"reranked": "re-ranked (now)", "ranked": "ranked (before)"}.get(stage, stage),
                items,
                share,
                float(gini(exposure)),
                BASELINE if is_before else STAGE_COLOURS[stage],
                "dash" if is_before else "solid" if is_now else "dot",
                3.0 if is_now else 1.6,
            )
        )
    chart(stage_lorenz(curves, height=330), key="stage_lorenz", alt=stage_lorenz_alt(curves))


def sentences(view: ExposureView) -> None:
    """Say how concentrated exposure is, and what the setting did to it."""
    st.markdown("**In words**")
    for sentence in concentration_sentences(view):
        st.markdown(as_markdown(sentence))
    never = int((np.asarray(view.found.measured.slots) == 0).sum())
    st.caption(
        as_markdown(
            f"Exposure counts attention over all {view.found.n_users:,} people's lists and all "
            f"{view.artifacts.n_items:,} items, the {never:,} that nobody is shown included. "
            f"Long tail: items outside the most popular that make up 80 % of "
            "history."
        )
    )
