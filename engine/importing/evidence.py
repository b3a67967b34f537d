"""What the cells of samples say about columns together: which ids meet, and what hangs on what."""

from __future__ import annotations

from engine.importing.database import Database, name_sql
from engine.importing.profiles import MISSING_SQL

__all__ = ["DEPENDS", "Evidence"]

DEPENDS = 0.5
"""Two rows of one item (or person) agree at least so often in what is a fact about it."""

CLEARLY = 0.2
"""Of the disagreement of any two rows, what is gone among those of one item, for its genres."""

FEWEST_PAIRS = 50


class Evidence:
    """Answers from the samples of files that :func:`engine.importing.profiles.profiles_of` took."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def shared(self, file: str, column: str, other: str, theirs: str) -> float:
        """Return the share of different cells of a column that another file's column has too.

        Noughts in front, case, and the point that a spreadsheet gives are no difference.
        """
        own, other_cells = _bare_sql(column), _bare_sql(theirs)
        found = self._database.row(
            f"SELECT avg(CASE WHEN o.id IS NULL THEN 0.0 ELSE 1.0 END) FROM "
            f"(SELECT DISTINCT {own} AS id FROM {_sample(file)} WHERE {_filled(column)}) a "
            f"LEFT JOIN (SELECT DISTINCT {other_cells} AS id FROM {_sample(other)} "
            f"WHERE {_filled(theirs)}) o USING (id)"
        )[0]
        return float(found or 0.0)

    def agreement(self, file: str, own: str, column: str, *, untold: float = 1.0) -> float:
        """Return how often two rows of one ``own`` have the same; ``untold`` where few rows tell.

        Near 1 for what is a fact about it (a title, a country), near chance for what belongs to
        the row (a rating, the headline of a review).
        """
        same, pairs = self._database.row(
            "SELECT sum(same), sum(n * (n - 1)) FROM (SELECT own, sum(c) AS n, sum(c * (c - 1)) AS "
            f"same FROM (SELECT trim({name_sql(own)}) AS own, trim({name_sql(column)}), count(*) "
            f"AS c FROM {_sample(file)} WHERE {_filled(own)} AND {_filled(column)} GROUP BY ALL) "
            "GROUP BY own)"
        )
        return untold if (pairs or 0) < FEWEST_PAIRS else float(same / pairs)

    def hangs_on(self, file: str, own: str, column: str) -> bool:
        """Whether rows of one ``own`` agree clearly oftener than any two, though it has several."""
        by_chance = self.chance(file, column)
        return self.agreement(file, own, column, untold=0.0) - by_chance >= CLEARLY * (
            1 - by_chance
        )

    def chance(self, file: str, column: str) -> float:
        """Return how often any two rows have the same in a column."""
        found = self._database.row(
            "SELECT sum(c * (c - 1.0)) / nullif(sum(c) * (sum(c) - 1.0), 0) FROM (SELECT count(*) "
            f"AS c FROM {_sample(file)} WHERE {_filled(column)} GROUP BY {name_sql(column)})"
        )[0]
        return float(found or 0.0)


def _sample(file: str) -> str:
    return name_sql(f"sample of {file}")


def _filled(column: str) -> str:
    cell = f"trim({name_sql(column)})"
    return f"{cell} IS NOT NULL AND lower({cell}) NOT IN {MISSING_SQL}"


def _bare_sql(column: str) -> str:
    return f"lower(regexp_replace(trim({name_sql(column)}), '^0+(.)|\\.0+$', '\\1', 'g'))"
