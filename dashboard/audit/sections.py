"""The lower half of the audit page: one section at a time, and only that one is computed."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard.audit import keys
from dashboard.audit.by_definition import by_definition_figure
from dashboard.audit.panels import halves, numbers
from dashboard.audit.reading import what_it_reads
from dashboard.audit.worst_panel import worst
from dashboard.charts.stage_disparity import stage_lines, stage_lines_alt
from dashboard.charts.who_pays import (
    tenths_bars,
    tenths_bars_alt,
    who_pays_bars,
    who_pays_bars_alt,
)
from dashboard.controls import IN_LINK
from dashboard.panels import chart, reading, table
from dashboard.plain_text import as_markdown
from engine.audit.at_stages import retrieval_words, stage_view
from engine.audit.audit import Audit
from engine.audit.comparison import table_frame
from engine.audit.definitions import other_findings
from engine.audit.flips import flips_sentence, most_flips, verdict_table
from engine.audit.losers import change_of, drawn_losers, losers_frame
from engine.audit.one_number import FEWER_DEALS, measures_frame
from engine.audit.stages import STEP_WORDS, drawn_groups, start_sentence
from engine.metrics.who_pays import tenths_of_change

__all__ = ["SECTIONS", "section"]


def who_pays(view: Audit) -> None:
    """Draw who is better, worse and unchanged, and how much."""
    change = change_of(view.before, view.after, view.metric)
    names = view.metric.change_words
    frame = drawn_losers(losers_frame(change, view.groups, view.settings.min_n))
    label = view.comparison.label
    left, right = halves()
    with left:
        title = f"People by what the setting does to their {label}"
        figure = who_pays_bars(frame, title=title, names=names)
        alt = who_pays_bars_alt(frame, title, names)
        chart(figure, key="who_pays", alt=alt, question="Who gains, and who pays?")
    with right:
        tenths = tenths_of_change(change)
        title = f"Everybody in ten equal parts, by their change in {label}"
        chart(
            tenths_bars(tenths.mean, title=title, unit=label, names=names),
            key="tenths",
            alt=tenths_bars_alt(tenths.mean, title, names),
            question="Do a few lose much, or many a little?",
        )
    reading(
        "A mean that stays put can hide many small losses or a few large ones. Changes are paired: "
        "each person against the same person in the baseline."
    )


def in_one_number(view: Audit) -> None:
    """Draw every measure of distance between groups beside its permutation null."""
    frame = measures_frame(view)
    reading(
        "Chance alone makes every one of these differ from its value "
        f"for equal groups: beside each stands what {FEWER_DEALS} random deals of the same values "
        "make of it. Suppressed groups are left out.",
        "How far apart are the groups, beyond chance?",
    )
    table(frame, key="measures", columns=numbers(frame), alt="In one number")


def other_definitions(view: Audit) -> None:
    """Draw which verdicts hang on the definition."""
    found = other_findings(view)
    frame = verdict_table(view.comparison.after, found)
    if frame.empty:
        st.info("No other metric of this kind points the same way.")
        return
    st.markdown(as_markdown(flips_sentence(frame, view.comparison.label)))
    left, right = halves()
    with left:
        label = _definition_choice(frame)
        figure, alt = by_definition_figure(view, label, found[label])
        question = "Does the verdict hang on the definition?"
        chart(figure, key="by_definition", alt=alt, question=question)
    with right:
        reading(
            "Flips (⇄): groups whose verdict differs and whose disparity differs clearly between "
            "the two definitions, paired over the same people. Each definition is corrected for "
            "its own groups only: among many, a flip can be chance. Logarithmic attention is NDCG; "
            "cascade is geometric.",
            "Which verdicts flip (⇄) under another definition?",
        )
        columns = RATIO_COLUMNS | DEFINITION_COLUMNS
        table(
            frame,
            key="definitions",
            columns=columns,
            rows_shown=len(frame),
            alt="Other definitions",
        )


def _definition_choice(frame: pd.DataFrame) -> str:
    """Draw the choice of the definition to draw; at first that under which most flips."""
    names = frame["definition"].tolist()
    if st.session_state.get(keys.DEFINITION) not in names:
        st.session_state[keys.DEFINITION] = names[most_flips(frame)]
    return st.selectbox(
        "Judged by",
        names,
        key=keys.DEFINITION,
        **IN_LINK,
        help="Another metric of the same kind, or hits weighed by a model of attention.",
    )


RATIO_COLUMNS = {
    name: st.column_config.NumberColumn(format="%.2f ×")
    for name in ("ratio", "ratio before", "ratio low", "ratio high")
}


def where_it_starts(view: Audit) -> None:
    """Draw each group against the reference at every stage."""
    stages = stage_view(view)
    label = view.comparison.label
    st.markdown(as_markdown(start_sentence(stages.found, stages.step_found, label)))
    drawn = stages.frame[stages.frame["group"].isin(drawn_groups(stages.found))]
    left, right = halves()
    with left:
        title = f"{label} against {view.comparison.reference.words}, stage by stage"
        figure = stage_lines(drawn, title=title, band=view.settings.band)
        alt = stage_lines_alt(drawn, title)
        chart(figure, key="stages", alt=alt, question="At which stage does a gap begin?")
        n_drawn, n_groups = drawn["group"].nunique(), len(view.comparison.shown)
        if n_drawn < n_groups - 1:  # the reference is the line at 1
            reading(
                "Clear ones first, then the farthest at the last stage. Ends of intervals beyond "
                "the axis lie on its edge.",
                f"{n_drawn} of {n_groups} groups are drawn",
            )
    with right:
        reading(
            "Beyond what it does to the reference, paired over the same people, between stages "
            "whose lists could hold the same items. Clear ones first.",
            "What does each step do to a group?",
        )
        is_clear = stages.steps["verdict"].isin(STEP_WORDS.values())
        table(
            stages.steps.loc[is_clear.sort_values(ascending=False, kind="stable").index],
            key="steps",
            columns=numbers(stages.steps),
            alt="What each step does to each group",
        )
        reading(
            "The share of held-out likes among all candidates. No order of them finds more.",
            f"Retrieval by itself: {retrieval_words(view)}",
        )
        columns = numbers(stages.retrieval)
        table(stages.retrieval, key="retrieval", columns=columns, alt="Retrieval by group")


def full_table(view: Audit) -> None:
    """Draw every group with all its figures."""
    frame = table_frame(view.comparison)
    table(frame, key="groups", columns=numbers(frame) | RATIO_COLUMNS, alt="All figures")


DEFINITION_COLUMNS = {
    "definition": st.column_config.TextColumn(width=216),
    "flips": st.column_config.NumberColumn("⇄", width=40),
    "which": st.column_config.TextColumn("which verdicts flip", width=150),
}


SECTIONS: dict[str, Callable[[Audit], None]] = {
    "Who pays": who_pays,
    "Worst groups": worst,
    "In one number": in_one_number,
    "Where it starts": where_it_starts,
    "What it reads": what_it_reads,
    "Other definitions": other_definitions,
    "All figures": full_table,
}
"""Title → what draws it."""


def section(view: Audit) -> None:
    """Draw the chosen section."""
    chosen = st.session_state.get(keys.SECTION)
    SECTIONS.get(str(chosen), who_pays)(view)
