"""What to try next: bandits side by side, their regret, and what they showed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached_trials, jobs
from dashboard.charts.year_bands import Track, year_bands, year_bands_alt
from dashboard.controls import MOVES_LIVE
from dashboard.feedback import keys
from dashboard.feedback.choices import Asked
from dashboard.palette import BASELINE, CATEGORICAL
from dashboard.panels import chart, reading, table
from dashboard.plain_text import as_markdown
from engine.formats import SHARE, Style, number
from engine.metrics.statistics.evidence import student
from engine.metrics.statistics.policy import POLICY
from engine.online.bandits.arms import ARM_KINDS
from engine.online.bandits.policies import BY_PERSON, HANDED_DOWN
from engine.online.bandits.trial import WARM_VISITS, Trial, TrialConfig

__all__ = ["draw_trial", "trial_choices", "trial_frame", "trial_now"]

FLOORS = (0.0, 0.01, 0.02, 0.05)
LIFTS = (0.0, 0.2, 0.5, 1.0)
STEPS, RUNS = 5000, 10
DRAWN = (
    "Even",
    "ε-greedy",
    "UCB1",
    "Thompson (Beta)",
    "LinUCB",
    "Logistic Thompson",
    HANDED_DOWN,
    BY_PERSON,
)
WHOLE = Style(1)


def trial_choices() -> None:
    """Draw what belongs to this section alone."""
    st.selectbox(
        "Arms",
        ARM_KINDS,
        format_func=str.capitalize,
        key=keys.ARMS,
        label_visibility="collapsed",
        width=130,
        help="What a policy chooses between: the best candidate of a genre, one of the most "
        "frequent titles, the title that an explanation fits best, or the first title of a whole "
        "setting.",
        **MOVES_LIVE,
    )
    st.selectbox(
        "Floor",
        FLOORS,
        format_func=lambda value: f"Floor {100 * value:g} %",
        key=keys.FLOOR,
        label_visibility="collapsed",
        width=130,
        help="Least chance of every arm at every visit, so that none is lost from sight.",
        **MOVES_LIVE,
    )

    st.selectbox(
        "New releases",
        LIFTS,
        format_func=lambda value: f"New releases count {1 + value:g}",
        key=keys.NEW_LIFT,
        label_visibility="collapsed",
        width=200,
        help="A business rule in the reward: a play of a title of the last year counts as so many "
        "plays of another. Regret then counts such plays, as a share of the most that one counts.",
        **MOVES_LIVE,
    )


def _job(asked: Asked) -> jobs.Job:
    state = st.session_state
    config = TrialConfig(steps=STEPS, runs=RUNS, floor=state.get(keys.FLOOR) or 0.0)
    kind = state.get(keys.ARMS)
    assumption = asked.config.assumption
    assert assumption is not None
    chosen = kind if kind in ARM_KINDS else ARM_KINDS[0]
    lift = state.get(keys.NEW_LIFT) or 0.0
    return cached_trials.trial_job(asked.own.scenario, assumption, chosen, config, lift)


def trial_now(asked: Asked) -> Trial | None:
    """Return the trial where it is there."""
    job = _job(asked)
    return job.result if job.has_result else None


def draw_trial(asked: Asked) -> None:
    """Draw the trial, or how far it is, or why there is none."""
    job = _job(asked)
    if jobs.has_ended_well(job):
        _draw(job.result)


def _draw(trial: Trial) -> None:
    st.markdown(as_markdown(_finding(trial)))
    tracks = [
        Track(
            name,
            trial.regret[name],
            BASELINE if name == "Even" else CATEGORICAL[at - 1],
            is_dashed=name == "Even",
            at=trial.at,
        )
        for at, name in enumerate(DRAWN)
    ]
    title = "Regret: plays lost against everybody's own best arm"
    figure = year_bands(title, tracks, style=WHOLE, x_title="visit", height=360, has_legend=True)
    alt = year_bands_alt(title, tracks, WHOLE)
    chart(figure, key="regret", alt=alt, question="Which policy learns at the least cost?")
    frame = trial_frame(trial)
    table(
        frame,
        key="bandits",
        alt="Policies side by side",
        columns={"policy": st.column_config.TextColumn("Policy", width="medium")},
        rows_shown=len(frame),
    )
    reading(
        "One visitor at a time, drawn evenly; the arm's title stands at the first place and is "
        "played with the preference that this world has for it. All policies meet the same "
        f"visitors and the same luck; band = lowest to highest of {RUNS} repetitions. "
        f"“{HANDED_DOWN}” begins with {WARM_VISITS:,} evenly logged visits before the first; a "
        "newcomer's prior is that of their groups, as strong as groups are alike. "
        f"“{BY_PERSON}” goes one step down: a posterior for each person, who starts from their "
        "group's. LinUCB and "
        "logistic Thompson read taste and groups; policies that do not cannot pass the best single "
        "arm. An explanation is tried with the title that it fits best: in this world the words "
        "themselves change nothing."
        f"{_lifted(trial)}",
        f"Band = lowest to highest of {RUNS} repetitions; everything else",
    )


def _lifted(trial: Trial) -> str:
    if trial.table.worth is None:
        return ""
    most = 1 / float(trial.table.worth.min())
    return (
        f" A play of a title of the last year counts as {most:g}; plays lost are counted so, as "
        f"shares of {most:g}."
    )


def _finding(trial: Trial) -> str:
    last = {name: values[:, -1] for name, values in trial.regret.items()}
    best = min(last, key=lambda name: float(last[name].mean()))
    even = last["Even"]
    saved = even - last[best]
    error = float(saved.std(ddof=1) / np.sqrt(len(saved)))
    low, high = student(float(saved.mean()), error, len(saved) - 1)[1](1 - POLICY.confidence)
    return (
        f"Least was lost by {best}: {last[best].mean():,.0f} plays in {trial.config.steps:,} "
        f"visits, {saved.mean():,.0f} fewer than by showing any of the {len(trial.table.labels)} "
        f"arms alike ({low:,.0f} to {high:,.0f}, 95 % interval over {len(saved)} repetitions; "
        "picked for being the best, it looks a little better than it is)."
    )


def trial_frame(trial: Trial) -> pd.DataFrame:
    """Return each policy's regret with its range, and what it showed most and least."""
    rows = []
    for name, values in trial.regret.items():
        shares = trial.shares[name].mean(axis=0)
        most, least = int(shares.argmax()), int(shares.argmin())
        last = values[:, -1]
        rows.append(
            {
                "policy": name,
                "regret": number(float(last.mean()), WHOLE),
                "repetitions": f"{number(float(last.min()), WHOLE)} to "
                f"{number(float(last.max()), WHOLE)}",
                "of it given away by the floor": number(
                    float(trial.guard_cost[name].mean()), WHOLE
                ),
                "plays lost a visit, at the end": number(_rate(trial, values), Style(3)),
                "shown most": f"{trial.table.labels[most]}, {number(float(shares[most]), SHARE)}",
                "shown least": f"{trial.table.labels[least]}, "
                f"{number(float(shares[least]), SHARE)}",
                "n, visits": trial.config.steps,
                "n, repetitions": trial.config.runs,
            }
        )
    rows.append(
        {
            "policy": "the best single arm for everybody, known from the start",
            "regret": number(trial.fixed * trial.config.steps, WHOLE),
            "plays lost a visit, at the end": number(trial.fixed, Style(3)),
            "n, visits": trial.config.steps,
        }
    )
    return pd.DataFrame(rows)


def _rate(trial: Trial, values: np.ndarray) -> float:
    """Plays lost a visit over the last tenth."""
    start = int(0.9 * len(trial.at))
    span = float(trial.at[-1] - trial.at[start])
    return float((values[:, -1] - values[:, start]).mean()) / span if span else float("nan")
