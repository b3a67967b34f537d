"""Returns of what people take again and again: they take back the latest of what was taken."""

from __future__ import annotations

from engine.importing.database import Database, name_sql
from engine.importing.findings import Findings

__all__ = ["take_back"]


def take_back(database: Database, table: str, file: str, findings: Findings) -> None:
    """Let rows with a value below nought take back rows of the same person and item, latest first.

    A row that was taken back in part keeps the rest; what was taken back whole is left out, and so
    are the returns themselves, also those of what was bought before the log begins.

    Parameters
    ----------
    database : Database
    table : str
        With ``user_id``, ``item_id``, ``moment`` and ``value``; replaced.
    file : str
        To say it of.
    findings : Findings
    """
    log = name_sql(table)
    n_returns, n_before = database.row(f"SELECT n_if(value < 0), count(*) FROM {log}")
    if not n_returns:
        return
    database.run(
        f"CREATE OR REPLACE TABLE {log} AS WITH later AS (SELECT *, -sum(least(value, 0)) OVER "
        "(PARTITION BY user_id, item_id) AS returned, sum(greatest(value, 0)) OVER (PARTITION BY "
        "user_id, item_id ORDER BY moment DESC NULLS LAST, rowid DESC ROWS UNBOUNDED PRECEDING) "
        f"AS taken FROM {log}), kept AS (SELECT * REPLACE (CAST(least(value, taken - returned) AS "
        "FLOAT) AS value) FROM later WHERE value >= 0) SELECT * EXCLUDE (returned, taken) FROM "
        "kept WHERE value > 0 OR (value = 0 AND returned = 0)"
    )
    n_after = database.row(f"SELECT count(*) FROM {log}")[0]
    findings.add(
        "changed",
        "returns take back what the person took last of the item: with them "
        f"{n_before - n_after:,} rows go, {n_after:,} stay",
        file=file,
        n_rows=n_returns,
    )
