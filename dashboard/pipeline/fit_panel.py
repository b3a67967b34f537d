"""The fit: what its steps took, what came in and what was left out, and the fits beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached_pipeline
from dashboard.charts.dot_panels import Panel, dot_panels, dot_panels_alt
from dashboard.charts.row_marks import Marks
from dashboard.palette import BASELINE
from dashboard.panels import Drawing, reading, table
from dashboard.pipeline.choices_panel import draw_model_choices
from dashboard.pipeline.frames import ends
from dashboard.pipeline.view import PipelineView
from dashboard.plain_text import as_markdown, as_message
from engine.artifacts import Artifacts
from engine.data.wording import counted
from engine.fit_words import data_sentences
from engine.manifest import Manifest

__all__ = ["fit_frame", "fit_section", "seconds_frame"]

FIT_COLUMNS = {
    "fit": st.column_config.TextColumn("Fit", width="medium"),
    **{
        name: st.column_config.NumberColumn(name, format="%.3f")
        for name in ("NDCG@10", "NDCG@10 low", "NDCG@10 high")
    },
    **{
        name: st.column_config.NumberColumn(name, format="%.3f")
        for name in ("recall@200", "recall@200 low", "recall@200 high")
    },
    "n": st.column_config.NumberColumn("n, people"),
    "seconds": st.column_config.NumberColumn("Seconds", format="%.1f"),
}


def fit_frame() -> pd.DataFrame:
    """Return the fits of this data set side by side."""
    return pd.DataFrame(
        [
            {
                "fit": one.words,
                "split": one.split,
                "without": one.without or "–",
                "ranker": one.ranker,
                "sources": one.n_sources,
                "inputs": one.n_features,
                "candidates": one.n_candidates,
                "seed": one.seed,
                **ends("NDCG@10", one.ndcg),
                **ends("recall@200", one.recall),
                "n": one.ndcg.n,
                "people": one.n_users,
                "seconds": one.seconds,
                "recipe": one.recipe,
                "note": one.problem,
            }
            for one in cached_pipeline.fits()
        ]
    )


def seconds_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return the seconds of each step of the fit, in order."""
    timings = artifacts.manifest["timings"]
    return pd.DataFrame({"step of the fit": list(timings), "seconds": list(timings.values())})


def fit_section(view: PipelineView) -> Callable[[], None]:
    """Make the fit's figures."""
    steps = seconds_frame(view.artifacts)
    labels = [str(step) for step in steps["step of the fit"]]
    values, none = steps["seconds"].to_numpy(float), np.full(len(steps), np.nan)
    text = [f"{value:.1f} s" for value in values]
    panels = [
        Panel(
            "seconds", [Marks("", values, none, none, BASELINE, "bar")], is_share=False, text=text
        )
    ]
    title = f"Where the fit's {values.sum():,.0f} s went"
    drawing = Drawing(
        "seconds",
        dot_panels(labels, panels, title=title),
        dot_panels_alt(labels, panels, title),
        "What takes the time?",
    )
    return partial(_draw, drawing, fit_frame(), view.artifacts)


def counts_in_words(manifest: Manifest) -> str:
    """Say what came in and how it was divided."""
    counts = manifest["counts"]
    return (
        f"{counts['interactions']:,} interactions of {counted(counts['users'], 'person')} and "
        f"{counted(counts['items'], 'item')}: {counts['train']:,} teach the sources, "
        f"{counts['labels']:,} likes teach the ranker, {counts['holdout']:,} likes of "
        f"{counted(counts['users_with_holdout'], 'person')} are held out."
    )


def _draw(drawing: Drawing, fits: pd.DataFrame, artifacts: Artifacts) -> None:
    manifest = artifacts.manifest
    st.markdown("**Fits of this data set, side by side**")
    table(
        fits, key="fits", columns=FIT_COLUMNS, alt=f"{counted(len(fits), 'fit')} of this data set"
    )
    reading(
        "Figures are those of the ranker's lists on each fit's own held-"
        "out likes, with 95 % intervals over people; fits with different splits have other people "
        "and other likes, so do not compare those. `make run SPLIT=one-moment` or `WITHOUT=…` make "
        "another, and so do the choices below.",
        "Choose one in the sidebar; each is measured on its own held-out likes",
    )
    draw_model_choices(artifacts)
    drawing.draw()
    st.caption("Seconds of wall time, as busy as the machine was then.")
    st.markdown(as_markdown(counts_in_words(manifest)))
    sentences = data_sentences(manifest)
    if sentences:
        st.markdown("\n".join(f"- {as_message(sentence)}" for sentence in sentences))
