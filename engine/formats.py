"""How numbers are written, everywhere alike.

>>> number(0.17712), number(1234567.0, COUNT), number(0.3456, SHARE)
('0.177', '1,234,567', '34.6 %')
>>> signed(-0.0123), signed(0.021, SHARE), number(float("nan"))
('−0.012', '+2.1 pts', '–')
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.metrics.metric import Metric

__all__ = [
    "COUNT",
    "MISSING",
    "PLAIN",
    "SHARE",
    "Style",
    "axis_title",
    "change",
    "change_style",
    "confidence",
    "count",
    "interval",
    "movement",
    "number",
    "of_baseline",
    "percent",
    "percent_change",
    "rounded",
    "seconds",
    "share_apart",
    "signed",
    "style_of",
    "time_left",
]

MISSING = "–"
"""Shown where a figure is undefined; never 0."""

MINUS = "−"


@dataclass(frozen=True)
class Style:
    """How a figure is written: decimals, and whether as a percentage."""

    digits: int = 3
    as_percent: bool = False


PLAIN, SHARE, COUNT = Style(), Style(1, as_percent=True), Style(0)


def style_of(metric: Metric) -> Style:
    """Return the style that the metric's registry entry asks for."""
    return Style(metric.digits, metric.as_percent)


def axis_title(metric: Metric) -> str:
    """Name a metric with its unit; a share between 0 and 1 needs none."""
    return metric.label if metric.unit == "share" else f"{metric.label}, {metric.unit}"


def _written(value: float, style: Style, sign: str = "") -> str:
    text = f"{value * (100 if style.as_percent else 1):{sign},.{style.digits}f}"
    is_zero = not any(digit in text for digit in "123456789")
    return text.replace("-", "").replace("+", "") if is_zero else text.replace("-", MINUS)


def number(value: float | None, style: Style = PLAIN) -> str:
    """Write a value."""
    if value is None or not math.isfinite(value):
        return MISSING
    return _written(value, style) + (" %" if style.as_percent else "")


def percent(share: float | None, digits: int = 0) -> str:
    """Write a share in per cent.

    >>> percent(0.256), percent(0.256, 1)
    ('26 %', '25.6 %')
    """
    return number(share, Style(digits, as_percent=True))


