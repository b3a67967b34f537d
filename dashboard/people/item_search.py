"""Choosing an item to explain, and finding one by its title in the whole catalogue."""

from __future__ import annotations

import streamlit as st

from dashboard import cached_engine, cached_names, session
from dashboard.boundary import callback
from dashboard.controls import redraw_live
from dashboard.people.item_bring_in import seek
from dashboard.people.person_view import PersonView, item_called, item_words
from dashboard.plain_text import as_markdown
from engine.data.wording import counted
from engine.formats import count

__all__ = ["item_choice", "matching", "search_box", "search_in_words"]

_ITEM, _TYPED = "_item", "_title_typed"

MOST = 50


def search_box() -> None:
    """Draw the box; call it outside of the live part, or what is typed would be sent back."""
    st.text_input(
        "Search all titles",
        key=_TYPED,
        on_change=_search,
        placeholder="Search all titles",
        label_visibility="collapsed",
        icon=":material/search:",
        help="Words of a title, in any order, over the whole catalogue. The best match is "
        "explained; the others are offered beside and in the what-if.",
        width=230,
    )


def matching() -> tuple[int, ...]:
    """Return the items whose title matches what is typed, best first."""
    return cached_names.items_titled(str(st.session_state.get(_TYPED) or ""), MOST)


def search_in_words() -> str:
    """Say what was found; empty where nothing is typed."""
    typed = str(st.session_state.get(_TYPED) or "").strip()
    if not typed:
        return ""
    n_found = len(matching())
    n_items = count(cached_engine.artifacts().n_items)
    if n_found == MOST:
        return f"The first {MOST} of the titles that hold “{typed}”."
    titles = counted(n_found, "title") if n_found else "No title"
    return f"{titles} of {n_items} with “{typed}”."


def item_choice(view: PersonView) -> None:
    """Draw the choice of the item to explain.

    The item shown is part of the widget's key. Under one key, a slider moved again before the
    browser had the new item would send the old one back, which counts as somebody's choice; and
    what a widget was drawn with is nobody's choice when it comes back.
    """
    words = item_words(view, cached_names.item_labels(), matching())
    key = f"{_ITEM}_{view.item}"
    st.session_state[key] = view.item
    st.selectbox(
        "Item to explain",
        list(words),
        format_func=words.__getitem__,
        key=key,
        on_change=_choose_item,
        args=(key, view.item),
        label_visibility="collapsed",
        filter_mode="contains",
        help="Click an item above, or search any candidate here.",
    )
    said = search_in_words()
    if said:
        st.caption(as_markdown(said))


@callback
def _choose_item(key: str, shown: int) -> None:
    item = st.session_state[key]
    if isinstance(item, str):  # called as it was before a slider moved it, which is no option now
        item = item_called(item, cached_names.item_labels())
    if item is None or item == shown:
        return
    session.set_item(str(cached_engine.artifacts().items["item_id"].iloc[item]))
    seek(item)


@callback
def _search() -> None:
    """Explain the best match; where nothing matches, what was explained stays."""
    found = matching()
    if found:
        session.set_item(str(cached_engine.artifacts().items["item_id"].iloc[found[0]]))
        seek(found[0])
    redraw_live()
