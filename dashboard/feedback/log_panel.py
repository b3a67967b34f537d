"""What was shown: the log's checks, rates by policy, group and place, and attention."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached_logs, jobs
from dashboard.charts.estimate_dots import Dot, estimate_dots, estimate_dots_alt
from dashboard.controls import MOVES_LIVE
from dashboard.feedback import keys
from dashboard.feedback.choices import Asked
from dashboard.glossary_link import with_glossary
from dashboard.panels import chart, reading, table
from dashboard.plain_text import as_markdown, as_message
from engine.formats import PLAIN, interval, number
from engine.online.attention import Attention
from engine.online.rates import MEASURED, rate_frame
from engine.simulate.choice_models import CHOICE_MODELS, POSITION

__all__ = ["attention_frame", "draw_log", "log_choices", "log_tables"]

PLACE, GROUP, ALL = "place", "group", "policy"
BY = (PLACE, GROUP, ALL)
NO_LOG = (
    "These data have no log of what was shown. One is kept where `interactions` has rows whose "
    "`event` is `impression`, with `position` and `propensity` (and `policy`, `slate`, `seconds` "
    "where known); fit the data again with it."
)


def log_choices() -> None:
    """Draw what belongs to this section alone."""
    if not cached_logs.has_log():
        return
    st.selectbox(
        "Rate",
        list(MEASURED),
        format_func=lambda name: MEASURED[name].label,
        key=keys.RATE,
        label_visibility="collapsed",
        width=150,
        help=with_glossary("\n".join(f"- {one.label}: {one.words}" for one in MEASURED.values())),
        **MOVES_LIVE,
    )
    st.selectbox(
        "By",
        BY,
        format_func=lambda name: f"by {name}",
        key=keys.RATE_BY,
        label_visibility="collapsed",
        width=120,
        **MOVES_LIVE,
    )


def draw_log(asked: Asked) -> None:
    """Draw what the log says, or how far reading it is, or that there is none."""
    if not cached_logs.has_log():
        st.info(as_message(NO_LOG), icon=":material/info:")
        return
    job = cached_logs.log_job()
    if jobs.has_ended_well(job):
        _draw(job.result, asked)


def _asked_of(asked: Asked) -> tuple[str, str]:
    measure, by = (st.session_state.get(key) for key in (keys.RATE, keys.RATE_BY))
    measure = measure if measure in MEASURED else next(iter(MEASURED))
    return measure, {GROUP: asked.attribute, ALL: "all"}.get(str(by), PLACE)


def _draw(said: cached_logs.LogSaid, asked: Asked) -> None:
    st.markdown(as_markdown(" ".join((said.words, *said.notes))))
    measure, by = _asked_of(asked)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _draw_rates(said, measure, by)
    with right:
        _draw_attention(said.attention)
    table(
        said.checks,
        key="log_checks",
        alt="Whether the log can be used",
        columns={
            "": st.column_config.TextColumn("", width=40),
            "what": st.column_config.TextColumn("What", width="medium"),
            "found": st.column_config.TextColumn("Found", width="large"),
        },
    )
    reading(
        "Intervals at 95 % over people; groups of 20 people or more. Attention is relative to the "
        "top, with a jackknife over people; it can be chosen above, beside the assumed ones.",
        "✓ as it must be, ✗ not, ? the log cannot tell",
    )


def _draw_rates(said: cached_logs.LogSaid, measure: str, by: str) -> None:
    label, style = MEASURED[measure].label, MEASURED[measure].style
    own = [one for one in said.rates if one.measure == measure and one.by == by]
    if not own:
        st.info(as_markdown(f"{label}: the log does not say."), icon=":material/info:")
        return
    policies = dict.fromkeys(one.policy for one in own)
    dots = [
        Dot(one.part if len(policies) == 1 else f"{one.policy}, {one.part}", *_ends(one))
        for one in own
        if np.isfinite(one.low)
    ]
    whole = [one.value for one in said.rates if one.measure == measure and one.by == "all"]
    logged = whole[0] if len(policies) == 1 else np.nan
    title = f"{label} by {'policy' if by == 'all' else by}"
    x_title = "share of places shown" if style.as_percent else "seconds a place shown"
    figure = estimate_dots(title, dots, logged=logged, truth=np.nan, x_title=x_title, style=style)
    alt = estimate_dots_alt(title, dots, logged, np.nan, style)
    chart(figure, key="log_rates", alt=alt, question="Is any part far from the rest?")
    frame = rate_frame(said.rates, measure, by)
    table(frame, key="log_rate_table", alt=title, rows_shown=min(len(frame), 8))


def _ends(one: Any) -> tuple[float, float, float]:
    return one.value, one.low, one.high


def _draw_attention(found: Attention) -> None:
    if found.refusal:
        st.info(
            as_markdown(f"Attention cannot be taken from this log: {found.refusal}"),
            icon=":material/block:",
        )
        return
    dots = [
        Dot(f"place {at + 1}", *ends)
        for at, ends in enumerate(zip(found.value, found.low, found.high, strict=True))
    ]
    title = "Attention, relative to the top"
    figure = estimate_dots(title, dots, logged=np.nan, truth=np.nan, x_title="chance to be noticed")
    alt = estimate_dots_alt(title, dots, np.nan, np.nan)
    chart(figure, key="log_attention", alt=alt, question="How far down do people look?")
    st.caption(as_markdown(f"Estimated {found.words}."))


def attention_frame(found: Attention) -> pd.DataFrame:
    """Return attention of each place, beside the assumed one."""
    assumed = CHOICE_MODELS[POSITION].attention(len(found.value))
    return pd.DataFrame(
        {
            "place": np.arange(1, len(found.value) + 1),
            "attention": [number(one, PLAIN) for one in found.value],
            "95 % interval": [
                interval(*ends, PLAIN) for ends in zip(found.low, found.high, strict=True)
            ],
            "assumed": [number(one, PLAIN) for one in assumed],
            "n, views": found.n,
        }
    )


def log_tables(asked: Asked) -> dict[str, Any]:
    """Return what was read of the log, to take along."""
    said = cached_logs.log_said_now()
    if said is None:
        return {}
    measure, by = _asked_of(asked)
    return {
        "log_checks": lambda: said.checks,
        "log_rates": lambda: rate_frame(said.rates, measure, by),
        "attention": lambda: attention_frame(said.attention),
    }
