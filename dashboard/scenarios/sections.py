"""The lower half of the page: one section at a time, and only that one is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from dashboard import cached_comparisons
from dashboard.charts.who_pays import who_pays_bars, who_pays_bars_alt
from dashboard.controls import MOVES_LIVE, choose_part
from dashboard.panels import Drawing, reading, table
from dashboard.person_picker import chosen_person, person_picker
from dashboard.plain_text import as_plotly
from dashboard.scenarios import keys
from dashboard.scenarios.decision_panel import decision_section
from dashboard.scenarios.saved_panel import saved_section
from dashboard.scenarios.view import ScenariosView
from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.audit.losers import drawn_losers
from engine.decision.words import baseline_words
from engine.metrics.registry import HEADLINE, METRICS

__all__ = ["SECTIONS", "person_maker", "section_choice", "section_drawing", "winners_maker"]

WINNERS, OVERLAP, PERSON = "Who wins, who loses", "Lists in common", "One person"
SAVED, DECIDE = "Saved and history", "Decide"
PEOPLE_METRICS = tuple(name for name in HEADLINE if METRICS[name].scope == "user")
_FROM, _TO = "_won_from", "_won_to"


def section_choice(artifacts: Artifacts) -> None:
    """Draw the choice of the section, and of what belongs to it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = choose_part(SECTIONS, keys.SECTION)
        if chosen == WINNERS:
            _small_choice("By", list(artifacts.attributes), keys.BY, str)
            _small_choice("In", list(PEOPLE_METRICS), keys.METRIC, lambda name: METRICS[name].label)
    if chosen == PERSON:
        person_picker(artifacts)


def _small_choice(label: str, options: list[str], key: str, words: Callable[[str], str]) -> None:
    st.caption(label, width="content")
    st.selectbox(
        label,
        options,
        format_func=words,
        key=key,
        label_visibility="collapsed",
        width=170,
        **MOVES_LIVE,
    )


def section_drawing(view: ScenariosView) -> Callable[[], None]:
    """Make the chosen section, and return what draws it."""
    return SECTIONS[st.session_state.get(keys.SECTION) or WINNERS](view)


def _names(view: ScenariosView) -> list[str]:
    found = view.found
    return [baseline_words(found.baseline), *(rival.name for rival in found.rivals)]


def _pair(view: ScenariosView) -> tuple[int, int]:
    """Return the places of the two that are held against each other: 0 is the baseline."""
    n = len(_names(view))
    pair = [st.session_state.get(key) for key in (_FROM, _TO)]
    one, other = (place if place is not None and place < n else None for place in pair)
    return one or 0, 1 if other is None else other


def winners_maker(view: ScenariosView) -> Callable[[], pd.DataFrame]:
    """Return what makes: who is better and worse off between the two chosen, by group.

    What is chosen is read here: a file is made outside of the script.
    """
    metric = st.session_state.get(keys.METRIC) or PEOPLE_METRICS[0]
    return partial(cached_comparisons.winners, view.found, *_pair(view), metric)


def _winners(view: ScenariosView) -> Callable[[], None]:
    names, (one, other) = _names(view), _pair(view)
    metric = METRICS[st.session_state.get(keys.METRIC) or PEOPLE_METRICS[0]]
    frame = drawn_losers(winners_maker(view)())
    title = f"{metric.label}: {names[other]} instead of {names[one]}"
    drawing = Drawing(
        "winners",
        who_pays_bars(frame, title=as_plotly(title), names=metric.change_words),
        who_pays_bars_alt(frame, title, metric.change_words),
        "Who gains, and who loses?",
    )

    def draw() -> None:
        with st.container(horizontal=True, gap="small"):
            for key, label, place in ((_FROM, "From", one), (_TO, "To", other)):
                st.selectbox(
                    label,
                    range(len(names)),
                    index=place,
                    format_func=lambda at: names[at],
                    key=key,
                    width=260,
                )
        drawing.draw()
        reading(
            "Shares of people, each against the same person under the other scenario; groups of "
            "fewer than 20 people, and what would give one away, are not shown."
        )

    return draw


def _overlap(view: ScenariosView) -> Callable[[], None]:
    frame = view.overlaps()

    def draw() -> None:
        share = st.column_config.NumberColumn(format="percent")
        digits = st.column_config.NumberColumn(format="%.2f")
        table(
            frame,
            key="overlap",
            alt="How much the lists of each two have in common",
            columns={
                "people with the same items": share,
                "people with the same lists": share,
                **dict.fromkeys(("items in common", "low", "high"), digits),
            },
        )
        st.caption(
            "Items in common: the mean over people, with its 95 % interval, of those in a list."
        )

    return draw


def person_maker(view: ScenariosView) -> Callable[[], pd.DataFrame]:
    """Return what makes: one person's list under the baseline and every scenario, a row a place."""
    return partial(_person_frame, view, chosen_person(view.artifacts))


def _person_frame(view: ScenariosView, row: int) -> pd.DataFrame:
    titles = view.artifacts.items["title"]
    lists = [view.found.rivals[0].evaluation.baseline.items]
    lists += [rival.evaluation.measured.items for rival in view.found.rivals]
    places = max(found.shape[1] for found in lists)
    columns: dict[str, list[object]] = {"place": list(range(1, places + 1))}
    for name, found in zip(_names(view), lists, strict=True):
        items = found[row].tolist()
        said = ["" if item == PAD else str(titles.iloc[item]) for item in items]
        columns[name] = [*said, *[""] * (places - len(said))]
    return pd.DataFrame(columns)


def _person(view: ScenariosView) -> Callable[[], None]:
    frame = person_maker(view)()

    def draw() -> None:
        table(
            frame,
            key="person_lists",
            alt="One person's list under every scenario",
            columns={"place": st.column_config.Column("#", width=40)},
            keeps_names=True,
        )

    return draw


SECTIONS: Mapping[str, Callable[[ScenariosView], Callable[[], None]]] = {
    WINNERS: _winners,
    OVERLAP: _overlap,
    PERSON: _person,
    SAVED: saved_section,
    DECIDE: decision_section,
}
"""What can be looked into, in order: section → what makes it."""
