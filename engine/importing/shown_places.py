"""What was shown, out of the rows of an import: kept beside the interactions, as the log of a fit.

A row of interactions counts what somebody did; an impression is none. Where rows say at which place
something was shown, or with which chance, they are all kept as a table of their own, in the columns
of the data contract (:mod:`engine.data.shown` joins what came of a place to its impression).
"""

from __future__ import annotations

from engine.data.contract import IMPRESSION, LOG_NUMBERS, LOG_TEXTS
from engine.importing.cells import filled_sql, id_sql, number_sql
from engine.importing.clocks import moment_of_row
from engine.importing.database import Database, name_sql, text_sql
from engine.importing.event_words import strength_of
from engine.importing.findings import Findings
from engine.importing.mapping import InteractionsMap, ShownMap
from engine.importing.views import View

__all__ = ["SHOWN", "make_shown", "shown_columns"]

SHOWN = "what was shown"
"""Table of the columns of a log; it is there where an import has one."""

RANGES = {
    "position": ("at least 0", "{0} >= 0"),
    "propensity": ("more than 0 and at most 1", "{0} > 0 AND {0} <= 1"),
    "seconds": ("at least 0", "{0} >= 0"),
}
"""Column → what a number there must be, in words and as a condition."""


def shown_columns(shown: ShownMap) -> dict[str, str]:
    """Return the mapped columns: name of the contract → column of a file."""
    named = {name: getattr(shown, name) for name in (*LOG_NUMBERS, *LOG_TEXTS)}
    return {name: column for name, column in named.items() if column}


def make_shown(
    database: Database, view: View, mapping: InteractionsMap, shown: ShownMap, findings: Findings
) -> int:
    """Make the table of what was shown; a number out of range is as if it were not said.

    Returns
    -------
    int
        Impressions; with none there is no table.
    """
    columns = shown_columns(shown)
    if not mapping.event or not ({"position", "propensity"} & set(columns)):
        return 0
    cell = view.column(mapping.event).cell
    words = database.column(
        f"SELECT DISTINCT {cell} FROM {name_sql(view.table)} WHERE {filled_sql(cell)} LIMIT 1000"
    )
    shown_words = ", ".join(text_sql(word) for word in words if strength_of(word) is None)
    if not shown_words:
        findings.add(
            "odd",
            "no event is an impression (`impression`, `shown`), so places and chances say nothing",
            file=view.columns[mapping.event],
            column=mapping.event,
        )
        return 0
    said = Findings()  # of ids and times the interactions have said it already
    made = {
        "user_id": id_sql(database, view.column(mapping.person), said),
        "item_id": id_sql(database, view.column(mapping.item), said),
        "timestamp": moment_of_row(database, view, mapping, said),
        "event": f"CASE WHEN {cell} IN ({shown_words}) THEN '{IMPRESSION}' ELSE {cell} END",
    }
    for name, given in columns.items():
        own = view.column(given)
        is_text = name in LOG_TEXTS
        made[name] = (
            f"coalesce({own.cell}, '')" if is_text else _number(database, view, name, given)
        )
    selected = ", ".join(f"{sql} AS {name}" for name, sql in made.items())
    needed = ["user_id", "item_id", "event", *(["timestamp"] if mapping.time else [])]
    database.run(
        f"CREATE OR REPLACE TABLE {name_sql(SHOWN)} AS SELECT * FROM "
        f"(SELECT {selected} FROM {name_sql(view.table)}) "
        f"WHERE {' AND '.join(f'{one} IS NOT NULL' for one in needed)}"
    )
    for name, given in columns.items():
        _say_numbers(database, view, name, given, findings)
    n_rows = f"SELECT n_if(event = '{IMPRESSION}') FROM {name_sql(SHOWN)}"
    return int(database.row(n_rows)[0])


def _number(database: Database, view: View, name: str, given: str) -> str:
    number = number_sql(database, view.column(given), Findings())
    return f"CASE WHEN {RANGES[name][1].format(f'({number})')} THEN {number} END"


def _say_numbers(database: Database, view: View, name: str, given: str, findings: Findings) -> None:
    if name in LOG_TEXTS:
        return
    own = view.column(given)
    is_bad = f"{filled_sql(own.cell)} AND ({_number(database, view, name, given)}) IS NULL"
    n_bad, examples = database.row(
        f"SELECT n_if({is_bad}), list(DISTINCT {own.cell}) FILTER ({is_bad}) FROM {own.rows}"
    )
    if n_bad:
        findings.add(
            "changed",
            f"cells that hold no number {RANGES[name][0]} are read as not said",
            file=own.file,
            column=given,
            n_rows=n_bad,
            examples=sorted(examples)[:20],
        )
