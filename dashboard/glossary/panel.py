"""The entries, by kind, as plain text: the word, what it means, and the formula under it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.controls import IN_LINK
from dashboard.glossary import keys
from dashboard.plain_text import as_markdown
from engine.acronyms import spelled
from engine.data.wording import counted
from engine.glossary import KINDS, Entry, entries, found

__all__ = ["draw_entries", "glossary_frame", "search"]


def search() -> str:
    """Draw the field; return what is looked for."""
    return (
        st.text_input(
            "Look for",
            key=keys.TERM,
            placeholder="A word, such as NDCG, long tail or paired",
            help="Every word that is typed must be in the name or in what it means.",
            **IN_LINK,
        )
        or ""
    ).strip()


def draw_entries(words: str) -> None:
    """Draw what holds the words, or everything."""
    shown = found(words) if words else entries()
    if not shown:
        st.info(as_markdown(f"Nothing here holds “{words}”: try one word of it."))
        return
    st.caption(f"{counted(len(shown), 'entry')} of {len(entries())}.")
    if words:
        st.markdown(_text(shown))
        return
    for kind in KINDS:
        st.subheader(kind, anchor=False)
        st.markdown(_text([one for one in shown if one.kind == kind]))


def _text(shown: Sequence[Entry]) -> str:
    return "\n\n".join(map(_entry, shown))


def _entry(one: Entry) -> str:
    in_words = f" ({as_markdown(one.spelled)})" if one.spelled else ""
    exact = " · ".join(as_markdown(part) for part in (one.exact, spelled(one.source)) if part)
    under = f"  \n:small[:gray[{exact}]]" if exact else ""
    return f"**{as_markdown(one.word)}**{in_words}. {as_markdown(spelled(one.plain))}{under}"


def glossary_frame() -> pd.DataFrame:
    """Return every entry as a table to take along."""
    return pd.DataFrame(
        [
            {
                "word": one.word,
                "stands for": one.spelled,
                "kind": one.kind,
                "means": one.plain,
                "exactly": one.exact,
                "source": one.source,
            }
            for one in entries()
        ]
    )
