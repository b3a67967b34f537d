"""The values of a rule against the data set: which no item has, and which were likely meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from engine.reranking.candidate_pool import CandidatePool
from engine.reranking.rules import matching
from engine.scenario import Rule

__all__ = ["closest_values", "known_part", "unknown_values"]

MOST_COMPARED = 20_000
"""Names compared letter by letter; of more, those that start alike."""


def unknown_values(pool: CandidatePool, rule: Rule) -> tuple[str, ...]:
    """Return the values of a rule that no item of this data set has, in the rule's order."""
    return tuple(value for value in rule.values if not matching(pool, rule.field, value).any())


def known_part(pool: CandidatePool, rule: Rule) -> tuple[Rule | None, tuple[str, ...]]:
    """Return the rule without its unknown values (None if none is left), and those values."""
    unknown = unknown_values(pool, rule)
    kept = tuple(value for value in rule.values if value not in unknown)
    return (replace(rule, values=kept) if kept else None), unknown


def closest_values(pool: CandidatePool, field: str, value: str, n: int = 3) -> tuple[str, ...]:
    """Return up to ``n`` values of a field that are written much like ``value``, best first.

    The same letters in other capitals come first, then values that hold it, then those that differ
    in few letters. Titles of more than :data:`MOST_COMPARED` items are only compared with those
    that start with the same letter.
    """
    wanted = value.strip().casefold()
    if not wanted:
        return ()
    named: dict[str, str] = {}
    for name in _names(pool, field):
        named.setdefault(name.casefold(), name)
    found = [wanted] if wanted in named else []
    found += sorted((name for name in named if wanted in name and name != wanted), key=len)[:n]
    if len(found) < n:
        compared = list(named)
        if len(compared) > MOST_COMPARED:
            compared = [name for name in compared if name[:1] == wanted[:1]]
        close = get_close_matches(wanted, compared, n=n, cutoff=0.6)
        found += [name for name in close if name not in found]
    return tuple(named[name] for name in found[:n])


def _names(pool: CandidatePool, field: str) -> Sequence[str]:
    if field == "genre":
        return pool.genre_names
    if field == "provider":
        return pool.provider_names
    if field == "year":
        return pool.release_years
    return list(pool.item_ids if field == "item" else pool.titles)
