"""The people of an import: groups from whatever describes them, and ids that are safe to show."""

from __future__ import annotations

import os
import secrets

from engine.data.limits import MOST_LABELS, MOST_PEOPLE_COLUMNS
from engine.data.missing_words import EXACT, WORDS
from engine.importing.bands import into_bands
from engine.importing.cells import id_sql
from engine.importing.column_words import PERSONAL
from engine.importing.database import Database, name_sql, text_sql
from engine.importing.findings import Findings
from engine.importing.log import LOG
from engine.importing.mapping import Ids, PeopleMap
from engine.importing.views import View

__all__ = ["KEY_VARIABLE", "PEOPLE", "hide_ids", "make_people"]

PEOPLE = "the people"
"""Table: user_id and one column of labels for each attribute, null where unknown."""

KEY_VARIABLE = "RERANK_STUDIO_ID_KEY"
KEPT_LABELS = 30
FEW_NUMBERS = 10


def make_people(database: Database, view: View, mapping: PeopleMap, findings: Findings) -> int:
    """Make the table of people: everybody of the log, one row each, in the order of their ids.

    Ages become bands, other numbers five bands of about as many people each; of many labels the
    commonest 30 stay and the others are ``other``. Where somebody has several values of a column
    (a country in each row of a log), the commonest is taken.

    Returns
    -------
    int
        Number of people.
    """
    if not mapping.files and not mapping.columns:
        database.run(
            f"CREATE OR REPLACE TABLE {name_sql(PEOPLE)} AS SELECT DISTINCT user_id FROM "
            f"{name_sql(LOG)} ORDER BY user_id"
        )
        return int(database.row(f"SELECT count(*) FROM {name_sql(PEOPLE)}")[0])
    own = id_sql(database, view.column(mapping.person), findings if mapping.files else Findings())
    chosen = [name for name in mapping.columns if name.casefold() != "user_id"]
    columns = chosen[:MOST_PEOPLE_COLUMNS]
    if len(columns) < len(chosen):
        findings.add(
            "odd",
            f"at most {MOST_PEOPLE_COLUMNS} columns can describe people; the first are taken",
            file=view.file,
        )
    labels = "".join(f", {_label(view, name)} AS {name_sql(name)}" for name in columns)
    database.run(
        f"CREATE OR REPLACE TEMP TABLE described AS SELECT {own} AS user_id{labels} "
        f"FROM {name_sql(view.table)}"
    )
    for name in columns:
        _say_differing(database, view, name, findings)
    commonest = "".join(f", mode({name_sql(name)}) AS {name_sql(name)}" for name in columns)
    database.run(
        f"CREATE OR REPLACE TABLE {name_sql(PEOPLE)} AS SELECT user_id{commonest} FROM "
        f"(SELECT DISTINCT user_id FROM {name_sql(LOG)}) LEFT JOIN described USING (user_id) "
        "GROUP BY user_id ORDER BY user_id"
    )
    if mapping.files:
        _say_unmatched(database, view, mapping, findings)
    database.run("DROP TABLE described")
    for name in columns:
        _into_groups(database, view, name, findings)
    return int(database.row(f"SELECT count(*) FROM {name_sql(PEOPLE)}")[0])


def _label(view: View, name: str) -> str:
    cell = view.column(name).cell
    words = ", ".join(map(text_sql, sorted(WORDS)))
    exact = ", ".join(map(text_sql, sorted(EXACT)))
    return f"CASE WHEN lower({cell}) NOT IN ({words}) AND {cell} NOT IN ({exact}) THEN {cell} END"


def _say_differing(database: Database, view: View, name: str, findings: Findings) -> None:
    found = database.rows(
        f"SELECT list_sort(list(DISTINCT {name_sql(name)}))[:3]::VARCHAR, "
        "count(*) OVER () FROM described WHERE user_id IS NOT NULL GROUP BY user_id "
        f"HAVING count(DISTINCT {name_sql(name)}) > 1 ORDER BY user_id LIMIT 20"
    )
    if found:
        findings.add(
            "changed",
            f"{found[0][1]:,} people have several values: the commonest of each is taken",
            file=view.file,
            column=name,
            examples=[some for some, _ in found],
        )


