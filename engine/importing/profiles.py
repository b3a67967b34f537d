"""What the columns of a sample hold, in numbers: what guesses about them are made from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.importing.database import Database, name_sql
from engine.importing.loading import sample
from engine.importing.sources import Source

__all__ = ["MISSING_SQL", "Profile", "profiles_of"]

SAMPLED = 20_000
LONGEST_NAME = 150
"""Letters, on average."""

MISSING_SQL = (
    "('', 'nan', '<na>', 'n/a', '#n/a', 'null', '<null>', 'nat', '\\n', '-', '--', '?', 'none', "
    "'na', '(null)', 'undefined', '#null!', '#value!', '#ref!')"
)
"""Words for nothing, in lower case."""

DATE = (
    r"(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*)|(\d{1,2} \w{3,9},? \d{4}.*)|(\w{3,9} \d{1,2},? \d{4}.*)"
    r"|([A-Z]\w{2,8},? \w{3,9},? \w{2,9} .*\d{4}.*)|(\d{4}[- ]?W\d\d?(-?[1-7])?)"
    r"|(\d{4}[- ]?Q[1-4])|(\d{4}[-/]\d{2})"
)
"""The last: Wed May 09 09:33:44 -0700 2012, and Wed, 09 May 2012 09:33:44 GMT."""

COUNTS = ((6e8, 2.2e9), (6e11, 2.2e12), (6e14, 2.2e15), (6e17, 1.9e18))
"""Seconds, milliseconds, microseconds and nanoseconds since 1970 that are of 1989 to 2039: numbers
of other sizes are more likely ids."""


@dataclass(frozen=True)
class Profile:
    """One column of a sample.

    Attributes
    ----------
    name : str
    n, n_filled, n_distinct : int
        Rows; those that hold something; different ones among these.
    numbers, whole, dates, lists, counts : float
        Shares of what is filled that is a number, a whole number, a date, a printed list, a
        number of the size of a count since 1970.
    length : float
        Mean length of the texts.
    low, high : float or None
        Of the numbers.
    examples : tuple of str
        Some of the commonest.
    is_looked_up : bool
        Whether it is found through another column, and so repeats however few rows it has.
    """

    name: str
    n: int
    n_filled: int
    n_distinct: int
    numbers: float
    whole: float
    dates: float
    lists: float
    counts: float
    length: float
    low: float | None
    high: float | None
    examples: tuple[str, ...]
    is_looked_up: bool = False

    @property
    def is_unique(self) -> bool:
        """Whether (nearly) every row holds another."""
        return (
            not self.is_looked_up and self.n_filled > 0 and self.n_distinct >= 0.98 * self.n_filled
        )

    @property
    def is_moment(self) -> bool:
        """Whether it may be a time: dates, or numbers of the size of a count since 1970."""
        return self.dates > 0.5 or self.counts > 0.9 or self._is_month

    @property
    def _is_month(self) -> bool:
        """Whether all are numbers such as 202405, of more than one month."""
        is_like = [re.fullmatch(r"(1[89]|2[01])\d\d(0[1-9]|1[0-2])", one) for one in self.examples]
        return self.n_distinct > 1 and all(is_like) and 2 * self.n_distinct < self.n_filled

    @property
    def is_prose(self) -> bool:
        """Whether its texts are longer than names are."""
        return self.numbers < 0.5 and self.length > LONGEST_NAME


def profiles_of(database: Database, source: Source) -> dict[str, Profile]:
    """Look at the first 20,000 rows of a file; column → profile."""
    table = name_sql(sample(database, source, SAMPLED))
    found = {}
    for name in source.columns:
        cell = f"trim({name_sql(name)})"
        filled = f"{cell} IS NOT NULL AND lower({cell}) NOT IN {MISSING_SQL}"
        number = f"try_cast({cell} AS DOUBLE)"
        epochs = " OR ".join(f"{number} BETWEEN {low} AND {high}" for low, high in COUNTS)
        row = database.row(
            f"SELECT count(*), n_if({filled}), count(DISTINCT {cell}) FILTER ({filled}), "
            f"n_if({number} IS NOT NULL AND {filled}), "
            f"n_if({number} % 1 = 0 AND {filled}), "
            f"n_if(regexp_full_match({cell}, $1)), "
            f"n_if({cell}[1] IN ('[', '{{') AND {cell}[-1] IN (']', '}}')), "
            f"n_if({filled} AND ({epochs})), avg(length({cell})) FILTER ({filled}), "
            f"min({number}) FILTER ({filled}), max({number}) FILTER ({filled}) FROM {table}",
            [DATE],
        )
        n, n_filled, n_distinct, *n_of = row[:8]
        examples = database.column(
            f"SELECT {cell} FROM {table} WHERE {filled} GROUP BY 1 ORDER BY count(*) DESC, 1 "
            "LIMIT 30"
        )
        numbers, whole, dates, lists, counts = (one / max(n_filled, 1) for one in n_of)
        found[name] = Profile(
            name=name,
            n=n,
            n_filled=n_filled,
            n_distinct=n_distinct,
            numbers=numbers,
            whole=whole,
            dates=dates,
            lists=lists,
            counts=counts,
            length=row[8] or 0.0,
            low=row[9],
            high=row[10],
            examples=tuple(examples),
        )
    return found
