"""What looks odd in an import although it can be taken: said before anything is fitted."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.data.wording import counted
from engine.formats import percent
from engine.importing.catalogue import ITEMS
from engine.importing.database import Database, name_sql
from engine.importing.findings import Findings
from engine.importing.log import LOG
from engine.importing.people import PEOPLE
from engine.metrics.statistics.policy import POLICY

__all__ = ["say_what_is_odd"]

MUCH = 0.2
MOST = 0.5
FEW = 5
LEAST_PEOPLE, LEAST_ITEMS = 100, 50
SMALL_GROUP = POLICY.least_n
"""People that a group needs to be shown."""


def say_what_is_odd(
    database: Database, findings: Findings, *, has_time: bool, keeps_repeats: bool = False
) -> None:
    """Look at the tables of an import as a whole."""
    n = database.row(f"SELECT count(*) FROM {name_sql(LOG)}")[0]
    if not n:
        findings.add("problem", "no interaction is left; see above what was left out")
        return
    _concentration(database, findings, n)
    _activity(database, findings)
    _repeats(database, findings, n, keeps=keeps_repeats)
    _noughts(database, findings, n)
    if has_time:
        _times(database, findings)
    else:
        findings.add(
            "odd",
            "there is no time: the test is a random fifth of what each person liked, the split at "
            "one moment cannot be made, nothing is learned from order, and ages count from the "
            "newest item",
        )
    _genres(database, findings)
    _groups(database, findings)


def _concentration(database: Database, findings: Findings, n: int) -> None:
    for column, noun in (("user_id", "person"), ("item_id", "item")):
        one, count = database.row(
            f"SELECT {column}, count(*) FROM {name_sql(LOG)} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
        )
        if count > MUCH * n:
            findings.add(
                "odd",
                f"one {noun} (`{one[:40]}`) has {percent(count / n)} of all interactions: is it a "
                "test account, a till, or what stands for nobody",
                n_rows=count,
            )


def _activity(database: Database, findings: Findings) -> None:
    n_people, n_few, n_items, n_once = database.row(
        f"SELECT (SELECT count(*) FROM (SELECT count(*) AS c FROM {name_sql(LOG)} GROUP BY "
        f"user_id)), (SELECT n_if(c < {FEW}) FROM (SELECT count(*) AS c FROM {name_sql(LOG)} "
        f"GROUP BY user_id)), (SELECT count(*) FROM (SELECT 1 FROM {name_sql(LOG)} GROUP BY "
        f"item_id)), (SELECT n_if(c = 1) FROM (SELECT count(*) AS c FROM {name_sql(LOG)} "
        "GROUP BY item_id))"
    )
    if n_few > MOST * n_people:
        findings.add(
            "odd",
            f"{percent(n_few / n_people)} of {n_people:,} people have fewer than {FEW} "
            "interactions: little can be learned of them, and lists lean on what is popular",
        )
    if n_once > MOST * n_items:
        findings.add(
            "odd",
            f"{percent(n_once / n_items)} of {n_items:,} items were met once: most have no signal",
        )
    if n_people < LEAST_PEOPLE or n_items < LEAST_ITEMS:
        findings.add(
            "odd",
            f"{n_people:,} people and {n_items:,} items are few: intervals will be wide, and "
            "groups mostly too small to be shown",
        )


KEPT = "each counts, and lists may hold what they have met"
ONCE = (
    "an item counts once for each person, and lists hold only what they have not met; where people "
    "take the same again, as groceries, say so (`repeats`: `again`)"
)


def _repeats(database: Database, findings: Findings, n: int, *, keeps: bool) -> None:
    n_pairs, n_rows = database.row(
        f"SELECT (SELECT count(*) FROM (SELECT 1 FROM {name_sql(LOG)} GROUP BY user_id, item_id)), "
        f"(SELECT count(*) FROM (SELECT DISTINCT user_id, item_id, moment, value, event "
        f"FROM {name_sql(LOG)}))"
    )
    if n_rows < n:
        findings.add(
            "odd",
            "the same rows again, in every column; each counts once for a list",
            n_rows=n - n_rows,
        )
    if n_pairs < (1 - MUCH) * n:
        findings.add(
            "odd",
            f"{percent(1 - n_pairs / n)} of interactions are with an item that the person had met "
            f"before: {KEPT if keeps else ONCE}",
        )


def _noughts(database: Database, findings: Findings, n: int) -> None:
    """Point at ratings of 0 among others: in many files they say that nobody rated."""
    n_nought, low, second, top = database.row(
        f"SELECT n_if(value = 0), min(value), min(value) FILTER (value > 0), max(value) "
        f"FROM {name_sql(LOG)}"
    )
    if low == 0 and second == 1 and top in (5, 10) and n_nought > 0.1 * n:
        findings.add(
            "odd",
            f"values of 0 where others are 1 to {top:g}: if 0 says that nobody rated, these are "
            "taken for the lowest rating; say so to leave them out (`unrated`: 0)",
            n_rows=n_nought,
        )


def _times(database: Database, findings: Findings) -> None:
    first, last, n_late = database.row(
        f"SELECT min(moment), max(moment), n_if(moment > $1) FROM {name_sql(LOG)}",
        [datetime.now(UTC).replace(tzinfo=None)],
    )
    if (last - first).days < 1:
        findings.add(
            "odd",
            f"everything is of one day ({first:%Y-%m-%d}): the test is a matter of hours, or of "
            "the order in which rows were written",
        )
    if n_late:
        findings.add("odd", f"a time that is still to come, up to {last:%Y-%m-%d}", n_rows=n_late)


def _genres(database: Database, findings: Findings) -> None:
    columns = database.column(f"SELECT column_name FROM (DESCRIBE {name_sql(ITEMS)})")
    if "genres" not in columns:
        findings.add(
            "odd",
            "items have no genres or categories: caps by genre, calibration, and everything by "
            "genre are off",
        )
        return
    n, n_none = database.row(f"SELECT count(*), n_if(genres IS NULL) FROM {name_sql(ITEMS)}")
    if n_none:
        findings.add("odd", f"{n_none:,} of {n:,} items ({percent(n_none / n)}) have no genre")


def _groups(database: Database, findings: Findings) -> None:
    described = database.column(f"SELECT column_name FROM (DESCRIBE {name_sql(PEOPLE)})")
    for name in described:
        if name == "user_id":
            continue
        small = database.rows(
            f"SELECT {name_sql(name)} FROM {name_sql(PEOPLE)} WHERE {name_sql(name)} IS NOT NULL "
            f"GROUP BY 1 HAVING count(*) < {SMALL_GROUP} ORDER BY count(*), 1"
        )
        if small:
            findings.add(
                "odd",
                f"{counted(len(small), 'group')} of fewer than {SMALL_GROUP} people: not shown",
                file="people",
                column=name,
                examples=[label for (label,) in small],  # how many are in it would be said
            )