def _say_unmatched(database: Database, view: View, mapping: PeopleMap, findings: Findings) -> None:
    log = name_sql(LOG)
    n_all, n_lost = database.row(
        f"SELECT count(*), n_if(user_id NOT IN (SELECT user_id FROM described WHERE user_id "
        f"IS NOT NULL)) FROM {name_sql(PEOPLE)}"
    )
    n_idle = database.row(
        "SELECT count(DISTINCT user_id) FROM described WHERE user_id NOT IN "
        f"(SELECT user_id FROM {log})"
    )[0]
    if n_lost == n_all:
        findings.add(
            "problem",
            "nobody of the interactions is in it; write the ids in the same way in both files, or "
            "choose another column",
            file=view.file,
            column=mapping.person,
        )
    elif n_lost:
        findings.add(
            "odd",
            f"{n_lost:,} of {n_all:,} people of the interactions are not in it: everything about "
            "them is unknown",
            file=view.file,
            column=mapping.person,
        )
    if n_idle:
        findings.add("left out", "people without any interaction", file=view.file, n_rows=n_idle)


def _into_groups(database: Database, view: View, name: str, findings: Findings) -> None:
    """Make few labels of many; leave a column out where that cannot be done."""
    people, column = name_sql(PEOPLE), name_sql(name)
    number = f"try_cast({column} AS DOUBLE)"
    n_known, n_labels, n_numbers = database.row(
        f"SELECT count({column}), count(DISTINCT {column}), count({number}) FROM {people}"
    )
    if n_labels < 2:
        why = "everybody has the same" if n_labels else "nothing is known"
        _leave_out(database, view, name, f"{why}: it divides nobody", findings)
    elif n_labels > FEW_NUMBERS and n_numbers > 0.9 * n_known:
        into_bands(database, PEOPLE, view, name, findings)
    elif n_labels > MOST_LABELS and 2 * n_labels > n_known:
        said = f"{n_labels:,} different labels for {n_known:,} people: nearly everybody is alone"
        _leave_out(database, view, name, said, findings)
    elif n_labels > MOST_LABELS:
        kept = (
            f"SELECT {column} FROM {people} WHERE {column} IS NOT NULL GROUP BY 1 "
            f"ORDER BY count(*) DESC, 1 LIMIT {KEPT_LABELS}"
        )
        n_other = database.row(f"SELECT count(*) FROM {people} WHERE {column} NOT IN ({kept})")[0]
        database.run(f"UPDATE {people} SET {column} = 'other' WHERE {column} NOT IN ({kept})")
        findings.add(
            "changed",
            f"of {n_labels:,} different labels the commonest {KEPT_LABELS} stay; {n_other:,} "
            "people are `other`",
            file=view.columns[name],
            column=name,
        )


def _leave_out(database: Database, view: View, name: str, why: str, findings: Findings) -> None:
    database.run(f"ALTER TABLE {name_sql(PEOPLE)} DROP COLUMN {name_sql(name)}")
    findings.add("changed", f"{why}; not used", file=view.columns[name], column=name)


def hide_ids(
    database: Database, ids: Ids, findings: Findings, *, also: tuple[str, ...] = ()
) -> None:
    """Write people's ids otherwise where that was asked for; point at ids that name somebody.

    ``hash``: the first 16 digits of SHA-256 over a key and the id. The key is that of the
    environment's ``RERANK_STUDIO_ID_KEY``, else drawn anew and kept nowhere. ``hide``: numbers,
    in an order drawn anew. ``also`` names tables beside the people and the log; rows there of
    people who are not among them go.
    """
    people, log = name_sql(PEOPLE), name_sql(LOG)
    if ids == "keep":
        _say_personal(database, findings)
        return
    key = os.environ.get(KEY_VARIABLE) or secrets.token_hex(16)
    made = f"substr(sha256({text_sql(key)} || user_id), 1, 16)"
    if ids == "hide":
        made = f"printf('p%06d', row_number() OVER (ORDER BY sha256({text_sql(key)} || user_id)))"
    database.run(
        f"CREATE OR REPLACE TEMP TABLE hidden AS SELECT user_id, {made} AS new_id FROM {people}"
    )
    for table in (people, log, *map(name_sql, also)):
        database.run(
            f"CREATE OR REPLACE TABLE {table} AS SELECT t.* REPLACE (h.new_id AS user_id) "
            f"FROM {table} t JOIN hidden h USING (user_id)"
        )
    database.run("DROP TABLE hidden")
    how = {"hash": "hashed with a key that is not kept", "hide": "numbers in a random order"}[ids]
    findings.add("changed", f"people's ids are {how}")


def _say_personal(database: Database, findings: Findings) -> None:
    for what, form in PERSONAL.items():
        n_all, n_like = database.row(
            f"SELECT count(*), n_if(regexp_full_match(user_id, $1)) FROM {name_sql(PEOPLE)}",
            [form],
        )
        if 2 * n_like > n_all:
            findings.add(
                "odd",
                f"people's ids look like {what} each: hash or hide them, they are shown on pages "
                "and in files",
            )
