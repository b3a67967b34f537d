"""What a log says, in words and as JSON: the same on the page and in the terminal."""

from __future__ import annotations

from math import isfinite
from typing import Any

from engine.data.wording import counted
from engine.formats import MISSING, Style, change, confidence, interval, number
from engine.metrics.statistics.verdict import Verdict
from engine.online.answers import Answer, Earned
from engine.online.estimators import DIRECT, DIRECT_CAVEAT, REPLAY

__all__ = ["TWO_KINDS", "answer_lines", "answer_to_json", "verdict_words"]

STYLE = Style(4)
TWO_KINDS = (
    "from what was logged, which hold the setting and how sharply it is drawn; and beside the "
    "baseline drawn as sharply (the same temperature), which hold the setting alone"
)


def verdict_words(verdict: Verdict) -> str:
    """Say a difference with its interval, or why there is none."""
    if not isfinite(verdict.low):
        return f"{verdict.word}{': ' + verdict.reason if verdict.reason else ''}"
    moved = change(verdict.value, verdict.before, STYLE, (verdict.low, verdict.high))
    return f"{moved}, {confidence(verdict.confidence)} interval, {verdict.word}"


def answer_lines(answer: Answer) -> list[str]:
    """Say everything, support first."""
    lines = [
        f"{counted(answer.n_visits, 'list')} of {counted(answer.n_people, 'person')}. First place: "
        f"{answer.support.words}"
    ]
    if answer.support.refusal:
        return [*lines, answer.support.refusal]
    lines.append(f"Differences: {TWO_KINDS}.")
    lines.append(f"First place, plays: {number(answer.logged, STYLE)} logged.")
    lines += [_line(one, answer.truth) for one in answer.first]
    if answer.lists:
        lines.append(f"Whole lists: {answer.slate_support.words}")
        if answer.slate_support.refusal:
            lines.append(f"Of whole lists as such: {answer.slate_support.refusal}")
        lines.append(f"Whole list, plays: {number(answer.logged_list, STYLE)} logged.")
        lines += [_line(one, answer.truth_list) for one in answer.lists]
    for group in answer.groups:
        lines.append(
            f"  {group.label} (n = {group.n_people:,} people): {number(group.logged, STYLE)} → "
            f"{number(group.value, STYLE)}, {verdict_words(group.change)}; beside the baseline "
            f"{verdict_words(group.beside)}"
        )
    return lines


def _line(one: Earned, truth: float) -> str:
    if not isfinite(one.value):
        return f"  {one.name}: {MISSING} ({verdict_words(one.change)})"
    said = (
        f"  {one.name}: {number(one.value, STYLE)} "
        f"({interval(one.low, one.high, STYLE)}, 95 % interval); {verdict_words(one.change)}; "
        f"beside the baseline {verdict_words(one.beside)}"
    )
    if one.name == REPLAY:
        return f"{said}; of the ranking itself, and right only where the log was drawn evenly"
    said += f"; {DIRECT_CAVEAT}" if one.name == DIRECT else ""
    return said + (f"; truth {number(truth, STYLE)}" if isfinite(truth) else "")


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """Return everything, ready for JSON; undefined is null."""
    return {
        "n_visits": answer.n_visits,
        "n_people": answer.n_people,
        "support": _support(answer.support),
        "support_of_lists": _support(answer.slate_support),
        "logged": {"first": _plain(answer.logged), "list": _plain(answer.logged_list)},
        "truth": {"first": _plain(answer.truth), "list": _plain(answer.truth_list)},
        "first": [_earned(one) for one in answer.first],
        "lists": [_earned(one) for one in answer.lists],
        "groups": [
            {
                "group": one.label,
                "n_people": one.n_people,
                "n": one.n,
                "logged": _plain(one.logged),
                "value": _plain(one.value),
                **_verdict(one.change),
                "beside_the_baseline": _verdict(one.beside),
            }
            for one in answer.groups
        ],
    }


def _support(support: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in vars(support).items()} | {
        "refusal": support.refusal
    }


def _earned(one: Earned) -> dict[str, Any]:
    return {
        "estimator": one.name,
        "value": _plain(one.value),
        "low": _plain(one.low),
        "high": _plain(one.high),
        **_verdict(one.change),
        "beside_the_baseline": _verdict(one.beside),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "difference": _plain(verdict.value),
        "difference_low": _plain(verdict.low),
        "difference_high": _plain(verdict.high),
        "confidence": _plain(verdict.confidence),
        "verdict": str(verdict.word),
    }


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value
