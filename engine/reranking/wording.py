"""Shares in the engine's own sentences about controls, caps and rules."""

from __future__ import annotations

__all__ = ["of_all", "percent"]


def of_all(part: int, whole: int) -> str:
    """Write a part as a percentage that is 0 only for none and 100 only for all.

    >>> of_all(2, 5), of_all(1, 943), of_all(942, 943), of_all(943, 943), of_all(0, 943)
    ('40 %', 'less than 1 %', 'more than 99 %', '100 %', '0 %')
    """
    if 0 < part < 0.01 * whole:
        return "less than 1 %"
    if 0.99 * whole < part < whole:
        return "more than 99 %"
    return percent(part / whole if whole else 0.0)


def percent(share: float, digits: int = 0) -> str:
    """Write a share as a percentage.

    >>> percent(0.123), percent(0.123, 1)
    ('12 %', '12.3 %')
    """
    return f"{100 * share:.{digits}f} %"
