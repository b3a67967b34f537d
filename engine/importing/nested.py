"""Columns of objects in JSON and Parquet; what is within them are columns too (``user.id``)."""

from __future__ import annotations

from engine.importing.database import Database, name_sql, text_sql
from engine.importing.dialect import unique_names

__all__ = ["columns_of_objects", "columns_of_structs"]

LOOKED_AT = 100_000
DEEPEST = 3
MOST_WITHIN = 60
"""Keys of an object within, above which it is one cell: its keys are values then."""


def columns_of_objects(database: Database, whole: str) -> dict[str, str]:
    """Return the columns of a table of objects: name → SQL of its text.

    Keys are in the order of the first object, then those that others have besides. Where most
    cells of a key are objects, their keys are columns in its place.

    Parameters
    ----------
    database : Database
    whole : str
        SQL of a table with the column ``json``.
    """
    objects = f"(SELECT json FROM {whole} WHERE json_type(json) = 'OBJECT' LIMIT {LOOKED_AT})"
    paths = _leaves(database, objects, (), 1)
    names = unique_names([".".join(path) for path in paths])
    return {name: f"json ->> {_path_sql(path)}" for name, path in zip(names, paths, strict=True)}


def columns_of_structs(database: Database, whole: str) -> dict[str, str]:
    """Return the columns of a typed table: name → SQL of its text; structs are taken apart.

    Lists and maps are written as JSON.
    """
    found = _fields(database, whole, "*", (), 1)
    names = unique_names([".".join(path) for path, _ in found])
    return {
        name: _as_text(_field_sql(path), kind)
        for name, (path, kind) in zip(names, found, strict=True)
    }


def _fields(
    database: Database, whole: str, what: str, path: tuple[str, ...], depth: int
) -> list[tuple[tuple[str, ...], str]]:
    """Return the paths below a path, and the type of each."""
    fields: list[tuple[tuple[str, ...], str]] = []
    for name, kind, *_ in database.rows(f"DESCRIBE SELECT {what} FROM {whole}"):
        own = (*path, str(name))
        if str(kind).startswith("STRUCT(") and not str(kind).endswith("]") and depth < DEEPEST:
            fields += _fields(database, whole, f"unnest({_field_sql(own)})", own, depth + 1)
        else:
            fields.append((own, str(kind)))
    return fields


def _field_sql(path: tuple[str, ...]) -> str:
    sql = name_sql(path[0])
    for name in path[1:]:
        sql = f"struct_extract({sql}, {text_sql(name)})"
    return sql


def _as_text(column: str, kind: str) -> str:
    is_nested = kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION"))
    sql = f"to_json({column})" if is_nested else column
    if kind == "BLOB":
        sql = f"try(decode({sql}))"
    return f"CAST({sql} AS VARCHAR)"


def _leaves(
    database: Database, objects: str, path: tuple[str, ...], depth: int
) -> list[tuple[str, ...]]:
    """Return the paths of what is no object, below a path."""
    keys = _keys(database, objects, path)
    if not keys or (path and len(keys) > MOST_WITHIN):
        return [path] if path else []
    counts = ", ".join(
        f"n_if(json_type(json, {_path_sql((*path, key))}) = 'OBJECT'), "
        f"n_if(json_type(json, {_path_sql((*path, key))}) NOT IN ('OBJECT', 'NULL'))"
        for key in keys
    )
    kinds = database.row(f"SELECT {counts} FROM {objects}")
    leaves: list[tuple[str, ...]] = []
    for key, n_objects, n_others in zip(keys, kinds[::2], kinds[1::2], strict=True):
        is_object = n_objects > n_others and depth < DEEPEST
        own = (*path, key)
        leaves += _leaves(database, objects, own, depth + 1) if is_object else [own]
    return leaves


def _keys(database: Database, objects: str, path: tuple[str, ...]) -> list[str]:
    """Return the keys that objects have at a path, those of the first one first."""
    keys = f"json_keys(json, {_path_sql(path)})" if path else "json_keys(json)"
    own = f"json_type(json, {_path_sql(path)}) = 'OBJECT'" if path else "TRUE"
    first = database.column(f"SELECT {keys} FROM {objects} WHERE {own} LIMIT 1")
    every = database.column(f"SELECT DISTINCT unnest({keys}) FROM {objects} WHERE {own}")
    return list(dict.fromkeys([*(first[0] if first else []), *sorted(every)]))


def _path_sql(path: tuple[str, ...]) -> str:
    quoted = (key.replace("\\", "\\\\").replace('"', '\\"') for key in path)
    return text_sql("$" + "".join(f'."{key}"' for key in quoted))
