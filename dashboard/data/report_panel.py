"""What a check of files found: counts, every finding, and from where on is liked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.histogram import histogram, histogram_alt
from dashboard.downloads import made_file
from dashboard.panels import chart
from dashboard.plain_text import as_markdown, as_message
from engine.importing.findings import KINDS, Findings
from engine.importing.importer import Built

__all__ = ["draw_report", "example_frame", "finding_frame", "liked_choice"]

ICONS = {"problem": "⛔", "left out": "✂", "changed": "✎", "odd": "?"}


def finding_frame(findings: Findings) -> pd.DataFrame:
    """Return every finding, the gravest kind first."""
    return pd.DataFrame(
        [
            {
                "kind": one.kind,
                "file": one.file,
                "column": one.column,
                "rows": one.n_rows or None,
                "what": one.text,
                "such as": ", ".join(one.examples[:3]),
            }
            for one in findings
        ],
        columns=["kind", "file", "column", "rows", "what", "such as"],
    )


def example_frame(findings: Findings) -> pd.DataFrame:
    """Return up to 20 examples of each finding, a row each."""
    rows = [
        (one.kind, one.file, one.column, one.text, example)
        for one in findings
        for example in one.examples
    ]
    return pd.DataFrame(rows, columns=["kind", "file", "column", "what", "example"])


def draw_report(built: Built) -> None:
    """Draw the counts and every finding."""
    counts, findings = built.counts, built.findings
    if counts["interactions"]:
        st.markdown(
            f"**{counts['interactions']:,}** of {counts['read']:,} rows of interactions are taken: "
            f"**{counts['people']:,}** people, **{counts['items']:,}** items."
        )
    for kind, meaning in KINDS.items():
        found = findings.of(kind)
        if not found:
            continue
        st.markdown(f"**{ICONS[kind]} {kind.capitalize()}** · {meaning}")
        if kind == "problem":
            for one in found:
                st.error(as_message(one.sentence), icon=":material/error:")
            continue
        st.markdown("\n".join(f"- {as_message(one.sentence)}" for one in found))
    if not len(findings):
        st.success("Nothing was left out or changed, and nothing looks odd.")
        return
    with st.container(horizontal=True, gap="small"):
        for name, made in (("findings", finding_frame), ("examples", example_frame)):
            made_file(f"{name.capitalize()} (CSV)", made(findings), f"{name}.csv")


def liked_choice(built: Built, stamp: str) -> float | None:
    """Draw the values with the threshold on them; return the threshold that was typed, if any."""
    values, liked = built.values, built.liked
    if values is None or liked is None or not len(values.found):
        return None
    left, right = st.columns([3, 1], gap="medium")
    with right:
        typed = st.number_input(
            "Liked from",
            value=float(liked.threshold),
            key=f"_data_liked_{stamp}_{liked.threshold:g}",
            help="An interaction with at least this value is liked.",
        )
        st.caption(as_markdown(f"Suggested: {liked.threshold:g} ({liked.why})."))
        share = values.share_from(typed)
        st.markdown(f"**{100 * share:.0f} %** of {values.n:,} interactions are liked.")
        if not share:
            st.error("No interaction has so high a value.", icon=":material/error:")
    with left:
        edges, counts = values.bins()
        labels = [f"{edge:g}" for edge in edges[:-1]]
        first = int(np.searchsorted(edges[:-1], np.float32(typed)))
        title = f"Interactions by value, n = {values.n:,}"
        figure = histogram(
            labels,
            counts.tolist(),
            title=title,
            x_title="value",
            y_title="interactions",
            first=first,
            marked=f"liked: {typed:g} or more",
        )
        alt = histogram_alt(labels, counts.tolist(), title)
        chart(figure, key="data_values", alt=alt, question="From which value on is it a like?")
    return None if typed == liked.threshold else float(typed)
