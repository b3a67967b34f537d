"""Columns that an import does not take: named, so that nothing is left behind without a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.importing.column_words import fits
from engine.importing.findings import Findings
from engine.importing.lookups import NAMED
from engine.importing.mapping import Mapping as ColumnMapping
from engine.importing.sources import Source

__all__ = ["say_left_behind"]

MOST_NAMED = 12
OTHERWISE = {
    "value": "without one every row counts alike; write it as numbers, or choose it as the event",
    "event": "without one every row counts alike; choose it, and say how strong each word is",
    "time": "write it as dates, or choose it",
}


def say_left_behind(
    sources: Mapping[str, Source], mapping: ColumnMapping, taken: Iterable[str], findings: Findings
) -> None:
    """Name the columns of each used file that are not taken, and what may be missed among them.

    Parameters
    ----------
    sources : mapping
    mapping : Mapping
    taken : iterable of str
        Columns, of whatever file.
    findings : Findings
    """
    taken = set(taken)
    leads = {join.by for join in mapping.joins}
    used = taken | leads
    for name in mapping.files:
        columns = sources[name].columns if name in sources else ()
        left = [one for one in columns if one not in used]
        keys = {join.by for join in mapping.joins if join.file == name}
        if keys and not (used - keys).intersection(columns):
            findings.add("odd", "nothing of this file is used; choose columns of it", file=name)
        elif left:
            shown = ", ".join(f"`{one[:40]}`" for one in left[:MOST_NAMED])
            more = f" and {len(left) - MOST_NAMED:,} more" if len(left) > MOST_NAMED else ""
            findings.add("left out", f"columns that are not taken: {shown}{more}", file=name)
    log = mapping.interactions
    own = sources[log.files[0]].columns if log.files and log.files[0] in sources else ()
    unused = [one for one in own if one not in used]
    if log.value is None and log.event is None:
        _say_missed(unused, "value", "no value", log.files[0], findings)
        _say_missed(unused, "event", "no event", log.files[0], findings)
    if log.time is None:
        _say_missed(unused, "time", "no time", log.files[0], findings)


def _say_missed(unused: list[str], what: str, said: str, file: str, findings: Findings) -> None:
    called = [one for one in unused if fits(one, what) >= NAMED]
    if called:
        findings.add(
            "odd",
            f"{said} is chosen, though a column is called as one; {OTHERWISE[what]}",
            file=file,
            column=called[0],
        )
