"""The top of every page: its question, how to read it, and what stands behind its figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cached_engine
from dashboard.baseline import baseline_choice
from dashboard.glossary_link import spelled_out, with_glossary
from dashboard.page_registry import PAGES
from dashboard.plain_text import as_markdown, as_message
from dashboard.tour import tour_bar, tour_button
from engine.data.provenance import PROVENANCES
from engine.data.wording import counted
from engine.fit_words import reading_sentences, split_brief, split_sentence
from engine.formats import seconds
from engine.metrics.registry import METRICS

__all__ = ["Header", "page_header", "plain_header", "status_line"]

BADGE_COLOURS: dict[str, Literal["green", "orange"]] = {"real": "green", "simulated": "orange"}


@dataclass(frozen=True)
class Header:
    """The places at the top of a page that its live part fills anew at each move.

    ``finding`` stands right under the question: what there is to see, in a sentence.
    """

    status: DeltaGenerator
    files: DeltaGenerator
    finding: DeltaGenerator


def page_header(name: str) -> Header:
    """Draw a page's question and "how to read"; return the places for status and files."""
    page = PAGES[name]
    tour_bar(name)
    with st.container(gap=None):
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", key="page_top"
        ):
            st.header(page.question, anchor=False, width="content")
            with st.container(
                horizontal=True,
                horizontal_alignment="right",
                vertical_alignment="center",
                gap="xsmall",
            ):
                tour_button()
                _badge()
                _split_badge()
                status = st.container(horizontal=True, gap="xsmall", width="content")
                files = st.container(horizontal=True, gap="xsmall", width="content")
        caveat = split_brief(cached_engine.artifacts().manifest)
        with st.container(horizontal=True, wrap=False, gap="small", key="how_to_read"):
            with st.container(gap=None, width="stretch"):
                finding = st.container()
                st.caption(
                    f"**How to read this:** {page.how_to_read} {as_markdown(caveat)}",
                    help=with_glossary(_acronyms_in_words()),
                )
            baseline_choice()
    reason = cached_engine.fallback_reason()
    if reason:
        st.info(as_message(reason), icon=":material/info:")
    return Header(status, files, finding)


@cache
def _acronyms_in_words() -> str:
    """Spell the acronyms of the figures, which every page has."""
    said = spelled_out(" ".join(f"{one.label} {one.source}" for one in METRICS.values()))
    return f"{as_markdown(said)} [Every word](./glossary)"


def plain_header(name: str) -> None:
    """Draw a page's question where there is nothing fitted to say more of."""
    st.header(PAGES[name].question, anchor=False)
    st.caption(f"**How to read this:** {PAGES[name].how_to_read}")


def status_line(
    place: DeltaGenerator, *, n_people: int, elapsed: float, is_exact: bool = True
) -> None:
    """Fill the status line: ``MovieLens 100K · 942 people · 31 ms · exact``."""
    title = cached_engine.artifacts().manifest["title"]
    place.caption(
        f"{as_markdown(title)} · {counted(n_people, 'person')} · "
        f"{seconds(elapsed)} · {'exact' if is_exact else 'estimate'}",
        width="content",
        help="People behind the figures, and the time it took to re-rank and measure them.",
    )


def _badge() -> None:
    name = cached_engine.artifacts().manifest["provenance"]
    provenance = PROVENANCES[name]
    st.badge(
        provenance.label,
        color=BADGE_COLOURS.get(name, "gray"),
        help=with_glossary(provenance.sentence),
    )


def _split_badge() -> None:
    """Say how the test was cut off, and what the ranker reads of people."""
    manifest = cached_engine.artifacts().manifest
    said = f"{split_sentence(manifest)} {reading_sentences(manifest)[0]}"
    st.badge(
        manifest["split"]["name"].capitalize(), color="gray", help=with_glossary(as_markdown(said))
    )