def rounded(value: float | None, digits: int = 4) -> str:
    """Write a value to so many significant digits, whatever its size.

    >>> rounded(-1234.56), rounded(0.012345, 2)
    ('−1,235', '0.012')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    return f"{value:,.{digits}g}".replace("-", MINUS)


def signed(value: float | None, style: Style = PLAIN) -> str:
    """Write a difference with its sign; differences of percentages are points."""
    if value is None or not math.isfinite(value):
        return MISSING
    return _written(value, style, "+") + (" pts" if style.as_percent else "")


def change_style(share: float | None) -> Style:
    """Return how a change in per cent of what it was is written, and the ends of its interval.

    Of more than all of it no tenths are told: a change of many times a small value is not known to
    a tenth of a per cent.
    """
    return Style(0, as_percent=True) if share is not None and abs(share) >= 1 else SHARE


def percent_change(share: float | None) -> str:
    """Write a change as a share of what it was before (:func:`change_style`).

    >>> percent_change(-0.1234), percent_change(0.05), percent_change(8.994)
    ('−12.3 %', '+5.0 %', '+899 %')
    """
    return signed(share, change_style(share)).replace(" pts", " %")


MOST_OF_BASELINE = 10.0
"""A change of more than so many times its baseline, which is next to nothing, is said in points."""


def of_baseline(difference: float | None, before: float) -> str:
    """Write a change in per cent of what it was; empty where that was nothing, or next to it.

    >>> of_baseline(-0.007, 0.257), of_baseline(0.073, 0.584), of_baseline(0.1, 0.0)
    ('−2.7 %', '+12.5 %', '')
    """
    if difference is None or not (math.isfinite(difference) and math.isfinite(before)):
        return ""
    is_near_nothing = abs(difference) > MOST_OF_BASELINE * abs(before) or not before
    return "" if is_near_nothing else percent_change(difference / abs(before))


def change(
    difference: float | None,
    before: float,
    style: Style = PLAIN,
    ends: tuple[float, float] | None = None,
) -> str:
    """Write a change both ways: in per cent of what it was and, exactly, in its own unit.

    Parameters
    ----------
    difference : float
    before : float
        The baseline; where it is undefined or 0 there is no per cent of it.
    style : Style
        Of the value: differences of shares are points.
    ends : (low, high), optional
        The interval of the difference, written in its unit.

    >>> change(-0.007, 0.257), change(0.073, 0.584, SHARE), change(0.1, 0.0)
    ('−2.7 % (−0.007)', '+12.5 % (+7.3 pts)', '+0.100')
    >>> change(-0.007, 0.257, ends=(-0.013, -0.001)), change(0.1, 0.0, ends=(0.05, 0.15))
    ('−2.7 % (−0.007, −0.013 to −0.001)', '+0.100 (0.050 to 0.150)')
    """
    exact, said = signed(difference, style), of_baseline(difference, before)
    between = interval(*ends, style).removesuffix(" %") if ends else ""
    if not said:
        return f"{exact} ({between})" if between else exact
    return f"{said} ({', '.join(filter(None, [exact, between]))})"


def share_apart(share: float) -> str:
    """Say how far something is from what it is held against, as a share of that.

    >>> share_apart(-0.1234), share_apart(0.05), share_apart(-0.004), share_apart(1.5)
    ('12 % lower', '5 % higher', '0.4 % lower', '150 % higher')
    """
    size = 100 * abs(share)
    written = f"{size:,.0f}" if size >= 1 else f"{size:.1f}"
    return f"{written} % {'lower' if share < 0 else 'higher'}"


def interval(low: float | None, high: float | None, style: Style = PLAIN) -> str:
    """Write an interval.

    >>> interval(0.171, 0.1834), interval(0.1, 0.2, SHARE)
    ('0.171 to 0.183', '10.0 to 20.0 %')
    """
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return MISSING
    return f"{_written(low, style)} to {number(high, style)}"


def confidence(share: float) -> str:
    """Write how sure an interval is; corrected for several looks, it is surer than 95 %.

    >>> confidence(0.95), confidence(0.975), confidence(0.9976), confidence(0.99988)
    ('95 %', '97.5 %', '99.8 %', '99.99 %')
    """
    if not math.isfinite(share):
        return MISSING
    error = 100 * (1 - share)
    written = f"{100 - max(error, 0.01):.{1 if error >= 0.1 else 2}f}"
    return f"{written.removesuffix('.0')} %"


def count(value: float) -> str:
    """Write a count with thousands separated; with its noun, see :mod:`engine.data.wording`."""
    return f"{value:,.0f}"


def seconds(value: float) -> str:
    """Write a time: milliseconds below one second, else seconds.

    >>> seconds(0.0312), seconds(2.5)
    ('31 ms', '2.5 s')
    """
    return f"{value * 1e3:.0f} ms" if value < 1 else f"{value:.1f} s"


def time_left(value: float) -> str:
    """Write an estimate of seconds to come, no finer than it is known.

    >>> time_left(0.2), time_left(7.6), time_left(22.8), time_left(100), time_left(7_000)
    ('1 s', '8 s', '25 s', '2 min', '117 min')
    """
    if value < 10:
        return f"{max(1, round(value))} s"
    return f"{5 * round(value / 5)} s" if value < 90 else f"{round(value / 60)} min"


def movement(before: int | None, after: int | None) -> str:
    """Write an item's move between two ranks (1 is the top; ``None`` is "not in the list").

    >>> movement(5, 2), movement(2, 5), movement(3, 3), movement(None, 4), movement(4, None)
    ('▲ 3', '▼ 3', 'same', 'new', 'out')
    """
    if before is None:
        return "new"
    if after is None:
        return "out"
    if before == after:
        return "same"  # no sign that a spreadsheet takes for a formula
    return f"▲ {before - after}" if after < before else f"▼ {after - before}"
