"""The columns of what a person had met before: there where a fit offers it again."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

from engine.compiled import inner
from engine.metrics.kernels.columns import located
from engine.metrics.kernels.inputs import People, Rows
from engine.metrics.kernels.relevance import contains

__all__ = ["AT", "repeat_rows"]


class Repeats(NamedTuple):
    """The columns that this kernel fills, by the names of the metrics."""

    repeat_share: int
    recall_again: int
    recall_new: int


AT = located(Repeats)


@inner
def _of_met(
    items: NDArray[Any],
    hits: NDArray[Any],
    held: NDArray[Any],
    past: NDArray[Any],
    row: NDArray[Any],
) -> None:
    """Share of places with what was met, and recall of what comes again and of what is new."""
    shown, met, found_again, found_new, held_again = 0, 0, 0, 0, 0
    for place in range(len(items)):
        if items[place] >= 0:
            is_met = contains(past, 0, len(past), items[place])
            shown += 1
            met += is_met
            found_again += is_met and hits[place]
            found_new += hits[place] and not is_met
    for item in held:
        held_again += contains(past, 0, len(past), item)
    if shown > 0:
        row[AT.repeat_share] = met / shown
    if held_again > 0:
        row[AT.recall_again] = found_again / held_again
    if held_again < len(held):
        row[AT.recall_new] = found_new / (len(held) - held_again)


@inner
def repeat_rows(rows: Rows, people: People, start: int, stop: int) -> None:
    """Fill the columns for lists ``start`` to ``stop``; hits must be marked."""
    if not people.offers_again:
        return
    for r in range(start, stop):
        user = rows.users[r]
        past = people.past_items[people.past[user] : people.past[user + 1]]
        own = people.held_items[people.held[user] : people.held[user + 1]]
        _of_met(rows.items[r], rows.hits[r], own, past, rows.out[r])
