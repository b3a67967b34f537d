"""Student's t where contributions are skewed: p and interval after Hall's transformation.

A studentised mean ``T = (θ̂ - θ) / error`` of skewed contributions is itself skewed, to first order
in ``1 / √n``: the interval by Student's t misses on one side more than on the other. The cubic ::

    g(T) = T + a T² + a² T³ / 3 + b

takes that out, rises everywhere (its slope is ``(1 + a T)²``) and can be turned round. Of a mean
``a = λ / 3`` and ``b = λ / 6``, with λ the skewness of contributions over √n; with ``a = b = 0`` it
is Student's t.

Source: Hall, "On the removal of skewness by transformation", J. R. Stat. Soc. B 54, 1992.
"""

from __future__ import annotations

from engine.metrics.statistics.evidence import Ends, student

__all__ = ["skewed", "transformed"]

FLAT = 1e-9
"""Below it the cubic is a line: its inverse would divide by 0."""


def transformed(t: float, bend: float, shift: float) -> float:
    """Return ``g(t)``.

    >>> transformed(2.0, 0.0, 0.0)
    2.0
    """
    return t + bend * t**2 + bend**2 * t**3 / 3 + shift


def _turned_round(y: float, bend: float, shift: float) -> float:
    """Return the t whose ``g(t)`` is y."""
    if abs(bend) < FLAT:
        return y - shift
    inside = 1 + 3 * bend * (y - shift)
    root = abs(inside) ** (1 / 3)
    return ((root if inside >= 0 else -root) - 1) / bend


def skewed(
    value: float, error: float, freedom: float, bend: float, shift: float
) -> tuple[float, Ends]:
    """Return p and interval of a difference, as :func:`student` does, skewness taken out.

    Parameters
    ----------
    value, error : float
        The difference and its standard error.
    freedom : float
        Degrees of freedom; below 1 nothing is known.
    bend, shift : float
        ``a`` and ``b``; not finite counts as 0.

    Returns
    -------
    p : float
        Below an error exactly where the interval at that error leaves 0 out.
    ends : callable
        Error → ends of the interval.

    Examples
    --------
    >>> low, high = skewed(0.0, 1.0, 999.0, 0.1, 0.05)[1](0.05)
    >>> low > -1.9 and high > 2.3
    True
    """
    p, ends = student(value, error, freedom)
    low, high = ends(0.05)
    if not low < high or not abs(bend) + abs(shift) < float("inf"):
        return p, ends
    p = student(transformed(value / error, bend, shift), 1.0, freedom)[0]

    def ends_of(alpha: float) -> tuple[float, float]:
        half = student(0.0, 1.0, freedom)[1](alpha)[1]
        return (
            value - error * _turned_round(half, bend, shift),
            value - error * _turned_round(-half, bend, shift),
        )

    return p, ends_of
