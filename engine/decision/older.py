"""A record that an earlier version wrote: what of it cannot be held against what is found now.

How sentences are worded and how intervals are made has changed and will again. A record says by
which :data:`METHODS` it was made; where one is another than ours, what hangs on it is set aside,
and said to be. All else is compared: a record's figures are not right by being old.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["METHODS", "set_aside"]

METHODS = {"sentences": 3, "intervals_of_earned": 2}
"""Method → its number; raise it when records come out otherwise. Records of before have 1 of each.

``sentences``: 2 since changes are said in per cent, 3 since estimates stand beside the baseline's.
``intervals_of_earned``: 2 since they hold what estimates owe to the model of rewards, and skewness
is taken out.
"""

SENTENCES = ("verdicts", "words", "reached", "at_worst", "policy")
INTERVALS = ("low", "high", "difference_low", "difference_high", "confidence", "verdict")


def set_aside(record: dict[str, Any], again: dict[str, Any], parts: tuple[str, ...]) -> list[str]:
    """Put into what is found now what cannot be compared, as it stands in the record, and say so.

    Parameters
    ----------
    record : dict
        As it was written; anything may stand in it.
    again : dict
        The same made now; changed in place.
    parts : tuple of str
        Those of both that are compared.
    """
    given = record.get("methods")
    methods = given if isinstance(given, dict) else {}
    other = [name for name, now in METHODS.items() if methods.get(name, 1) != now]
    notes = _set_aside_bandits(record, again)
    for name in other:
        for part in parts:
            if name == "sentences":
                _keep(again, record, part, SENTENCES)
            elif part == "feedback":
                _keep(_within(again, "feedback"), _within(record, "feedback"), "earned", INTERVALS)
        if name == "sentences" or "earned" in _within(record, "feedback"):
            notes.append(_SAID[name])
    later = [
        path
        for part in ("figures", "feedback")
        for name in [*_within(again, part)]
        if name in _within(record, part)
        for path in _leave_out(again[part], record[part], name, f"{part}.{name}")
    ]
    if later:
        kinds = list(dict.fromkeys(re.sub(r"\[\d+\]", "[…]", path) for path in later))
        notes.append(f"not compared, for the record is older and lacks it: {_first_of(kinds)}")
    return notes


_SAID = {
    "sentences": "sentences: not compared, for another version worded them; their figures are",
    "intervals_of_earned": "feedback.earned: intervals not compared, for another version made them "
    "otherwise; estimates are",
}
MOST_NAMED = 5


def _first_of(names: list[str]) -> str:
    """Name the first few.

    >>> _first_of(list("abcdefg"))
    'a, b, c, d, e and 2 more'
    """
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _within(value: Any, name: str) -> dict[str, Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _keep(now: Any, was: Any, name: str, kept: tuple[str, ...]) -> None:
    """Take all that is called one of ``kept``, at any depth below ``name``, from the record."""
    if not isinstance(now, dict) or not isinstance(was, dict) or name not in now or name not in was:
        return
    if name in kept:
        now[name] = was[name]
        return
    own, old = now[name], was[name]
    rows = zip(own, old, strict=False) if isinstance(own, list) and isinstance(old, list) else ()
    for new_row, old_row in (*rows, (own, old)):
        for below in list(new_row) if isinstance(new_row, dict) else ():
            _keep(new_row, old_row, below, kept)


def _leave_out(now: Any, was: Any, name: str, path: str) -> list[str]:
    """Take out what only the present has a name for; return its paths."""
    if not isinstance(now, dict) or not isinstance(was, dict):
        return []
    if name not in was:
        now.pop(name, None)
        return [path]
    below, old = now.get(name), was[name]
    if isinstance(below, list) and isinstance(old, list):
        return [
            one
            for at, (row, other) in enumerate(zip(below, old, strict=False))
            if isinstance(row, dict) and isinstance(other, dict)
            for key in list(row)
            for one in _leave_out(row, other, key, f"{path}[{at}].{key}")
        ]
    if not isinstance(below, dict) or not isinstance(old, dict):
        return []
    return [one for key in list(below) for one in _leave_out(below, old, key, f"{path}.{key}")]


def _set_aside_bandits(record: dict[str, Any], again: dict[str, Any]) -> list[str]:
    """Leave out bandits that came later than the record.

    Each learns by its own luck, so those of the record have to come out as they did; which one
    is best of all, which the words say, may be a later one.
    """
    found = [
        _within(_within(_within(one, "feedback"), "bandits"), "found") for one in (record, again)
    ]
    was, now = (_within(one, "policies") for one in found)
    later = [name for name in now if name not in was]
    if not was or not later:
        return []
    for name in later:
        del now[name]
    found[1]["words"] = found[0].get("words")
    return [f"feedback.bandits: not compared, for the record is older: {', '.join(later)}"]
