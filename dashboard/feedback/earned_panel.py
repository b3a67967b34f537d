"""What the setting would have earned: support first, estimators side by side, groups."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from dashboard import cached_earnings, cached_logs, jobs
from dashboard.cached_engine import artifacts
from dashboard.charts.estimate_dots import Dot, estimate_dots, estimate_dots_alt
from dashboard.controls import MOVES_LIVE
from dashboard.feedback import keys
from dashboard.feedback.choices import Asked
from dashboard.glossary_link import with_glossary
from dashboard.panels import chart, reading, table
from dashboard.plain_text import as_markdown
from engine.formats import Style, interval, number
from engine.online.answer_words import TWO_KINDS, verdict_words
from engine.online.answers import SHOWN_BY_GROUP, Answer, Earned
from engine.online.estimators import DIRECT_CAVEAT, REPLAY
from engine.online.experiment import DesignConfig

__all__ = ["draw_earned", "earned_choices", "earned_frame", "earned_group_frame", "earned_now"]

STYLE = Style(4)
SIMULATED, KEPT = "A simulated log", "The log of these data"
TEMPERATURES = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0)


def earned_choices() -> None:
    """Draw what belongs to this section alone."""
    st.selectbox(
        "Temperature",
        TEMPERATURES,
        index=TEMPERATURES.index(0.5),
        format_func=lambda value: f"Temperature {value:g}",
        key=keys.TEMPERATURE,
        label_visibility="collapsed",
        width=170,
        help="How sharply the setting's policy keeps to its ranking: a title at rank r is drawn in "
        "proportion to r to the power −1 / temperature.",
        **MOVES_LIVE,
    )

    if cached_logs.has_log():
        st.selectbox(
            "Log",
            (SIMULATED, KEPT),
            index=int(artifacts().manifest["provenance"] != "simulated"),
            key=keys.LOG_OF,
            label_visibility="collapsed",
            width=210,
            help=with_glossary(
                "Whether a log of the baseline's lists is simulated, with the truth where it is "
                "known, or the log is asked that these data came with."
            ),
            **MOVES_LIVE,
        )


def _asks_kept() -> bool:
    return st.session_state.get(keys.LOG_OF) == KEPT and cached_logs.has_log()


def _temperature() -> float:
    return st.session_state.get(keys.TEMPERATURE) or 0.5


def _job(asked: Asked) -> jobs.Job:
    if _asks_kept():
        return cached_logs.logged_job(asked.own.scenario, _temperature(), asked.attribute)
    config = DesignConfig(temperature=_temperature(), attention=asked.config.attention)
    assumption = asked.config.assumption
    assert assumption is not None
    return cached_earnings.earned_job(asked.own.scenario, assumption, config, asked.attribute)


def earned_now(asked: Asked) -> Answer | None:
    """Return the answer where it is there."""
    job = _job(asked)
    if not job.has_result:
        return None
    return job.result[0] if _asks_kept() else job.result


def draw_earned(asked: Asked) -> None:
    """Draw the answer, or how far it is, or why there is none."""
    job = _job(asked)
    if not jobs.has_ended_well(job):
        return
    if _asks_kept():
        answer, notes = job.result
        st.markdown(
            "What would this setting have earned, going by the log of what these data say was "
            f"shown? {as_markdown(' '.join(notes))}"
        )
    else:
        answer = job.result
        st.markdown(_simulated_words(answer))
    _draw(answer, asked)


def _simulated_words(answer: Answer) -> str:
    config = DesignConfig()
    return (
        "What would this setting have earned, going by a log of **another** policy? A simulated "
        f"log: {answer.n_visits:,} lists of {config.places} titles, drawn from the {config.pool} "
        "that the baseline or your setting puts first, by the baseline's ranks (temperature "
        f"{config.logging_temperature:g}), with the chance of each known. Exploration places are "
        "not part of it."
    )


def _draw(answer: Answer, asked: Asked) -> None:
    st.markdown(f"**Support first.** {as_markdown(answer.support.words)}")
    if answer.support.refusal:
        st.warning(as_markdown(answer.support.refusal), icon=":material/block:")
        return
    st.markdown(as_markdown(_finding(answer)))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _draw_dots(
            "earned_first", "Plays at the first place", answer.first, answer.logged, answer.truth
        )
    with right:
        _draw_lists(answer)
    frame = earned_frame(answer)
    table(
        frame,
        key="earned_table",
        alt="Estimators side by side",
        columns={"estimator": st.column_config.TextColumn("Estimator", width=170)},
        rows_shown=len(frame),
    )
    if answer.groups:
        table(earned_group_frame(answer), key="earned_groups", alt="The answer by group")
    reading(
        f"Intervals are over {'people' if _asks_kept() else 'visits, each of a person drawn'}"
        f"{'' if _asks_kept() else ' evenly from all'}; differences are corrected for all of "
        f"their kind in their table (Holm). They are taken {TWO_KINDS}. Groups by "
        f"{SHOWN_BY_GROUP}. Replay answers for the ranking itself and is right only "
        f"where the log was drawn evenly; {DIRECT_CAVEAT}.",
        f"Intervals at 95 %. {_truth(answer, asked)}",
    )


def _finding(answer: Answer) -> str:
    """Say what the setting alone does, by the estimator that groups are answered with."""
    one = next(one for one in answer.first if one.name == SHOWN_BY_GROUP)
    return (
        f"At the first place, beside the baseline drawn as sharply: {verdict_words(one.beside)} "
        f"({SHOWN_BY_GROUP}, n = {answer.n_visits:,} lists)."
    )


def _draw_lists(answer: Answer) -> None:
    if not answer.lists:
        st.caption("Whole lists: the log is asked for the first place alone.")
        return
    _draw_dots(
        "earned_lists",
        "Plays on the whole list",
        answer.lists,
        answer.logged_list,
        answer.truth_list,
    )
    if answer.slate_support.refusal:
        st.caption(as_markdown(f"Whole lists: {answer.slate_support.refusal}"))


def _truth(answer: Answer, asked: Asked) -> str:
    if _asks_kept():
        return "What people did is in the log; the truth of what they would have done is not known."
    if math.isfinite(answer.truth):
        independent = (
            " With the cascade, a place's reward depends on what stands above: the independent "
            "estimator's assumption is broken."
            if asked.config.attention == "cascade"
            else ""
        )
        return f"The truth is known, for the service is simulated.{independent}"
    return "Preferences are assumed here, so this shows the method, not what people would do."


def _draw_dots(
    key: str, title: str, found: tuple[Earned, ...], logged: float, truth: float
) -> None:
    dots = [
        Dot(one.name, one.value, one.low, one.high) for one in found if math.isfinite(one.value)
    ]
    figure = estimate_dots(title, dots, logged=logged, truth=truth, x_title="plays a list")
    alt = estimate_dots_alt(title, dots, logged, truth)
    chart(figure, key=key, alt=alt, question="Would it have earned more?")


def earned_frame(answer: Answer) -> pd.DataFrame:
    """Return every estimate with its interval, its difference, and the truth where it is known."""
    rows = []
    for what, found, logged, truth in (
        ("first place", answer.first, answer.logged, answer.truth),
        ("whole list", answer.lists, answer.logged_list, answer.truth_list),
    ):
        for one in found:
            rows.append(
                {
                    "plays": what,
                    "estimator": one.name,
                    "value": number(one.value, STYLE),
                    "95 % interval": interval(one.low, one.high, STYLE),
                    "logged": number(logged, STYLE),
                    "beside the baseline, as sharp": verdict_words(one.beside),
                    "from what was logged": verdict_words(one.change),
                    "truth": number(truth if one.name != REPLAY else math.nan, STYLE),
                    "n, lists": answer.n_visits,
                    "n, people": answer.n_people,
                }
            )
    return pd.DataFrame(rows)


def earned_group_frame(answer: Answer) -> pd.DataFrame:
    """Return the answer of each group."""
    return pd.DataFrame(
        [
            {
                "group": one.label,
                "n, people": one.n_people,
                "n, lists": one.n,
                "logged": number(one.logged, STYLE),
                f"{SHOWN_BY_GROUP} estimate": number(one.value, STYLE),
                "beside the baseline, as sharp": verdict_words(one.beside),
                "from what was logged": verdict_words(one.change),
            }
            for one in answer.groups
        ]
    )
