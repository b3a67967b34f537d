"""The columns of other objectives: there where a fit has rankers of them."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

from engine.compiled import inner
from engine.metrics.kernels.columns import located
from engine.metrics.kernels.inputs import People, Reading, Rows
from engine.metrics.kernels.relevance import contains

__all__ = ["AT", "objective_rows"]


class Objectives(NamedTuple):
    """The columns that this kernel fills, by the names of the metrics."""

    ndcg_finished: int
    ndcg_bought: int
    ndcg_shared: int
    ndcg_came_back: int


AT = located(Objectives)


@inner
def _ndcg(
    items: NDArray[Any], done: NDArray[Any], discounts: NDArray[Any], ideal: NDArray[Any]
) -> float:
    """NDCG of a list against the sorted items ``done``, of which there is at least one."""
    gain = 0.0
    for place in range(len(items)):
        if items[place] >= 0 and contains(done, 0, len(done), items[place]):
            gain += discounts[place]
    return gain / ideal[min(len(done), len(items))]


@inner
def objective_rows(rows: Rows, people: People, reading: Reading, start: int, stop: int) -> None:
    """Fill the columns for lists ``start`` to ``stop``."""
    n_aims = len(people.aim_columns)
    if n_aims == 0:
        return
    n_users = (len(people.aimed) - 1) // n_aims
    for r in range(start, stop):
        for aim in range(n_aims):
            row = aim * n_users + rows.users[r]
            done = people.aimed_items[people.aimed[row] : people.aimed[row + 1]]
            if len(done) > 0:
                rows.out[r, people.aim_columns[aim]] = _ndcg(
                    rows.items[r], done, reading.discounts, reading.ideal
                )
