"""The interactions of an import: typed rows of person, item, moment, value and event."""

from __future__ import annotations

from engine.importing.cells import filled_sql, id_sql, number_sql, say_bad_cells
from engine.importing.clocks import moment_of_row
from engine.importing.database import Database, name_sql, text_sql
from engine.importing.event_words import strength_of
from engine.importing.findings import Findings
from engine.importing.mapping import InteractionsMap
from engine.importing.returns import take_back
from engine.importing.views import View

__all__ = ["LOG", "make_log"]

LOG = "the log"
"""Table: user_id, item_id, moment, value, event (null where there is none), row_number."""


def make_log(
    database: Database,
    view: View,
    mapping: InteractionsMap,
    findings: Findings,
    *,
    keeps_shown: bool = False,
) -> int:
    """Make the table of interactions; rows that cannot be read are left out and counted.

    ``keeps_shown``: impressions, which are no interactions, are kept elsewhere.

    Returns
    -------
    int
        Rows that are left.
    """
    user = id_sql(database, view.column(mapping.person), findings)
    item = id_sql(database, view.column(mapping.item), findings)
    at = moment_of_row(database, view, mapping, findings)
    value = "1.0"
    if mapping.value:
        value = number_sql(database, view.column(mapping.value), findings)
    event, strength = _event_sql(database, view, mapping, findings)
    database.run(
        f"CREATE OR REPLACE TABLE {name_sql(LOG)} AS SELECT {user} AS user_id, {item} AS item_id, "
        f"{at} AS moment, CAST({value} AS FLOAT) AS value, {event} AS event, "
        f"{strength} AS strength FROM {name_sql(view.table)}"
    )
    _say_rows(database, view, mapping, findings, keeps_shown=keeps_shown)
    _without_unrated(database, mapping, view, findings)
    _without_gaps(database, mapping)
    _without_strays(database, mapping, view, findings)
    if mapping.repeats == "again":
        take_back(database, LOG, view.file, findings)
    elif mapping.repeats != "each":
        _as_one(database, mapping, view, findings)
    return int(database.row(f"SELECT count(*) FROM {name_sql(LOG)}")[0])


def _without_unrated(
    database: Database, mapping: InteractionsMap, view: View, findings: Findings
) -> None:
    """Leave out the rows whose value says that nobody rated."""
    if not mapping.value or mapping.unrated is None:
        return
    is_unrated = f"value = CAST({mapping.unrated!r} AS FLOAT)"
    n_rows = database.row(f"SELECT n_if({is_unrated}) FROM {name_sql(LOG)}")[0]
    if n_rows:
        findings.add(
            "left out",
            f"a value of {mapping.unrated:g}, which says that nobody rated (`unrated` in the "
            "mapping; without it these count as the lowest rating)",
            file=view.columns[mapping.value],
            column=mapping.value,
            n_rows=n_rows,
        )
        database.run(f"DELETE FROM {name_sql(LOG)} WHERE {is_unrated}")


def _without_gaps(database: Database, mapping: InteractionsMap) -> None:
    """Leave out the rows that lack something, and give events the sign of their strength."""
    log = name_sql(LOG)
    needs = ["user_id", "item_id", "value", "strength", *(["moment"] if mapping.time else [])]
    database.run(f"DELETE FROM {log} WHERE {' OR '.join(f'{one} IS NULL' for one in needs)}")
    if mapping.event:
        signed = "value * sign(strength)" if mapping.value else "strength"
        database.run(f"UPDATE {log} SET value = CAST({signed} AS FLOAT)")
    database.run(f"ALTER TABLE {log} DROP COLUMN strength")


def _event_sql(
    database: Database, view: View, mapping: InteractionsMap, findings: Findings
) -> tuple[str, str]:
    """Return SQL of the event's word and of its strength: null where such rows are left out."""
    if not mapping.event:
        return "NULL::VARCHAR", "1.0"
    column = view.column(mapping.event)
    words = database.rows(
        f"SELECT {column.cell}, count(*) FROM {column.rows} WHERE {filled_sql(column.cell)} "
        "GROUP BY 1 ORDER BY 2 DESC LIMIT 1001"
    )
    if len(words) > 1000:
        findings.add(
            "problem",
            "more than 1,000 different words are no kinds of event; choose another column",
            file=column.file,
            column=column.name,
        )
        return "NULL::VARCHAR", "1.0"
    known = {word: mapping.events.get(word, strength_of(word)) for word, _ in words}
    unsaid = [word for word, _ in words if word not in mapping.events]
    if unsaid and mapping.events:
        findings.add(
            "odd",
            "events that the mapping does not name: "
            + ", ".join(f"`{word[:40]}` counts {known[word] or 0:g}" for word in unsaid[:5]),
            file=column.file,
            column=column.name,
        )
    cases = " ".join(
        f"WHEN {text_sql(word)} THEN {'NULL' if one is None else float(one)}"
        for word, one in known.items()
    )
    return column.cell, f"CASE {column.cell} {cases} END" if cases else "1.0"


