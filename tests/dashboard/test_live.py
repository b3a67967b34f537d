"""The part of a page that a control redraws by itself."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def test_a_whole_run_that_a_move_broke_off_is_begun_anew_and_shows_no_error():
    """The page stayed with "Something went wrong" where its places had not been made in time."""
    app = AppTest.from_function(_broken_off, default_timeout=60).run()
    assert [one.value for one in app.text] == ["drawn at try 2"]
    assert not app.error


def _broken_off():
    import streamlit as st
    from streamlit.errors import StreamlitInvalidLayoutContextError

    from dashboard.live import live

    def body():
        st.session_state.tries = st.session_state.get("tries", 0) + 1
        if st.session_state.tries == 1:
            raise StreamlitInvalidLayoutContextError("no stable position")
        st.text(f"drawn at try {st.session_state.tries}")

    live(body)
