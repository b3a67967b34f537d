"""The dashboard on a slow server: it sends a third of a second late, and takes long over a year."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st
import streamlit.runtime.runtime as sending

from dashboard.feedback import year_panel
from dashboard.server import FOLDER, SERVED

sending.MESSAGE_FLUSH_INTERVAL_SECS = 0.33

_year_bands = year_panel.year_bands


def _slowly(*tracks: Any, **how: Any) -> Any:
    time.sleep(0.15)
    return _year_bands(*tracks, **how)


year_panel.year_bands = _slowly

app = st.App(FOLDER / "app.py", **SERVED)
