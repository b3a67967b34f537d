"""Disparities in words: what was found, how sure it is, and nothing more than that.

Names of groups come from data; the sentences are plain text, for the page to escape.
"""

from __future__ import annotations

from dashboard.audit.finding import Finding, Span
from dashboard.formats import PLAIN, Style, count, number, signed
from engine.metrics.reference_disparity import Verdict

__all__ = ["apart", "disparity_sentence", "list_of", "p_value", "times"]


def times(ratio: Span) -> tuple[str, str]:
    """Say a ratio to the reference, and its interval.

    >>> times(Span(0.8475, 0.7634, 0.9346))
    ('1.18 times lower', '1.07 to 1.31')
    >>> times(Span(1.1, 0.9, 1.3))
    ('1.10 times higher', '1.11 times lower to 1.30 times higher')
    """
    main = _times(ratio.value)
    if ratio.low <= 1 <= ratio.high:
        return main, f"{_times(ratio.low)} to {_times(ratio.high)}"
    away = ratio if ratio.value >= 1 else ratio.inverse()
    return main, f"{away.low:.2f} to {away.high:.2f}"


def _times(ratio: float) -> str:
    return f"{ratio:.2f} times higher" if ratio >= 1 else f"{1 / ratio:.2f} times lower"


def apart(difference: Span, style: Style = PLAIN) -> tuple[str, str]:
    """Say a difference from the reference, and its interval, where a ratio has no meaning.

    >>> apart(Span(-0.03, -0.05, -0.01))
    ('0.030 lower', '0.010 to 0.050')
    >>> apart(Span(0.03, -0.01, 0.07))
    ('0.030 higher', '0.010 lower to 0.070 higher')
    """
    main = _apart(difference.value, style)
    if difference.low <= 0 <= difference.high:
        return main, f"{_apart(difference.low, style)} to {_apart(difference.high, style)}"
    near, far = sorted((abs(difference.low), abs(difference.high)))
    return main, f"{_size(near, style)} to {_size(far, style)}"


def _apart(difference: float, style: Style) -> str:
    return f"{_size(difference, style)} {'lower' if difference < 0 else 'higher'}"


def _size(difference: float, style: Style) -> str:
    """Write a difference without its sign; differences of shares are percentage points."""
    return signed(abs(difference), style).lstrip("+")


def disparity_sentence(finding: Finding, metric: str, style: Style = PLAIN) -> str:
    """Say how one group stands against the reference.

    Parameters
    ----------
    finding : Finding
    metric : str
        Its name.
    style : Style
        How its values are written.
    """
    name = finding.group
    if finding.verdict is Verdict.REFERENCE:
        return (
            f"{name}: the reference, {metric} {number(finding.value.value, style)}, "
            f"n = {finding.n:,}."
        )
    if finding.verdict is Verdict.SUPPRESSED:
        without = f", {finding.n_undefined:,} more without one" if finding.n_undefined else ""
        return f"{name}: not shown, {count(finding.n)} people with a value{without}."
    if finding.verdict is Verdict.UNTESTABLE:
        return f"{name}: cannot be compared, too little to compare with or no spread."
    size, ends = (
        times(finding.ratio) if finding.ratio.is_known else apart(finding.difference, style)
    )
    return (
        f"{name}: {metric} is {size} than for {finding.reference}, 95 % interval {ends}, "
        f"n = {finding.n:,}; {_how_sure(finding)}."
    )


def _how_sure(finding: Finding) -> str:
    """Say what the interval allows, the band and the correction included."""
    if finding.verdict is Verdict.NOT_CLEAR:
        span, even = (finding.ratio, 1) if finding.ratio.is_known else (finding.difference, 0)
        if span.low <= even <= span.high:
            return "no clear difference"
        return f"no longer clear once {finding.n_compared} comparisons are corrected for"
    return f"{finding.judgement} ({p_value(finding.p_holm)})"


def p_value(p: float) -> str:
    """Write a p value: never 0, since no test shows that much.

    >>> p_value(0.0312), p_value(0.00002), p_value(float("nan"))
    ('p = 0.031', 'p < 0.001', 'no p')
    """
    if p != p:
        return "no p"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def list_of(names: list[str]) -> str:
    """Join names as a sentence does.

    >>> list_of(["a"]), list_of(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
