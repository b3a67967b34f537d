"""The items of an import: from their own file, or made from the interactions."""

from __future__ import annotations

from engine.data.contract import ITEM_COLUMNS
from engine.data.free_text import MOST_CHARACTERS
from engine.data.wording import counted
from engine.importing.cells import id_sql, say_bad_cells
from engine.importing.database import Database, name_sql
from engine.importing.findings import Findings
from engine.importing.genres_in_rows import genre_cells, genres_of_items
from engine.importing.log import LOG
from engine.importing.mapping import ItemsMap
from engine.importing.times import moment_sql
from engine.importing.views import View

__all__ = ["ITEMS", "make_items"]

ITEMS = "the items"
"""Table: item_id, title, genres, released, provider, and the further columns."""


def make_items(database: Database, view: View, mapping: ItemsMap, findings: Findings) -> int:
    """Make the table of items: one row each, in the order of their ids.

    Where an item has several rows, each column has its commonest cell (a till writes one article
    in many ways), and its genres are those of all of them (see
    :func:`engine.importing.genres_in_rows.genres_of_items`). Without a title the id stands for
    it. Every item of the log is an item.

    Returns
    -------
    int
        Number of items.
    """
    own = id_sql(database, view.column(mapping.item), findings)
    cells = _cells(database, view, mapping, findings)
    taken = "".join(f", {sql} AS {name_sql(name)}" for name, sql in cells.items())
    database.run(
        f"CREATE OR REPLACE TEMP TABLE listed AS SELECT {own} AS item_id{taken} "
        f"FROM {name_sql(view.table)}"
    )
    n_blank = database.row("SELECT n_if(item_id IS NULL) FROM listed")[0]
    if n_blank and mapping.files:
        findings.add(
            "left out", "no item is named", file=view.file, column=mapping.item, n_rows=n_blank
        )
    _say_differing(database, view, mapping, cells, findings)
    commonest = "".join(
        f", mode({name_sql(name)}) AS {name_sql(name)}" for name in cells if name != "genres"
    )
    database.run(
        f"CREATE OR REPLACE TABLE {name_sql(ITEMS)} AS SELECT item_id{commonest} FROM listed "
        "WHERE item_id IS NOT NULL GROUP BY item_id ORDER BY item_id"
    )
    if "genres" in cells:
        genres_of_items(database, "listed", ITEMS, view, mapping, findings)
    database.run("DROP TABLE listed")
    _add_unlisted(database, view, mapping, findings)
    _say_titles(database, view, mapping, findings)
    return int(database.row(f"SELECT count(*) FROM {name_sql(ITEMS)}")[0])


def _cells(database: Database, view: View, mapping: ItemsMap, findings: Findings) -> dict[str, str]:
    """Return SQL of every column that items get."""
    cells = {}
    for name, column in (("title", mapping.title), ("provider", mapping.provider)):
        if column:
            cells[name] = _label(view, column)
    if mapping.genres:
        cells["genres"] = genre_cells(database, view, mapping)
    if mapping.released:
        cells["released"] = moment_sql(database, view.column(mapping.released), findings)
        _say_unknown_dates(database, view, mapping.released, cells["released"], findings)
    for name in mapping.columns:
        if name != mapping.item and name.casefold() not in ITEM_COLUMNS:
            cells[name] = f"left({_label(view, name)}, {MOST_CHARACTERS})"
    return cells


def _label(view: View, name: str) -> str:
    # A film may be called "NA": only nothing is nothing here.
    return f"regexp_replace({view.column(name).cell}, '\\s+', ' ', 'g')"


def _say_unknown_dates(
    database: Database, view: View, name: str, made: str, findings: Findings
) -> None:
    before = Findings()
    if say_bad_cells(database, view.column(name), made, "a date or year", before):
        for one in before:
            findings.add(
                "changed",
                "release dates that are none are unknown",
                file=one.file,
                column=one.column,
                n_rows=one.n_rows,
                examples=one.examples,
            )


