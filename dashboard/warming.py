"""Kernels are compiled, or loaded, while somebody waits for the first page."""

from __future__ import annotations

import logging
import threading

import streamlit as st

from dashboard.cached_engine import fit_key, opened
from engine.compile_ahead import compile_ahead

__all__ = ["warm_up"]

LOG = logging.getLogger("rerank_studio")

A_MOMENT = 0.3
"""Seconds that nobody needs to be told about."""

WARMING_UP = "Preparing the engine for this machine: once, up to half a minute …"


def warm_up() -> None:
    """Wait until the kernels are compiled or loaded, and say so if it takes more than a moment.

    The first page needs them at once, so waiting costs nothing but an empty page.
    """
    thread = _warm_up(*fit_key())
    thread.join(A_MOMENT)
    if thread.is_alive():
        with st.spinner(WARMING_UP, show_time=True):
            thread.join()


@st.cache_resource(max_entries=4, show_spinner=False)
def _warm_up(name: str, fit: str) -> threading.Thread:
    fitted = opened(name, fit)

    def run() -> None:
        try:
            compile_ahead(fitted)
        except Exception:
            LOG.exception("warming up failed")

    thread = threading.Thread(target=run, name="warm-up", daemon=True)
    thread.start()
    return thread
