"""The way from a "?" to the glossary, which opens beside the page."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote_plus

from engine.acronyms import ACRONYMS, acronyms_in
from engine.glossary import entries

__all__ = ["in_glossary", "named_in", "spelled_out", "with_glossary"]

EVERYDAY = frozenset({"Clear", "Cover", "Neutral", "Scenario", "Stage", "Window"})
"""Words of the glossary that sentences have in their everyday meaning too."""

KINDS = ("Words", "Controls", "Metrics", "Methods")
"""Kinds whose words mean the same wherever they stand: a source is called as people speak."""

UNSEEN = str.maketrans("", "", "\\\u2060")
"""What keeps text from being read as markup (dashboard/plain_text.py)."""


def in_glossary(word: str) -> str:
    """Return a link, in markdown, to what the glossary says of a word.

    >>> in_glossary("Gini of exposure")
    '[In the glossary](./glossary?term=Gini+of+exposure)'
    """
    return f"[In the glossary](./glossary?term={quote_plus(word)})"


def named_in(text: str) -> str:
    """Return the first word of the glossary that a text names; empty where it names none.

    Of two that begin at one place it is the longer. Acronyms are named in capitals only.

    >>> named_in("Paired over people: the intervals of NDCG"), named_in("a point of the map")
    ('Paired', '')
    """
    found = _words().search(text.translate(UNSEEN))
    if found is None:
        return ""
    said = found[0]
    return next(word for word in _known() if re.fullmatch(_form(word), said))


def with_glossary(text: str) -> str:
    """Return a help with the way to the glossary, where it names a word and has none yet.

    >>> with_glossary("Type to search."), with_glossary("[In the glossary](./glossary) NDCG")
    ('Type to search.', '[In the glossary](./glossary) NDCG')
    """
    word = "" if "./glossary" in text else named_in(text)
    return f"{text} {in_glossary(word)}" if word else text


@cache
def _known() -> tuple[str, ...]:
    """Return the words to look for, the longest first."""
    words = {one.word for one in entries() if one.kind in KINDS} - EVERYDAY
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _form(word: str) -> str:
    form = f"{re.escape(word)}s?"
    return form if word.isupper() else f"(?i:{form})"


@cache
def _words() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w@-])(?:{'|'.join(map(_form, _known()))})(?![\w-])")


def spelled_out(label: str) -> str:
    """Say what the acronyms of a label stand for; empty where there are none.

    >>> spelled_out("Diversity (ILD)"), spelled_out("Coverage")
    ('ILD: intra-list distance. ', '')
    """
    return "".join(f"{one}: {ACRONYMS[one]}. " for one in acronyms_in(label))
