"""Disparities in words: what was found, how sure it is, and nothing more than that.

Names of groups come from data; the sentences are plain text, for the page to escape.
"""

from __future__ import annotations

from engine.audit.finding import Finding, Span
from engine.formats import PLAIN, Style, confidence, number, share_apart, signed
from engine.metrics.statistics.verdict import Word

__all__ = ["apart", "disparity_sentence", "list_of", "p_value", "times"]


TOO_FEW = "too few people have a value"
HIDDEN_TOO = "a smaller group could be worked out from it"


def times(ratio: Span) -> tuple[str, str]:
    """Say a ratio to the reference as a share of it, and its interval.

    >>> times(Span(0.8475, 0.7634, 0.9346))
    ('15 % lower', '7 to 24 % lower')
    >>> times(Span(1.1, 0.9, 1.3))
    ('10 % higher', '10 % lower to 30 % higher')
    """
    main, low, high = (share_apart(one - 1) for one in (ratio.value, ratio.low, ratio.high))
    if ratio.low <= 1 <= ratio.high:
        return main, f"{low} to {high}"
    near, far = (low, high) if ratio.low > 1 else (high, low)
    return main, f"{near.partition(' ')[0]} to {far}"


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
    if finding.is_reference and not finding.is_hidden:
        return (
            f"{name}: the reference, {metric} {number(finding.value.value, style)}, "
            f"n = {finding.n:,}."
        )
    if finding.is_hidden:
        why = TOO_FEW if finding.verdict.word is Word.TOO_FEW_PEOPLE else HIDDEN_TOO
        return f"{name}: not shown; {why}."
    mean = f"{name}: {metric} {number(finding.value.value, style)}, n = {finding.n:,}"
    if not finding.is_judged:
        return f"{mean}; {finding.judgement}. {finding.verdict.reason}"
    if finding.verdict.word is Word.AS_BEFORE:
        return f"{mean}; no difference from {finding.reference}."
    size, ends = (
        times(finding.ratio) if finding.ratio.is_known else apart(finding.difference, style)
    )
    points = f" ({signed(finding.difference.value, style)})" if finding.ratio.is_known else ""
    return (
        f"{name}: {metric} is {size}{points} than for {finding.reference}, "
        f"{confidence(finding.verdict.confidence)} interval {ends}, n = {finding.n:,}; "
        f"{_how_sure(finding)}."
    )


def _how_sure(finding: Finding) -> str:
    """Say the verdict, the band and the corrected p included."""
    if not finding.is_clear:
        return finding.judgement
    return f"{finding.judgement} ({p_value(finding.verdict.p_adjusted)})"


def p_value(p: float) -> str:
    """Write a p value: never 0, since no test shows that much.

    >>> p_value(0.0312), p_value(0.00002), p_value(float("nan"))
    ('p = 0.031', 'p < 0.001', 'no p')
    """
    if p != p:
        return "no p"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def list_of(names: list[str], last: str = "and") -> str:
    """Join names as a sentence does.

    >>> list_of(["a"]), list_of(["a", "b", "c"]), list_of(["a", "b"], "or")
    ('a', 'a, b and c', 'a or b')
    """
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" {last} {names[-1]}"
