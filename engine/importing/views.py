"""Tables of raw cells for one purpose: files of equal columns under each other, others joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.importing.cells import Column, id_sql
from engine.importing.database import Database, name_sql
from engine.importing.findings import Findings
from engine.importing.loading import load
from engine.importing.mapping import Join
from engine.importing.sources import Source

__all__ = ["View", "make_view"]


@dataclass(frozen=True)
class View:
    """A table of text cells in the database.

    Attributes
    ----------
    table : str
    file : str
        What sentences call it: its files.
    columns : dict
        Column → file that it is from.
    n_rows : int
    """

    table: str
    file: str
    columns: Mapping[str, str]
    n_rows: int

    def column(self, name: str) -> Column:
        """Return one of the columns."""
        return Column(self.table, name, self.columns[name])


def make_view(
    database: Database,
    sources: Mapping[str, Source],
    files: Sequence[str],
    wanted: Iterable[str | None],
    joins: Sequence[Join],
    findings: Findings,
    *,
    keeps_all: Sequence[str] = (),
) -> View | None:
    """Load the wanted columns of files, and join those that are in another file.

    What cannot be found is a problem, each column by itself; then there is no view.

    Parameters
    ----------
    database, sources, findings
    files : sequence of str
        Of equal columns; at least one.
    wanted : iterable of str or None
        Columns; None stands for what is not mapped.
    joins : sequence of Join
    keeps_all : sequence of str
        Columns of which something may have several, in rows of a joined file: then it has as many
        rows here. Of all others the first row is taken.
    """
    names = list(dict.fromkeys(name for name in wanted if name))
    if not _are_there(sources, files, findings):
        return None
    base = sources[files[0]].columns
    needed, used = _plan(sources, base, names, joins)
    lost = [one for one in names if one not in base and one not in needed]
    for name in lost:
        findings.add(
            "problem",
            f"there is no column `{name[:60]}`, only {_some(base)}; choose another",
            file=", ".join(files[:3]),
        )
    if lost:
        return None
    own = [name for name in dict.fromkeys([*names, *(join.by for join in used)]) if name in base]
    table, n_rows = _under_each_other(database, sources, files, own, findings)
    columns = dict.fromkeys(own, files[0] if len(files) == 1 else f"{files[0]} …")
    for join in used:
        theirs = [name for name in needed if needed[name] == join.file and name not in columns]
        leads = {one.by for one in used if needed.get(one.by) == join.file}
        all_rows = bool({*theirs} & ({*keeps_all} | leads))
        table = _joined(
            database, sources, table, columns, join, theirs, findings, all_rows=all_rows
        )
        columns |= dict.fromkeys(theirs, join.file)
    return View(table, ", ".join(files[:3]) + (" …" if len(files) > 3 else ""), columns, n_rows)


def _are_there(sources: Mapping[str, Source], files: Sequence[str], findings: Findings) -> bool:
    lacking = [name for name in files if name not in sources]
    for name in lacking:
        findings.add("problem", f"the file {name} of the mapping is not among those given")
    return not lacking


def _plan(
    sources: Mapping[str, Source], base: Sequence[str], names: Sequence[str], joins: Sequence[Join]
) -> tuple[dict[str, str], list[Join]]:
    """Return which joined file each further column is from, and the joins that are needed."""
    known, needed = set(base), {}
    path: list[Join] = []
    for join in joins:
        if join.file in sources and join.by in known:
            path.append(join)
            for name in sources[join.file].columns:
                if name not in known:
                    needed[name] = join.file
            known.update(sources[join.file].columns)
    wanted = {needed[name] for name in names if name in needed}
    # A join may lead to the column that another one needs.
    for join in reversed(path):
        if join.file in wanted and join.by in needed:
            wanted.add(needed[join.by])
    used = [join for join in path if join.file in wanted]
    keys = [join.by for join in used]
    return {n: file for n, file in needed.items() if n in names or n in keys}, used


def _under_each_other(
    database: Database,
    sources: Mapping[str, Source],
    files: Sequence[str],
    columns: Sequence[str],
    findings: Findings,
) -> tuple[str, int]:
    first, n_rows = load(database, sources[files[0]], columns, findings)
    for name in files[1:]:
        if any(column not in sources[name].columns for column in columns):
            findings.add(
                "problem",
                f"it has not the columns {_some(columns)} of {files[0]}; leave it out",
                file=name,
            )
            continue
        more, n_more = load(database, sources[name], columns, findings)
        database.run(f"INSERT INTO {name_sql(first)} SELECT * FROM {name_sql(more)}")
        database.run(f"DROP TABLE {name_sql(more)}")
        n_rows += n_more
    return first, n_rows


def _joined(
    database: Database,
    sources: Mapping[str, Source],
    table: str,
    columns: Mapping[str, str],
    join: Join,
    theirs: Sequence[str],
    findings: Findings,
    *,
    all_rows: bool,
) -> str:
    other, _ = load(database, sources[join.file], [join.by, *theirs], findings)
    key = id_sql(database, Column(other, join.by, join.file), findings)
    own = id_sql(database, Column(table, join.by, columns[join.by]), findings)
    taken = ", ".join(f"first({name_sql(one)}) AS {name_sql(one)}" for one in theirs)
    same, by = "count(*)", " GROUP BY ALL HAVING the_key IS NOT NULL"
    if all_rows:
        taken = ", ".join(map(name_sql, theirs))
        same, by = "count(*) OVER (PARTITION BY the_key)", " QUALIFY the_key IS NOT NULL"
    database.run(
        f"CREATE OR REPLACE TABLE lookup AS SELECT {key} AS the_key, {same} AS n_same, {taken} "
        f"FROM {name_sql(other)}{by}"
    )
    target = f"{table} with {join.file}"
    kept = ", ".join(f"b.{name_sql(one)}" for one in columns)
    more = ", ".join(f"l.{name_sql(one)}" for one in theirs)
    database.run(
        f"CREATE OR REPLACE TABLE {name_sql(target)} AS SELECT {kept}, {more} FROM "
        f"(SELECT *, {own} AS the_key FROM {name_sql(table)}) b LEFT JOIN lookup l USING (the_key)"
    )
    n_twice = database.row("SELECT n_if(n_same > 1) FROM lookup")[0]
    if n_twice:
        how = "all of their rows count" if all_rows else "the first row of each is taken"
        findings.add(
            "changed",
            f"values that are met more than once; {how}",
            file=join.file,
            column=join.by,
            n_rows=n_twice,
        )
    has_any = database.row(
        f"SELECT count(*) > 0 FROM {name_sql(table)} b JOIN lookup l ON l.the_key = {own}"
    )[0]
    if not has_any:
        findings.add(
            "odd",
            f"none of its values is met in {columns[join.by]}: nothing is known through it",
            file=join.file,
            column=join.by,
        )
    database.run(f"DROP TABLE {name_sql(other)}")
    database.run(f"DROP TABLE {name_sql(table)}")
    return target


def _some(names: Iterable[str]) -> str:
    shown = list(names)
    return ", ".join(f"`{name[:40]}`" for name in shown[:12]) + (" …" if len(shown) > 12 else "")
