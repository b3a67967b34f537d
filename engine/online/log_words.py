"""A log in lines: its checks, its rates by policy, place and group, and attention."""

from __future__ import annotations

from engine.artifacts import Artifacts
from engine.formats import interval, number
from engine.online.attention import Attention, estimate_attention
from engine.online.log import Log
from engine.online.log_report import log_checks, log_words
from engine.online.rates import MEASURED, Rate, rates

__all__ = ["attention_lines", "check_lines", "log_lines"]

MARKS = {True: "yes", False: "NO", None: "cannot tell"}


def log_lines(log: Log, artifacts: Artifacts, by: str) -> list[str]:
    """Say everything that a log says by itself.

    Parameters
    ----------
    log : Log
    artifacts : Artifacts
    by : str
        Attribute of the groups.
    """
    shown = [one for one in rates(log, artifacts) if one.by in ("all", "place", by)]
    return [
        log_words(log),
        *check_lines(log, artifacts.n_items),
        "Rates of places shown (95 % intervals over people):",
        *map(_line, shown),
        *attention_lines(estimate_attention(log)),
    ]


def check_lines(log: Log, n_items: int) -> list[str]:
    """Say a line for each thing that must be true of a log."""
    checks = log_checks(log, n_items)
    return [f"  {one.what}: {MARKS[one.is_right]} ({one.words})" for one in checks]


def _line(one: Rate) -> str:
    style = MEASURED[one.measure].style
    part = "" if one.by == "all" else f", {one.by} {one.part}"
    return (
        f"  {MEASURED[one.measure].label}, {one.policy}{part}: {number(one.value, style)} "
        f"({interval(one.low, one.high, style)}), n = {one.n:,} places, {one.n_people:,} people"
    )


def attention_lines(found: Attention) -> list[str]:
    """Say attention place by place, or why it cannot be said."""
    if found.refusal:
        return [f"Attention cannot be taken from this log: {found.refusal}"]
    ends = zip(found.value, found.low, found.high, strict=True)
    each = [f"{number(value)} ({interval(low, high)})" for value, low, high in ends]
    return [f"Attention by place, relative to the top, {found.words}: {', '.join(each)}."]
