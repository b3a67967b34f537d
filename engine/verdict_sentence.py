"""What a setting does in one sentence: what moves, what it costs, whom, and how many lists."""

from __future__ import annotations

from math import floor, inf

import numpy as np

from engine.data.wording import counted
from engine.evaluation import Evaluation
from engine.formats import change, change_style, interval, of_baseline, style_of
from engine.headline import GROUP_METRIC, Headline
from engine.metrics.figures import Figure
from engine.metrics.registry import METRICS
from engine.metrics.statistics.verdict import Verdict, Word

__all__ = ["lists_changed", "verdict_sentence"]

MOST_NAMED = 2
"""Metrics beside accuracy: what fits one line; losses first, then what is surest."""


def verdict_sentence(found: Evaluation, headline: Headline) -> str:
    """Say what the setting does against its baseline; every figure has its corrected interval.

    A change is in per cent of the baseline; the cards under it have the same in points.
    """
    changed = lists_changed(found)
    figures = headline.figures
    if changed == 0 and all(one.verdict is Word.AS_BEFORE for one in figures.values()):
        return "Nothing yet: these are the baseline's lists. Move a slider, or open a preset."
    clear = [one for name, one in figures.items() if one.verdict.is_clear and name != GROUP_METRIC]
    clear.sort(key=lambda one: (one.verdict.tone != "bad", -_sureness(one)))
    named = [f"{_name(one)} {_moved(one)}" for one in clear[:MOST_NAMED]]
    moves = "; ".join([*named, _accuracy(figures[GROUP_METRIC])])
    lists = f"{_percent(changed, found.n_users)} of lists change"
    return ". ".join(filter(None, [moves, _groups(headline), lists])) + "."


def lists_changed(found: Evaluation) -> int:
    """Count the people whose list holds something else than in the baseline."""
    return int(np.sum(found.measured.column("overlap") < 1 - 1e-6))


def _percent(part: int, whole: int) -> str:
    """All and none are said of all and none alone."""
    if 0 < part < 0.01 * whole:
        return "under 1 %"
    return f"{floor(100 * part / whole)} %"


def _name(figure: Figure) -> str:
    return METRICS[figure.name].label.partition(" (")[0]


def _sureness(figure: Figure) -> float:
    """How many half-widths of its interval a change is from none."""
    width = figure.difference_high - figure.difference_low
    return abs(figure.difference) / width if width > 0 else inf


def _moved(figure: Figure) -> str:
    """Say by how much, in per cent of what it was, with the interval; the cards have the points."""
    ends = (figure.difference_low, figure.difference_high)
    said = of_baseline(figure.difference, figure.before)
    if not said:
        return change(figure.difference, figure.before, style_of(METRICS[figure.name]), ends)
    low, high = (one / abs(figure.before) for one in ends)
    style = change_style(figure.difference / abs(figure.before))
    return f"{said} ({interval(low, high, style).removesuffix(' %')})"


def _accuracy(figure: Figure) -> str:
    """Say what becomes of accuracy: where it is not clear, how much it may have cost."""
    name = METRICS[figure.name].label
    if figure.verdict.is_clear:
        return f"{name} {_moved(figure)}"
    worst = figure.difference_low
    if figure.verdict is Word.NOT_CLEAR and worst < 0:
        most = change(worst, figure.before, style_of(METRICS[figure.name]))
        return f"{name} no clear change, at most {most}"
    return f"{name} {figure.verdict}"


def _groups(headline: Headline) -> str:
    """Say which groups are clearly served worse than before."""
    pairs = list(zip(headline.groups.labels, headline.each, strict=True))
    judged = [one for _, one in pairs if one.word not in (Word.TOO_FEW_PEOPLE, Word.UNDEFINED)]
    if not judged:
        return ""
    worse = sorted(((label, one) for label, one in pairs if one.word is Word.WORSE), key=_by_change)
    if not worse:
        return "No group clearly worse"
    label, verdict = worse[0]
    rest = f" and {counted(len(worse) - 1, 'other group')}" if len(worse) > 1 else ""
    return f"Clearly worse for {label}{rest}: NDCG {change(verdict.value, verdict.before)}"


def _by_change(pair: tuple[str, Verdict]) -> float:
    return pair[1].value
