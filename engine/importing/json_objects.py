"""Columns of JSON objects; objects within them are columns of their own (``user.id``)."""

from __future__ import annotations

from engine.importing.database import Database, text_sql

__all__ = ["columns_of_objects"]

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
    found: dict[str, str] = {}
    for path in _leaves(database, objects, (), 1):
        name, number = ".".join(path), 2
        while name.casefold() in {one.casefold() for one in found}:
            name, number = f"{'.'.join(path)} ({number})", number + 1
        found[name] = f"json ->> {_path_sql(path)}"
    return found


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
