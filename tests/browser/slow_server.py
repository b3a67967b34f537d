"""The dashboard on a server that sends a third of a second late, as a busy one does."""

from __future__ import annotations

import streamlit as st
import streamlit.runtime.runtime as sending

from dashboard.server import FOLDER, SERVED

sending.MESSAGE_FLUSH_INTERVAL_SECS = 0.33

app = st.App(FOLDER / "app.py", **SERVED)
