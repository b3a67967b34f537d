"""Where in the per-user matrix each kernel writes: found by the metric's name, never by position.

A kernel's module holds a named tuple whose fields are the names of the metrics that it fills, and
reads its numbers from the registry when it is imported; they are constants in the compiled code.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple, TypeVar

from numpy.typing import NDArray

from engine.compiled import leaf
from engine.metrics.registry import COLUMN

__all__ = ["any_asked", "check_written", "located"]

Names = TypeVar("Names", bound=NamedTuple)


@leaf
def any_asked(asked: NDArray[Any], columns: tuple[int, ...]) -> bool:
    """Whether one of some columns was asked for, so that what fills them is worked out."""
    found = False
    for column in columns:
        found |= asked[column]
    return found


def located(names: type[Names]) -> Names:
    """Return the columns of the metrics that the fields are named after.

    Raises
    ------
    ImportError
        A field is not the name of a per-user metric.

    Examples
    --------
    >>> class Written(NamedTuple):
    ...     recall: int
    ...     ndcg: int
    >>> located(Written)._asdict() == {"recall": COLUMN["recall"], "ndcg": COLUMN["ndcg"]}
    True
    """
    unknown = [name for name in names._fields if name not in COLUMN]
    if unknown:
        raise ImportError(
            f"A kernel fills a column for {', '.join(map(repr, unknown))}, which is no per-user "
            "metric: define it in engine/metrics/*_definitions.py, or take the field out."
        )
    record: Any = names
    found: Names = record(**{name: COLUMN[name] for name in names._fields})
    return found


def check_written(*columns: NamedTuple) -> None:
    """Make sure that each per-user metric is filled by exactly one of some kernels.

    Raises
    ------
    ImportError
        A metric would stay empty, or be written twice.
    """
    times = Counter(name for record in columns for name in record._fields)
    missing = [name for name in COLUMN if name not in times]
    if missing:
        raise ImportError(
            f"No kernel fills the column of {', '.join(map(repr, missing))}: name it among the "
            "columns of the kernel in engine/metrics/kernels/ that computes it."
        )
    twice = [name for name, n in times.items() if n > 1]
    if twice:
        raise ImportError(
            f"Two kernels fill the column of {', '.join(map(repr, twice))}: name it in one of them."
        )
