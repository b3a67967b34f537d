"""Genres of items: of one column or several, in one row an item or in a row for each genre."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from engine.data.account import Account
from engine.data.genres import BETWEEN, read_genres
from engine.importing.database import Database, name_sql, text_sql
from engine.importing.findings import Findings
from engine.importing.mapping import ItemsMap
from engine.importing.views import View

__all__ = ["genre_cells", "genres_of_items"]

YES = "('1', '1.0', 'true', 't', 'yes', 'y', 'x')"


def genre_cells(database: Database, view: View, mapping: ItemsMap) -> str:
    """Write SQL of a row's genres: one column's cell, or what several columns say together."""
    cells = {name: view.column(name).cell for name in mapping.genres}
    if len(cells) > 1:
        flags = [f"lower({cell}) IN ('0', '0.0', 'false', 'f', 'no', 'n') OR lower({cell}) IN {YES}"
                 f" OR {cell} IS NULL" for cell in cells.values()]  # fmt: skip
        are_flags = database.row(
            f"SELECT {' AND '.join(f'bool_and({one})' for one in flags)} "
            f"FROM {name_sql(view.table)}"
        )[0]
        parts = [
            f"CASE WHEN lower({cell}) IN {YES} THEN {text_sql(name)} END" if are_flags else cell
            for name, cell in cells.items()
        ]
        return f"nullif(concat_ws('{BETWEEN}', {', '.join(parts)}), '')"
    cell = next(iter(cells.values()))
    mark = mapping.genre_separator
    return (
        cell if not mark or mark == BETWEEN else f"replace({cell}, {text_sql(mark)}, '{BETWEEN}')"
    )


def genres_of_items(
    database: Database, rows: str, items: str, view: View, mapping: ItemsMap, findings: Findings
) -> None:
    """Give the table ``items`` its column of genres, with ``|`` between.

    In a list of items every row of an item counts: one row for each of its genres is a usual form.
    Interactions name the genre again and again, now and then with a slip: there the commonest cell
    is taken, unless most items have several that are about as common, which is no slip.

    Parameters
    ----------
    database : Database
    rows : str
        Table with ``item_id`` and ``genres``, as they are written.
    items : str
        Table with ``item_id``; replaced, in the order of the ids.
    view, mapping, findings
    """
    pairs = (
        "SELECT item_id, genres, count(*) AS n, min(rowid) AS place, max(count(*)) OVER "
        f"(PARTITION BY item_id) AS most FROM {rows} WHERE item_id IS NOT NULL AND genres IS NOT "
        "NULL GROUP BY item_id, genres"
    )
    counts = "True" if mapping.files or _are_several(database, pairs) else "FALSE"
    kept = f"{counts} OR row_number() OVER (PARTITION BY item_id ORDER BY n DESC, place) = 1"
    found = database.rows(f"SELECT item_id, genres, place FROM ({pairs}) QUALIFY {kept}")
    _say_several(database, pairs, view, mapping, findings, all_count=counts == "True")
    cells = pd.Series([one[1] for one in found], dtype="str")
    account = Account()
    text = read_genres(cells, view.file, account)
    for note in account.notes:
        findings.add("changed", note.removeprefix(f"{view.file}: "), file=view.file)
    table = {"item_id": [one[0] for one in found], "place": [one[2] for one in found]}
    kinds = (pa.string(), pa.int64(), pa.string())
    arrays = zip((*table.values(), list(text)), kinds, strict=True)
    formed = pa.table([pa.array(*one) for one in arrays], names=["item_id", "place", "text"])
    database.register("formed", formed)
    labels = (
        "SELECT item_id, label, min(place * 1000 + spot) AS first_at FROM (SELECT item_id, place, "
        f"unnest(string_split(text, '{BETWEEN}')) AS label, "
        f"generate_subscripts(string_split(text, '{BETWEEN}'), 1) AS spot FROM formed "
        "WHERE text <> '') GROUP BY item_id, label"
    )
    table_sql = name_sql(items)
    database.run(
        f"CREATE OR REPLACE TABLE {table_sql} AS SELECT i.*, l.genres FROM {table_sql} i LEFT JOIN "
        f"(SELECT item_id, string_agg(label, '{BETWEEN}' ORDER BY first_at) AS genres FROM "
        f"({labels}) GROUP BY item_id) l USING (item_id) ORDER BY item_id"
    )


def _are_several(database: Database, pairs: str) -> bool:
    """Whether most items with several rows have several cells about as often as the commonest."""
    share = database.row(
        "SELECT avg(CASE WHEN n_alike > 1 THEN 1.0 ELSE 0.0 END) FROM (SELECT n_if(2 * n >= most) "
        f"AS n_alike FROM ({pairs}) GROUP BY item_id HAVING sum(n) > 1)"
    )[0]
    return (share or 0.0) > 0.5


def _say_several(
    database: Database,
    pairs: str,
    view: View,
    mapping: ItemsMap,
    findings: Findings,
    *,
    all_count: bool,
) -> None:
    found = database.rows(
        "SELECT item_id, list_sort(list(genres))[:3]::VARCHAR, count(*) OVER () FROM "
        f"({pairs}) GROUP BY item_id HAVING count(*) > 1 ORDER BY item_id LIMIT 20"
    )
    if found:
        how = "all of their genres are taken" if all_count else "the commonest is taken"
        findings.add(
            "changed",
            f"items that have several of `{', '.join(mapping.genres)}`: {how}",
            file=view.file,
            n_rows=found[0][2],
            examples=[f"{item}: {some}" for item, some, _ in found],
        )
