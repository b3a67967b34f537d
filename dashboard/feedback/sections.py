"""The lower half of the page: one section at a time, and only that one is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeGuard

import pandas as pd
import streamlit as st

from dashboard import cached_years, jobs
from dashboard.controls import MOVES_LIVE, choose_part, redraw_live
from dashboard.feedback import keys
from dashboard.feedback.choices import Asked
from dashboard.feedback.earned_panel import (
    draw_earned,
    earned_choices,
    earned_frame,
    earned_group_frame,
    earned_now,
)
from dashboard.feedback.frames import assumption_frame, bend_frame, end_frame, unseen_frame
from dashboard.feedback.log_panel import draw_log, log_choices, log_tables
from dashboard.feedback.trial_panel import draw_trial, trial_choices, trial_frame, trial_now
from dashboard.panels import reading, table
from dashboard.plain_text import as_markdown
from engine.data.wording import counted
from engine.simulate.beginning import N_LIKED
from engine.simulate.bending import bend_words, bends
from engine.simulate.measures import MEASURES
from engine.simulate.year import Year

__all__ = ["SECTIONS", "draw_section", "section_choice", "section_tables"]

END, BEND, UNSEEN, ASSUMED, SHOWN, EARNED, TRY = (
    "At the end",
    "Which control bends it most",
    "True likes never shown",
    "If the assumption is wrong",
    "What was shown",
    "What it would have earned",
    "What to try next",
)
AFTER_THE_YEAR = "This table comes when the whole year is simulated."
BENDABLE = tuple(name for name in MEASURES if name not in ("ndcg", "plays"))
Tables = dict[str, Callable[[], pd.DataFrame]]


def section_choice() -> None:
    """Draw the choice of the section and, for the controls, of the curve."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = choose_part(SECTIONS, keys.SECTION)
        if chosen == SHOWN:
            log_choices()
        if chosen == EARNED:
            earned_choices()
        if chosen == TRY:
            trial_choices()
        if chosen == BEND:
            st.selectbox(
                "Curve to bend",
                BENDABLE,
                format_func=lambda name: MEASURES[name].label,
                key=keys.BEND,
                label_visibility="collapsed",
                width=230,
                **MOVES_LIVE,
            )


def draw_section(asked: Asked, year: Year | None) -> None:
    """Draw the chosen section."""
    SECTIONS[st.session_state.get(keys.SECTION) or END](asked, year)


def section_tables(asked: Asked) -> Tables:
    """Return what was asked for beside the year and is there."""
    tables: Tables = {}
    bent = cached_years.bends_job(asked.own, asked.config)
    if bent is not None and bent.has_result:
        tables["controls"] = lambda: pd.concat(
            [bend_frame(bent.result, name, asked.attribute) for name in BENDABLE],
            keys=BENDABLE,
            names=["measure"],
        ).reset_index(level=0)
    tried = cached_years.sensitivity_job(asked.own, asked.config)
    if tried is not None and tried.has_result:
        tables["assumptions"] = lambda: assumption_frame(tried.result, asked.attribute)
    if st.session_state.get(keys.SECTION) == SHOWN:
        tables |= log_tables(asked)
    if st.session_state.get(keys.SECTION) == EARNED:
        answer = earned_now(asked)
        if answer is not None:
            tables["earned"] = lambda: earned_frame(answer)
            tables["earned_by_group"] = lambda: earned_group_frame(answer)
    if st.session_state.get(keys.SECTION) == TRY:
        trial = trial_now(asked)
        if trial is not None:
            tables["bandits"] = lambda: trial_frame(trial)
    return tables


def _end(asked: Asked, year: Year | None) -> None:
    if year is None:
        st.caption(AFTER_THE_YEAR)
        return
    table(end_frame(year, asked.attribute), key="year_end", alt="At the end of the year")
    reading(
        "The interval of a difference is that of a paired test over repetitions (Student's t), "
        "corrected for all eight (Holm). Gini, coverage, tail and overlap have no better direction "
        "by themselves: lists drawn at random spread most.",
        "Means of the last fifth of the rounds",
    )


def _unseen(asked: Asked, year: Year | None) -> None:
    if year is None:
        st.caption(AFTER_THE_YEAR)
        return
    st.markdown(
        f"What is never shown cannot be liked: of the {N_LIKED} titles that each person prefers "
        f"most{'' if year.start.offers_again else ' and had not played before'}, this share stood "
        "in none of their lists all year."
    )
    table(unseen_frame(year, asked.attribute), key="year_unseen", alt="True likes never shown")
    reading(
        "The interval of a "
        f"difference is that of a paired test over {counted(asked.config.seeds, 'repetition')} "
        "(Student's t), corrected for all groups (Holm).",
        "Groups of 20 people or more; the range is that of the repetitions",
    )


def _bend(asked: Asked, year: Year | None) -> None:
    del year
    chosen = st.session_state.get(keys.BEND)
    measure = chosen if chosen in BENDABLE else BENDABLE[0]
    job = cached_years.bends_job(asked.own, asked.config)
    if _is_there(job, "Try each control alone", cached_years.bends_job, asked):
        found = bends(job.result, measure, asked.attribute)
        st.markdown(as_markdown(bend_words(found, measure)))
        table(bend_frame(job.result, measure, asked.attribute), key="bends", alt="Controls tried")
        reading(
            f"{MEASURES[measure].label}: {as_markdown(MEASURES[measure].words)}. Each control "
            "alone at a usual strength, and your setting, against the ranker's order on the same "
            "luck. Intervals are of paired tests over repetitions, corrected for all controls "
            "(Holm); in the column of what 1 % of NDCG buys, the lowest and highest of the "
            "repetitions. Strengths of different controls are not comparable: that column is. "
            "Picked for being the most, the first looks a little better than it is.",
            "Each control alone, and your setting, against the ranker's order",
        )


def _assumed(asked: Asked, year: Year | None) -> None:
    del year
    job = cached_years.sensitivity_job(asked.own, asked.config)
    if _is_there(job, "Try every assumption", cached_years.sensitivity_job, asked):
        frame = assumption_frame(job.result, asked.attribute)
        table(frame, key="assumptions", alt="Differences under each assumption")
        reading(
            "In brackets where it is no clear change over "
            f"{counted(asked.config.seeds, 'repetition')} (Student's t, corrected for all of a "
            "row). Where a sign turns from row to row, the answer hangs on the assumption.",
            "Difference from the baseline at the end of the year",
        )


def _shown(asked: Asked, year: Year | None) -> None:
    del year
    draw_log(asked)


def _earned(asked: Asked, year: Year | None) -> None:
    del year
    draw_earned(asked)


def _try(asked: Asked, year: Year | None) -> None:
    del year
    draw_trial(asked)


def _is_there(
    job: jobs.Job | None, words: str, work: Callable[..., object], asked: Asked
) -> TypeGuard[jobs.Job]:
    return jobs.is_there(job, f"{words} ▸", _begin, key="_ask_section", args=(work, asked))


def _begin(work: Callable[..., object], asked: Asked) -> None:
    work(asked.own, asked.config, begin=True)
    redraw_live()


SECTIONS: Mapping[str, Callable[[Asked, Year | None], None]] = {
    END: _end,
    BEND: _bend,
    UNSEEN: _unseen,
    ASSUMED: _assumed,
    SHOWN: _shown,
    EARNED: _earned,
    TRY: _try,
}
"""What can be looked into, in order: section → what draws it."""
