"""Numbers with something beside them: ``4/5``, ``4 stars``, ``0:04:30``."""

from __future__ import annotations

from engine.importing.database import Database

__all__ = ["number_in_words"]

NUMBER = r"[-+]?\d+(?:\.\d+)?"
OUT_OF = rf"({NUMBER})\s*(?:/|out of|of)\s*(\d+)"
WITH_UNIT = rf"({NUMBER})\s*([a-zA-Z★]+)"
CLOCK = r"\d{1,3}(:\d\d){1,2}"
MOST = 0.5


def number_in_words(database: Database, rows: str, cell: str) -> tuple[str, str] | None:
    """Return what is said of a column whose numbers have something beside them, and their SQL.

    All must have the same beside them: marks out of five, one unit. ``5 kg`` and ``3 lb`` are no
    numbers that can be put side by side.

    Parameters
    ----------
    database : Database
    rows, cell : str
        SQL of a table and of the text in it.

    Returns
    -------
    (str, str) or None
        None for a column of plain numbers, and of anything else.
    """
    upper = f"lower({cell})"
    unit = f"rtrim(regexp_extract({upper}, '^{WITH_UNIT}$', 2), 's')"
    of = f"regexp_extract({upper}, '^{OUT_OF}$', 2)"
    n, n_clock, n_of, n_ofs, n_unit, n_units = database.row(
        f"SELECT count({cell}), n_if(regexp_full_match({cell}, $1)), "
        f"n_if(regexp_full_match({upper}, $2)), count(DISTINCT {of}) FILTER ({of} <> ''), "
        f"n_if(regexp_full_match({upper}, $3)), count(DISTINCT {unit}) FILTER ({unit} <> '') "
        f"FROM {rows} WHERE try_cast({cell} AS DOUBLE) IS NULL",
        [CLOCK, OUT_OF, WITH_UNIT],
    )
    least = MOST * n
    if n_clock > least:
        parts = f"list_transform(string_split({cell}, ':'), lambda x: CAST(x AS DOUBLE))"
        seconds = f"list_reduce({parts}, lambda a, b: 60 * a + b)"
        return (
            "hours, minutes and seconds are read as seconds",
            f"CASE WHEN regexp_full_match({cell}, '{CLOCK}') THEN {seconds} END",
        )
    for form, n_alike, n_kinds, said in (
        (OUT_OF, n_of, n_ofs, "marks out of so many are read as the mark"),
        (WITH_UNIT, n_unit, n_units, "the word after the number falls away"),
    ):
        if n_alike > least and n_kinds == 1:
            return said, f"try_cast(regexp_extract({upper}, '^{form}$', 1) AS DOUBLE)"
    return None