def _say_differing(
    database: Database, view: View, mapping: ItemsMap, cells: dict[str, str], findings: Findings
) -> None:
    for name in (one for one in cells if one != "genres"):
        found = database.rows(
            f"SELECT item_id, list_sort(list(DISTINCT {name_sql(name)}))[:3]::VARCHAR, "
            "count(*) OVER () FROM listed WHERE item_id IS NOT NULL GROUP BY item_id "
            f"HAVING count(DISTINCT {name_sql(name)}) > 1 ORDER BY item_id LIMIT 20"
        )
        if found:
            own = {"title": mapping.title, "provider": mapping.provider}.get(name)
            findings.add(
                "changed",
                f"items that have several of `{own or name}`: the commonest is taken",
                file=view.file,
                n_rows=found[0][2],
                examples=[f"{item}: {some}" for item, some, _ in found],
            )


def _add_unlisted(database: Database, view: View, mapping: ItemsMap, findings: Findings) -> None:
    """Give items of the log that are in no list a row of their own."""
    log, items = name_sql(LOG), name_sql(ITEMS)
    unlisted = f"SELECT item_id FROM {log} WHERE item_id NOT IN (SELECT item_id FROM {items})"
    n_rows, n_items = database.row(f"SELECT count(*), count(DISTINCT item_id) FROM ({unlisted})")
    if not n_rows:
        return
    if mapping.files and _spell_alike(database, view, mapping, n_items, findings):
        n_rows, n_items = database.row(
            f"SELECT count(*), count(DISTINCT item_id) FROM ({unlisted})"
        )
    if n_rows and mapping.files:
        findings.add(
            "odd",
            f"interactions with {n_items:,} items that are not listed there: these have their id "
            "as title and nothing else",
            file=view.file,
            column=mapping.item,
            n_rows=n_rows,
            examples=database.column(
                f"SELECT item_id FROM ({unlisted}) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 20"
            ),
        )
    database.run(f"INSERT INTO {items} (item_id) SELECT DISTINCT item_id FROM ({unlisted})")


def _spell_alike(
    database: Database, view: View, mapping: ItemsMap, n_items: int, findings: Findings
) -> bool:
    """Write the log's ids as the list does, where only noughts in front or case differ."""
    bare = "lower(regexp_replace({0}, '^0+(.)', '\\1'))"
    items = name_sql(ITEMS)
    database.run(
        f"CREATE OR REPLACE TEMP TABLE alike AS SELECT {bare.format('item_id')} AS bare, "
        f"min(item_id) AS item_id FROM {items} GROUP BY 1 HAVING count(*) = 1"
    )
    lost = f"SELECT DISTINCT item_id FROM {name_sql(LOG)} WHERE item_id NOT IN " \
           f"(SELECT item_id FROM {items})"  # fmt: skip
    n_found = database.row(
        f"SELECT count(*) FROM ({lost}) l JOIN alike a ON a.bare = {bare.format('l.item_id')}"
    )[0]
    if n_found < 0.5 * n_items:
        return False
    examples = database.rows(
        f"SELECT l.item_id, a.item_id FROM ({lost}) l JOIN alike a "
        f"ON a.bare = {bare.format('l.item_id')} ORDER BY 1 LIMIT 20"
    )
    database.run(
        f"UPDATE {name_sql(LOG)} SET item_id = a.item_id FROM alike a WHERE "
        f"a.bare = {bare.format(name_sql(LOG) + '.item_id')} AND {name_sql(LOG)}.item_id NOT IN "
        f"(SELECT item_id FROM {items})"
    )
    findings.add(
        "changed",
        f"{n_found:,} items are written there with other noughts in front or in other case; their "
        "ids are taken to be the same",
        file=view.file,
        column=mapping.item,
        examples=[f"{one} = {other}" for one, other in examples],
    )
    return True


def _say_titles(database: Database, view: View, mapping: ItemsMap, findings: Findings) -> None:
    items = name_sql(ITEMS)
    if not mapping.title:
        findings.add("odd", "items have no titles: their ids stand for them", file=view.file)
        database.run(f"ALTER TABLE {items} ADD COLUMN title VARCHAR")
    n_none = database.row(f"SELECT n_if(title IS NULL) FROM {items}")[0]
    if n_none and mapping.title:
        findings.add(
            "changed",
            f"{counted(n_none, 'item')} without a title: the id stands for it",
            file=view.file,
            column=mapping.title,
        )
    database.run(f"UPDATE {items} SET title = item_id WHERE title IS NULL")
