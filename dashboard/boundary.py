"""What a page shows when something goes wrong: one sentence, never a stack trace."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar, cast

import streamlit as st

from dashboard import session
from dashboard.plain_text import as_message
from engine.errors import StudioError

__all__ = ["boundary", "callback"]

Callback = TypeVar("Callback", bound=Callable[..., Any])

LOG = logging.getLogger("rerank_studio")


def callback(body: Callback) -> Callback:
    """Decorate a widget's callback, which Streamlit calls outside of :func:`boundary`.

    What a user's input caused becomes a notice above the page, which stays as it was; our own
    mistakes are logged under a number.
    """

    @wraps(body)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return body(*args, **kwargs)
        except StudioError as error:
            session.notice(str(error))
        except Exception:
            number = secrets.token_hex(3)
            LOG.exception("error %s in a callback", number)
            session.notice(
                f"Something went wrong, and nothing was changed; the details are in the server's "
                f"log under {number}."
            )
        st.rerun()  # the notice stands above the page, which a part of it alone does not draw
        return None

    return cast(Callback, guarded)


@contextmanager
def boundary() -> Iterator[None]:
    """Show what a user's input caused as its sentence; log our own mistakes under a number.

    Streamlit's own signals (stop, rerun) are no ``Exception`` and pass through.
    """
    try:
        yield
    except StudioError as error:
        st.error(as_message(str(error)), icon=":material/error:")
    except Exception:
        number = secrets.token_hex(3)
        LOG.exception("error %s on a page", number)
        st.error(
            "Something went wrong while drawing this part of the page. Change a control or "
            f"reload to try again; the details are in the server's log under {number}.",
            icon=":material/error:",
        )
