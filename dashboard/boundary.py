"""What a page shows when something goes wrong: one sentence, never a stack trace."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard.plain_text import as_markdown
from engine.errors import StudioError

__all__ = ["boundary"]

LOG = logging.getLogger("rerank_studio")


@contextmanager
def boundary() -> Iterator[None]:
    """Show what a user's input caused as its sentence; log our own mistakes under a number.

    Streamlit's own signals (stop, rerun) are no ``Exception`` and pass through.
    """
    try:
        yield
    except StudioError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
    except Exception:
        number = secrets.token_hex(3)
        LOG.exception("error %s on a page", number)
        st.error(
            "Something went wrong while drawing this part of the page. Change a control or "
            f"reload to try again; the details are in the server's log under {number}.",
            icon=":material/error:",
        )
