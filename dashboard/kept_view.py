"""A page's own choices, put back when the browser's Back returns to it from another page.

Streamlit takes what belongs to one page out of the address when another page is opened, also from
the entry in the browser's history; going back to that entry would reset the page's choices.
"""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from dashboard import session

__all__ = ["note_view", "put_back_view"]

_VIEWS = "_views"


def put_back_view(page: str) -> None:
    """Put the page's choices into the address where it lacks them; call it before any widget.

    Only on coming from another page: on the same page, what the address lacks is at its default.
    Streamlit reads the address once a run, so the run begins anew.
    """
    if not session.came_from_elsewhere():
        return
    noted = st.session_state.get(_VIEWS, {}).get(page, {})
    lacking = {key: values for key, values in noted.items() if key not in st.query_params}
    for key, values in lacking.items():
        st.query_params[key] = values
    if lacking:
        st.rerun()


def note_view(page: str, keys: Iterable[str]) -> None:
    """Note the page's choices as they stand in the address; call it in the live part."""
    noted = {key: st.query_params.get_all(key) for key in keys if key in st.query_params}
    st.session_state.setdefault(_VIEWS, {})[page] = noted
