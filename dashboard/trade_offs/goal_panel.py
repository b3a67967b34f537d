"""Goal-seek: most of one figure under limits, searched as a job, with its answer in words."""

from __future__ import annotations

import streamlit as st

from dashboard import cached_sweeps
from dashboard.boundary import callback
from dashboard.cached_sweeps import Goal
from dashboard.controls import IN_LINK
from dashboard.glossary_link import with_glossary
from dashboard.limit_inputs import LIMIT_HELP, NOBODY, LimitKeys, limits_of, percent_input
from dashboard.plain_text import as_markdown, as_message
from dashboard.presets import in_words
from dashboard.trade_offs import keys
from dashboard.trade_offs.choices import aim_options, chosen_controls
from dashboard.trade_offs.map_panel import take
from dashboard.tray import progress
from engine.analysis.aims import Aim
from engine.analysis.answer import answer_lines
from engine.analysis.goal import Offer, Solution
from engine.artifacts import Artifacts
from engine.scenario import Scenario

__all__ = ["draw_answer", "goal_choices", "goal_of"]

LIMITS = LimitKeys(keys.LOSS, keys.EVERY, keys.EVERY_LOSS, keys.TOP_ITEM, keys.MORE, keys.TAIL)
CONFIRM_ON = {"half": "people not searched on", "everyone": "everyone"}


def goal_choices(artifacts: Artifacts) -> None:
    """Draw what is sought and its limits; an empty limit is none."""
    options = aim_options(artifacts)
    st.selectbox(
        "Most of",
        options,
        index=options.index("ild"),
        format_func=lambda text: Aim.parse(text).words,
        key=keys.MOST,
        help="A figure that is better low is sought low.",
        **IN_LINK,
    )
    loss, tail, top = st.columns(3, gap="small", vertical_alignment="bottom")
    percent_input(loss, "NDCG lost, at most %", keys.LOSS, 1.0, IN_LINK)
    percent_input(tail, "Long tail, at least %", keys.TAIL, None, IN_LINK)
    percent_input(top, "One item's lists, at most %", keys.TOP_ITEM, None, IN_LINK)
    by, most = st.columns([2, 1], gap="small", vertical_alignment="bottom")
    by.selectbox(
        "NDCG lost by no group of",
        [NOBODY, *artifacts.attributes],
        key=keys.EVERY,
        help="Every group of the attribute that is large enough, each with its own test.",
        **IN_LINK,
    )
    percent_input(most, "more than %", keys.EVERY_LOSS, 2.0, IN_LINK)
    st.text_input(
        "Another limit",
        key=keys.MORE,
        placeholder="recall loss <= 3%",
        help=LIMIT_HELP,
        **IN_LINK,
    )
    st.segmented_control(
        "Confirmed on",
        list(CONFIRM_ON),
        default="half",
        required=True,
        format_func=CONFIRM_ON.get,  # type: ignore[arg-type]
        key=keys.CONFIRM,
        help=with_glossary(
            "The setting that looks best on the people it was searched on looks better than it "
            "is. Confirmed on the other half, that cannot be; on everyone the intervals are "
            "narrower, but the searched half is part of them."
        ),
        **IN_LINK,
    )


def goal_of() -> Goal:
    """Return the goal that the widgets ask for."""
    state = st.session_state
    return Goal(
        aim=state.get(keys.MOST) or "ild",
        limits=limits_of(LIMITS),
        controls=chosen_controls(),
        confirm=state.get(keys.CONFIRM) or "half",
    )


def draw_answer(scenario: Scenario) -> None:
    """Draw the button, the progress or the answer of the goal asked for."""
    goal = goal_of()
    job = cached_sweeps.goal_job(scenario, goal)
    if job is None or job.error:
        st.button(
            f"Find the most {Aim.parse(goal.aim).words} ▸",
            key="_find",
            type="primary",
            on_click=_begin,
            args=(scenario, goal),
        )
        if job and job.error:
            st.warning(as_message(job.error), icon=":material/info:")
        return
    if not job.is_done:
        progress(job)
        return
    _draw_solution(job.result)
    for sentence in cached_sweeps.idle(scenario, goal.controls):
        st.caption(f":material/block: {as_markdown(sentence)}")


@callback
def _begin(scenario: Scenario, goal: Goal) -> None:
    cached_sweeps.goal_job(scenario, goal, begin=True)


def _draw_solution(found: Solution) -> None:
    for offer, key, words in (
        (found.shown, "_take_shown", "Take what is shown to hold"),
        (found.estimated, "_take_estimated", "Take the estimate"),
    ):
        if offer:
            _draw_offer(offer, key, words)
    first, *rest = answer_lines(found)
    for line in rest:
        if line.strip():
            st.markdown(("- " if line.startswith("  ") else "") + as_markdown(line.strip()))
    st.caption(as_markdown(first))


def _draw_offer(offer: Offer, key: str, words: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(words, key=key, on_click=take, args=(offer.scenario,))
        st.markdown(as_markdown(in_words(offer.scenario)), width="content")
