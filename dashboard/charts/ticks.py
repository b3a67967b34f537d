"""How the numbers on an axis are written: as many decimals on each of them as its steps need."""

from __future__ import annotations

from typing import Any

__all__ = ["EVEN_DECIMALS", "FORMS", "number_ticks", "percent_ticks"]

FORMS = frozenset({"tickformat", "tickformatstops", "ticktext", "tickvals"})
"""What of an axis says how its ticks are written."""

JUST_UNDER = 0.99
MOST_DECIMALS = 4


def _stops(forms: list[str], *, last: float) -> list[dict[str, Any]]:
    """Return the form for each size of a step, the smallest first; ``last`` begins the last."""
    edges = [last * JUST_UNDER / 10**at for at in range(len(forms) - 1)][::-1]
    ranges = zip([None, *edges], [*edges, None], strict=True)
    return [
        {"dtickrange": list(one), "value": form} for one, form in zip(ranges, forms, strict=True)
    ]


EVEN_DECIMALS: dict[str, Any] = {
    "tickformatstops": _stops([f",.{n}f" for n in range(MOST_DECIMALS, -1, -1)], last=1.0)
}
"""The form of numbers by the step between ticks, which the browser chooses by the room it has.

By itself it leaves zeros out at the end, and writes 0.2 beside 0.15, and 10k beside 1,000.
"""


def number_ticks(kind: str | None = None) -> dict[str, Any]:
    """Return the form of an axis's ticks for numbers; ``kind`` is Plotly's type of the axis.

    >>> number_ticks("log")
    {'tickformat': ','}
    """
    return {"tickformat": ","} if kind == "log" else EVEN_DECIMALS


NARROW = 0.1
"""Width, as a share, below which an axis may need tenths of a per cent."""

WHOLE = _stops([".1%", ".0%"], last=0.01)
TENTHS = _stops([".2%", ".1%", ".0%"], last=0.01)


def percent_ticks(*, is_share: bool = True, span: float = 1.0) -> dict[str, Any]:
    """Return the form of an axis's ticks for shares, with the space that per cent has everywhere.

    Parameters
    ----------
    is_share : bool
        With False there is nothing to add to what an axis has.
    span : float
        Width of the axis, as a share; NaN where it is not known.

    Example
    -------
    >>> percent_ticks()["labelalias"]["20%"], percent_ticks(is_share=False)
    ('20 %', {})
    >>> percent_ticks(span=0.04)["labelalias"]["2.5%"]
    '2.5 %'
    """
    if not is_share:
        return {}
    is_narrow = span < NARROW
    return {
        "tickformat": ".0%",
        "tickformatstops": TENTHS if is_narrow else WHOLE,
        "labelalias": ALIASES[1] | ALIASES[0] if is_narrow else ALIASES[0],
    }


def _aliases(digits: int, least: int, most: int) -> dict[str, str]:
    numbers = (n / 10**digits for n in range(least * 10**digits, most * 10**digits + 1))
    written = (f"{one:.{digits}f}".replace("-", "−") for one in numbers)
    return {f"{one}%": f"{one} %" for one in written}


ALIASES = (_aliases(0, 0, 100), _aliases(1, -5, 30))
"""What the browser would write on a tick → what stands there: in whole per cent, and in tenths."""
