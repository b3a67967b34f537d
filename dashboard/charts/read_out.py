"""What is read out of a chart: what it finds first, then its title, then its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.formats import PLAIN, Style, number, signed
from engine.metrics.statistics.verdict import Word

__all__ = ["ends_in_words", "largest_change", "read_out"]

NOTHING = f"{str(Word.NOT_CLEAR).capitalize()}: there is nothing to show"


def read_out(finding: str, title: str, details: Sequence[str] | str) -> str:
    """Return the text of a chart for who cannot see it.

    Parameters
    ----------
    finding : str
        What somebody who looks at it would see first, with its figure; empty where nothing is
        drawn. Without a full stop.
    title : str
    details : sequence of str, or str
        All of its figures.

    Example
    -------
    >>> read_out("Most: Drama, 30 %", "Genres", ["Drama: 30 %", "War: 2 %"])
    'Most: Drama, 30 %. Genres: Drama: 30 %; War: 2 %.'
    """
    said = details if isinstance(details, str) else "; ".join(details)
    named = f"{title.rstrip('.:')}: {said.rstrip('.')}" if said else title
    return f"{(finding or NOTHING).rstrip('.')}. {named}."


def ends_in_words(
    labels: Sequence[str],
    values: NDArray[np.floating] | Sequence[float],
    say: Callable[[float], str] = number,
    *,
    what: tuple[str, str] = ("highest", "lowest"),
) -> str:
    """Name the largest and the smallest value, once where they are one; empty where none is known.

    >>> ends_in_words(["man", "woman"], [0.25, 0.5])
    'highest: woman, 0.500; lowest: man, 0.250'
    """
    known = np.asarray(values, float)
    if not np.isfinite(known).any():
        return ""
    ends = dict.fromkeys((int(np.nanargmax(known)), int(np.nanargmin(known))))
    pairs = zip(what, ends, strict=False)
    return "; ".join(f"{word}: {labels[at]}, {say(float(known[at]))}" for word, at in pairs)


def largest_change(
    labels: Sequence[str],
    before: NDArray[np.floating] | Sequence[float],
    after: NDArray[np.floating] | Sequence[float],
    style: Style = PLAIN,
) -> str:
    """Name what changed most; empty where nothing is known.

    >>> largest_change(["Drama", "War"], [0.5, 0.25], [0.5, 0.125])
    'Largest change: War, 0.250 to 0.125 (−0.125)'
    >>> largest_change(["Drama"], [0.5], [0.5])
    'No clear change: all as before'
    """
    old, new = np.asarray(before, float), np.asarray(after, float)
    change = new - old
    if not np.isfinite(change).any():
        return ""
    at = int(np.nanargmax(np.abs(change)))
    if change[at] == 0:
        return f"{str(Word.NOT_CLEAR).capitalize()}: all as before"
    moved = f"{number(float(old[at]), style)} to {number(float(new[at]), style)}"
    return f"Largest change: {labels[at]}, {moved} ({signed(float(change[at]), style)})"
