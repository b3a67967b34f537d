"""What a page says of a move at once where everybody takes longer: some of the people, then all.

Above :data:`engine.estimate.MANY` people the part of a page that a control redraws is drawn twice:
first what an estimate can say, with its label, and once everybody is measured the whole of it. The
same places are filled again, which is what a second run does; a move meanwhile ends the first, and
its bar is what lets it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cached_engine, session
from dashboard.cached_engine import PLAIN, Measured
from dashboard.delivery import wait_until_sent
from dashboard.header import Header, status_line
from dashboard.plain_text import as_markdown
from engine import estimate
from engine.data.wording import counted
from engine.headline import headline_of
from engine.metrics.settings import Settings
from engine.progress import listening
from engine.verdict_sentence import verdict_sentence

__all__ = ["First", "first_answer", "measure_everybody", "said_at_once", "tell_sentence"]

SOON = 0.25
"""Seconds of measuring after which its bar is worth showing."""

_ANSWERED = "_answered"


@dataclass(frozen=True)
class First:
    """How a page answers at once.

    ``tell`` draws an estimate into the page's places; ``settings`` is how the page measures.
    """

    tell: Callable[[Measured], None]
    settings: Callable[[], Settings] = lambda: PLAIN


def said_at_once(header: Header) -> First:
    """Return what every page can say at once: the sentence of what the setting does."""
    return First(lambda found: tell_sentence(header, found))


def tell_sentence(header: Header, found: Measured) -> None:
    """Draw the verdict of an estimate under the page's question, and whose it is."""
    told = found.evaluation
    said = verdict_sentence(told, headline_of(told, _grouped_by()))
    everybody = cached_engine.artifacts().n_users
    status_line(header.status, n_people=told.n_users, elapsed=found.seconds, is_exact=False)
    header.finding.markdown(
        f"**{as_markdown(said)}** :orange-badge[Estimate] from {told.n_users:,} of "
        f"{counted(everybody, 'person')}, drawn so that groups keep their shares; everybody "
        "follows."
    )


def first_answer(first: First) -> None:
    """Say what some of the people say, and begin the part anew for everybody.

    Nothing where everybody is quick, or known already, or was just answered for.
    """
    scenario, how = session.scenario(), first.settings()
    about = (cached_engine.fit_key(), scenario, cached_engine.baseline(), how)
    if st.session_state.pop(_ANSWERED, None) == about or not _is_slow():
        return
    if cached_engine.is_known(scenario, how):
        return
    st.session_state[_ANSWERED] = about
    first.tell(cached_engine.estimate(scenario, how))
    wait_until_sent()
    st.rerun(scope="fragment")


def measure_everybody(first: First, corner: DeltaGenerator) -> None:
    """Measure everybody under the setting, with a bar in the corner where it takes a while."""
    if not _is_slow():
        return
    words = f"Measuring {counted(cached_engine.artifacts().n_users, 'person')}"
    begun, bar = time.monotonic(), None

    def tell(share: float) -> None:
        nonlocal bar
        if bar is None and time.monotonic() - begun > SOON:
            with corner:
                bar = st.empty()
        if bar is not None:
            bar.progress(share, words)

    with listening(tell):
        cached_engine.evaluation(session.scenario(), settings=first.settings())
    if bar is not None:
        bar.empty()


def _grouped_by() -> str:
    """Return the attribute that the page groups people by, or the first where it asks for none."""
    attributes = tuple(cached_engine.artifacts().attributes)
    chosen = st.session_state.get(session.ATTRIBUTE)
    return chosen if chosen in attributes else attributes[0]


def _is_slow() -> bool:
    return cached_engine.artifacts().n_users >= estimate.MANY
