"""The way from a "?" to the glossary, which opens beside the page."""

from __future__ import annotations

from urllib.parse import quote_plus

from engine.acronyms import ACRONYMS, acronyms_in

__all__ = ["in_glossary", "spelled_out"]


def in_glossary(word: str) -> str:
    """Return a link, in markdown, to what the glossary says of a word.

    >>> in_glossary("Gini of exposure")
    '[In the glossary](./glossary?term=Gini+of+exposure)'
    """
    return f"[In the glossary](./glossary?term={quote_plus(word)})"


def spelled_out(label: str) -> str:
    """Say what the acronyms of a label stand for; empty where there are none.

    >>> spelled_out("Diversity (ILD)"), spelled_out("Coverage")
    ('ILD: intra-list distance. ', '')
    """
    return "".join(f"{one}: {ACRONYMS[one]}. " for one in acronyms_in(label))