def _say_rows(
    database: Database,
    view: View,
    mapping: InteractionsMap,
    findings: Findings,
    *,
    keeps_shown: bool,
) -> None:
    """Say of each column why rows are left out; a row that lacks two things is counted twice."""
    log = name_sql(LOG)
    required = {"user_id": mapping.person, "item_id": mapping.item}
    for column, name in required.items():
        n_blank = database.row(f"SELECT n_if({column} IS NULL) FROM {log}")[0]
        if n_blank:
            said = "no person is named" if column == "user_id" else "no item is named"
            findings.add("left out", said, file=view.columns[name], column=name, n_rows=n_blank)
    typed = {"moment": (mapping.time, "a date or time"), "value": (mapping.value, "a number")}
    for column, (given, wanted) in typed.items():
        if given:
            _say_typed(database, view, given, column, wanted, findings)
    if mapping.event:
        out = database.rows(
            f"SELECT event, count(*) FROM {log} WHERE strength IS NULL GROUP BY 1 ORDER BY 2 DESC"
        )
        for word, n_rows in out:
            said = "no event is named" if word is None else f"`{word[:40]}` is left out"
            is_kept = keeps_shown and word is not None and strength_of(word) is None
            if is_kept:
                said = f"`{word[:40]}` is no interaction: kept as what was shown"
            findings.add(
                "changed" if is_kept else "left out",
                said,
                file=view.columns[mapping.event],
                column=mapping.event,
                n_rows=n_rows,
            )


def _say_typed(
    database: Database, view: View, name: str, column: str, wanted: str, findings: Findings
) -> None:
    own = view.column(name)
    if not database.row(f"SELECT n_if({column} IS NULL) FROM {name_sql(LOG)}")[0]:
        return
    # The log's rows are in the order of the view's.
    database.run(
        f"CREATE OR REPLACE TEMP TABLE typed AS SELECT {own.cell} AS {name_sql(name)}, made FROM "
        f"{own.rows} POSITIONAL JOIN (SELECT {column} AS made FROM {name_sql(LOG)}) "
        "WHERE made IS NULL"
    )
    cells = type(own)("typed", name, own.file)
    n_bad = say_bad_cells(database, cells, "made", wanted, findings)
    n_blank = database.row("SELECT count(*) FROM typed")[0] - n_bad
    if n_blank:
        findings.add("left out", f"{wanted} is missing", file=own.file, column=name, n_rows=n_blank)


def _without_strays(
    database: Database, mapping: InteractionsMap, view: View, findings: Findings
) -> None:
    """Leave out the few moments far from all others: "now" is the last moment of a log."""
    if not mapping.time:
        return
    log = name_sql(LOG)
    n, low, high = database.row(
        f"SELECT count(*), quantile_disc(moment, 0.01), quantile_disc(moment, 0.99) FROM {log}"
    )
    if n < 100:
        return
    span = f"(TIMESTAMP '{high}' - TIMESTAMP '{low}')"
    early = f"moment < TIMESTAMP '{low}' - greatest({span}, INTERVAL 3650 DAY)"
    late = f"moment > TIMESTAMP '{high}' + greatest({span}, INTERVAL 180 DAY)"
    strays = database.rows(
        f"SELECT moment, count(*) FROM {log} WHERE {early} OR {late} GROUP BY 1 ORDER BY 2 DESC "
        "LIMIT 20"
    )
    if not strays:
        return
    n_rows = database.row(f"SELECT n_if({early} OR {late}) FROM {log}")[0]
    findings.add(
        "left out",
        f"a time far from all others' ({low:%Y-%m-%d} to {high:%Y-%m-%d}); mend it to keep them",
        file=view.columns[mapping.time],
        column=mapping.time,
        n_rows=n_rows,
        examples=[f"{at:%Y-%m-%d %H:%M}" for at, _ in strays],
    )
    database.run(f"DELETE FROM {log} WHERE {early} OR {late}")


def _as_one(database: Database, mapping: InteractionsMap, view: View, findings: Findings) -> None:
    """Make one row of all rows of a person with an item."""
    log = name_sql(LOG)
    n_before = database.row(f"SELECT count(*) FROM {log}")[0]
    rows = {
        # What was taken back counts against what was taken; the first time is when it was.
        "sum": "min(moment) AS moment, CAST(sum(value) AS FLOAT) AS value, "
        "arg_max(event, value) AS event",
        "last": "max(moment) AS moment, last(value ORDER BY moment, rowid) AS value, "
        "last(event ORDER BY moment, rowid) AS event",
    }[mapping.repeats]
    database.run(
        f"CREATE OR REPLACE TABLE {log} AS SELECT user_id, item_id, {rows} FROM {log} "
        "GROUP BY user_id, item_id"
    )
    n_after = database.row(f"SELECT count(*) FROM {log}")[0]
    if n_after < n_before:
        how = {"sum": "their values are added up", "last": "the latest stays"}[mapping.repeats]
        findings.add(
            "changed",
            f"rows of a person and an item that were met before: one row of {n_after:,} each, "
            f"{how}",
            file=view.file,
            n_rows=n_before - n_after,
        )
