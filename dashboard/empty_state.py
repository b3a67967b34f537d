"""What the dashboard shows while nothing has been fitted."""

from __future__ import annotations

import streamlit as st

from dashboard.plain_text import as_message

__all__ = ["nothing_fitted"]


def nothing_fitted(error: Exception) -> None:
    """Say that there is no fitted pipeline, and the two commands that make one."""
    _, middle, _ = st.columns([1, 2, 1])
    with middle, st.container(border=True):
        st.subheader("Nothing is fitted yet", anchor=False)
        st.write(
            "The dashboard shows lists from a pipeline that has been fitted to a data set. "
            "Fit one in a terminal, in the project's folder, then reload this page:"
        )
        st.code("make run", language="bash")
        st.write("or, without any download, on the simulated streaming service:")
        st.code("make run DATA=simulated", language="bash")
        st.caption(as_message(str(error)))
