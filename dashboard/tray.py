"""The corner of the window with the bars of work that goes on beside the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.boundary import callback
from dashboard.plain_text import as_markdown

if TYPE_CHECKING:
    from dashboard.jobs import Job

__all__ = ["progress", "tray"]

TRAY, _IN_TRAY = "work_tray", "_in_tray"


def progress(job: Job) -> None:
    """Say here that a job runs; its bar, with a button that stops it, stands in the tray.

    The page begins anew when the job ends, and when it has more to show.
    """
    shown = st.session_state[_IN_TRAY]
    if not any(one is job for one in shown):
        shown.append(job)
    st.caption(f":material/hourglass_top: {as_markdown(job.name)}: the bar is in the corner below.")


@contextmanager
def tray() -> Iterator[DeltaGenerator]:
    """Draw the bars of what :func:`progress` is called with meanwhile, in a corner of the window.

    The corner is handed out, for what the part itself waits for.

    One part of the page ticks, and it stands where nothing that a page draws can move it: a bar
    that ticked among a panel's elements wrote into the place of another once the panel was drawn
    anew with fewer ("Bad delta path"), and the page was gone.
    """
    shown = st.session_state[_IN_TRAY] = []
    place = st.container(key=TRAY)
    yield place
    with place:
        if shown:
            _draw_bars([(job, job.partial) for job in shown])


def _draw_bars(shown: list[tuple[Job, Any]]) -> None:
    @st.fragment(run_every=0.5)
    def part() -> None:
        if any(job.is_done or job.partial is not seen for job, seen in shown):
            st.rerun()
        for job, _ in shown:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.progress(job.share, as_markdown(f"{job.name}: {job.in_words}"))
                st.button(
                    "Stop", key=f"_stop_{id(job)}", on_click=callback(job.cancel), type="tertiary"
                )

    part()
