"""Tables of the simulated year: on the page and to take along."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.formats import PLAIN, Style, change, interval, number
from engine.metrics.statistics.verdict import Verdict
from engine.simulate.bending import Bend, bends
from engine.simulate.choice_models import CHOICE_MODELS
from engine.simulate.fork import partings, unseen_by_group
from engine.simulate.measures import MEASURES
from engine.simulate.sensitivity import Assumed, partings_assumed
from engine.simulate.world import ASSUMPTIONS
from engine.simulate.year import Year
from engine.simulate.year_words import change_words

__all__ = ["assumption_frame", "bend_frame", "end_frame", "round_frame", "unseen_frame"]


def end_frame(year: Year, attribute: str) -> pd.DataFrame:
    """Return each measure at the end of the year: baseline, setting, difference, verdict."""
    rows = []
    for one in partings(year, 1, attribute):
        measure = MEASURES[one.measure]
        rows.append(
            {
                "measure": measure.label,
                "baseline": number(one.before, measure.style),
                "your setting": number(one.after, measure.style),
                "difference": change_words(one),
                "repetitions": one.n,
                "what it is": measure.words,
            }
        )
    return pd.DataFrame(rows)


def round_frame(year: Year, attribute: str) -> pd.DataFrame:
    """Return every round of every repetition, one row each, in numbers."""
    n_arms, n_seeds, n_rounds = year.values["ndcg"].shape
    arm, seed, at = np.indices((n_arms, n_seeds, n_rounds))
    columns = {
        "setting": np.array([one.label for one in year.arms], object)[arm.ravel()],
        "repetition": seed.ravel() + 1,
        "round": at.ravel() + 1,
    }
    for name in MEASURES:
        columns[name] = year.of(name, attribute).ravel()
    return pd.DataFrame(columns)


def unseen_frame(year: Year, attribute: str) -> pd.DataFrame:
    """Return the true likes of each group that a whole year never showed."""
    style = MEASURES["unseen"].style
    rows = []
    for one in unseen_by_group(year, attribute):
        row: dict[str, object] = {"group": one.label, "n, people": one.n}
        for at, name in enumerate(("baseline", "your setting")):
            row[name] = number(one.shares[at], style)
            row[f"{name}, repetitions"] = (
                f"{number(one.lows[at], style)} to {number(one.highs[at], style)}"
            )
        row["difference"] = _judged(one.change, style)
        rows.append(row)
    return pd.DataFrame(rows)


def bend_frame(year: Year, measure: str, attribute: str) -> pd.DataFrame:
    """Return what each control does to a measure, and what it costs, the cheapest first."""
    style = MEASURES[measure].style
    return pd.DataFrame(
        [
            {
                "control": one.label,
                f"{MEASURES[measure].label}, change": _judged(one.change, style),
                "NDCG over the year, change": _judged(one.cost, PLAIN),
                "change for each 1 % of NDCG lost": _rate(one, measure),
                "n, repetitions": one.n,
            }
            for one in bends(year, measure, attribute)
        ]
    )


def _judged(verdict: Verdict, style: Style) -> str:
    ends = None if np.isnan(verdict.low) else (verdict.low, verdict.high)
    return f"{change(verdict.value, verdict.before, style, ends)}, {verdict}"


def _rate(one: Bend, measure: str) -> str:
    if np.isnan(one.rate):
        return "does not clearly bend it"
    if np.isinf(one.rate):
        return "no clear loss of NDCG"
    style = MEASURES[measure].style
    return f"{number(one.rate, style)} ({interval(one.lowest, one.highest, style)})".replace(
        " %", " pts"
    )


def assumption_frame(found: tuple[Assumed, ...], attribute: str) -> pd.DataFrame:
    """Return the difference of each measure under each assumption."""
    rows = []
    for case, parted in partings_assumed(found, attribute):
        row: dict[str, object] = {
            "preferences": ASSUMPTIONS[case.assumption].label,
            "attention": CHOICE_MODELS[case.attention].label,
        }
        for one in parted:
            value = change(one.verdict.value, one.before, MEASURES[one.measure].style)
            row[MEASURES[one.measure].label] = value if one.verdict.is_clear else f"({value})"
        rows.append(row)
    return pd.DataFrame(rows)
