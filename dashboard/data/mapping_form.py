"""The mapping as a form: the guess, and what somebody changed of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import streamlit as st

from dashboard.data.event_form import draw_events, draw_shown
from engine.importing.examining import Examined
from engine.importing.mapping import (
    Dates,
    Ids,
    InteractionsMap,
    ItemsMap,
    Mapping,
    PeopleMap,
    Repeats,
    ShownMap,
)

__all__ = ["mapping_form"]

NONE = "–"
FROM_LOG = "made from the interactions"
DATES: dict[str, str] = {
    "": "found out",
    "day first": "the day first",
    "month first": "the month first",
}
REPEATS = {
    "each": "each row counts",
    "again": "each row counts, and what was bought before may be recommended again",
    "sum": "one row, values added up (returns take back)",
    "last": "one row, the latest",
}
IDS = {"keep": "as they are", "hash": "hashed", "hide": "numbers in a random order"}


def mapping_form(found: Examined, stamp: str, guess: Mapping) -> Mapping:
    """Draw the form and return what it says.

    Parameters
    ----------
    found : Examined
    stamp : str
        Of the files: another form for other files.
    guess : Mapping
        What the form begins with.
    """
    form = _Form(found, stamp, guess)
    left, middle, right = st.columns(3, gap="medium")
    with left, st.container(border=True):
        st.markdown("**Interactions**: who met what")
        log = form.interactions()
    with middle, st.container(border=True):
        st.markdown("**Items**: what they are")
        items = form.items(log)
    with right, st.container(border=True):
        st.markdown("**People**: what divides them")
        people, ids = form.people(log)
    shown = guess.shown
    if log.event:
        log = replace(log, events=form.events(log))
        shown = form.shown(log)
    return replace(guess, interactions=log, items=items, people=people, shown=shown, ids=ids)


class _Form:
    def __init__(self, found: Examined, stamp: str, guess: Mapping) -> None:
        self.found, self.stamp, self.guess = found, stamp, guess
        self.files = list(found.looks)

    def _key(self, name: str) -> str:
        return f"_map_{self.stamp}_{name}"

    def _columns(self, files: Sequence[str]) -> list[str]:
        """Columns of the first file, then those that are found through it."""
        if not files or files[0] not in self.found.looks:
            return []
        columns = list(self.found.looks[files[0]].columns)
        for join in self.guess.joins:
            if join.by in columns and join.file in self.found.looks:
                more = self.found.looks[join.file].columns
                columns += [name for name in more if name not in columns]
        return columns

    def _column(
        self,
        label: str,
        name: str,
        columns: list[str],
        begins: str | None,
        *,
        may_miss: bool = True,
    ) -> str | None:
        options = [*([NONE] if may_miss else []), *columns]
        begins = begins if begins in columns else None
        place = options.index(begins) if begins else 0 if may_miss else None
        chosen = st.selectbox(label, options, index=place, key=self._key(name))
        return None if chosen in (NONE, None) else chosen

    def interactions(self) -> InteractionsMap:
        """Draw the part about interactions."""
        begins = self.guess.interactions
        files = st.multiselect(
            "Files (of equal columns)", self.files, list(begins.files), key=self._key("log")
        )
        columns = self._columns(files)
        person = self._column("Person", "person", columns, begins.person, may_miss=False)
        item = self._column("Item", "item", columns, begins.item, may_miss=False)
        time = self._column("Time", "time", columns, begins.time)
        value = self._column("Value (rating, plays, quantity)", "value", columns, begins.value)
        event = self._column("Event (view, purchase …)", "event", columns, begins.event)
        dates, repeats, unrated, clock = begins.dates, begins.repeats, begins.unrated, None
        with st.expander("Dates, repeats, what is no rating"):
            if time:
                clock = self._column("Time of day, if apart", "clock", columns, begins.clock)
                said = st.selectbox(
                    "Dates such as 3/4/2024 have",
                    list(DATES),
                    list(DATES).index(begins.dates or ""),
                    format_func=DATES.__getitem__,
                    key=self._key("dates"),
                )
                dates = cast("Dates | None", said or None)
            repeats = cast(
                Repeats,
                st.selectbox(
                    "Several rows of a person and an item",
                    list(REPEATS),
                    list(REPEATS).index(begins.repeats),
                    format_func=REPEATS.__getitem__,
                    key=self._key("repeats"),
                ),
            )
            if value:
                unrated = self._unrated(begins.unrated)
        return replace(
            begins,
            files=tuple(files),
            person=person or "",
            item=item or "",
            time=time,
            value=value,
            event=event,
            clock=clock,
            dates=dates,
            repeats=repeats,
            unrated=unrated if value else None,
        )

    def _unrated(self, begins: float | None) -> float | None:
        """Ask what stands where nobody rated; such rows are left out."""
        usual = list(dict.fromkeys([None, 0.0, -1.0, begins]))
        return st.selectbox(
            "Nobody rated where the value is",
            usual,
            usual.index(begins),
            format_func=lambda one: NONE if one is None else f"{one:g}",
            key=self._key("unrated"),
            help="0 beside ratings of 1 to 10 often says so: these rows are left out.",
        )

    def items(self, log: InteractionsMap) -> ItemsMap:
        """Draw the part about items."""
        begins = self.guess.items
        files = self._file("items", begins.files)
        columns = self._columns(files or log.files)
        same = begins if begins.files == files else ItemsMap(files, log.item)
        item = log.item
        if files:
            own = same.item if same.item in columns else log.item
            item = self._column("Item", "items_id", columns, own, may_miss=False) or ""
        title = self._column("Title", "title", columns, same.title)
        genres = st.multiselect(
            "Genres or categories",
            columns,
            [one for one in same.genres if one in columns],
            key=self._key("genres"),
            help="Several columns of 0 and 1 are a genre each, named as the column.",
        )
        separator = same.genre_separator or ""
        with st.expander("Genres, dates, providers"):
            separator = st.text_input(
                "Between genres (empty: found out)", separator, key=self._key("between")
            )
            released = self._column("Released", "released", columns, same.released)
            provider = self._column("Provider", "provider", columns, same.provider)
        texts = st.multiselect(
            "Descriptions",
            [name for name in columns if name != item],
            [name for name in same.columns if name in columns and name != item],
            key=self._key("texts"),
            help="Columns of free text are read beside the title, by what compares items. Others "
            "are kept as they are.",
        )
        return ItemsMap(
            files, item, title, tuple(genres), separator or None, released, provider, tuple(texts)
        )

    def people(self, log: InteractionsMap) -> tuple[PeopleMap, Ids]:
        """Draw the part about people."""
        begins = self.guess.people
        files = self._file("people", begins.files)
        columns = self._columns(files or log.files)
        same = begins if begins.files == files else PeopleMap(files, log.person)
        person = log.person
        if files:
            own = same.person if same.person in columns else log.person
            person = self._column("Person", "people_id", columns, own, may_miss=False) or ""
        chosen = st.multiselect(
            "Columns that describe them",
            [name for name in columns if name != person],
            [name for name in same.columns if name in columns and name != person],
            key=self._key("columns"),
            help="Ages become bands, many labels become `other`. What is not chosen stays behind.",
        )
        ids = st.selectbox(
            "Ids of people",
            list(IDS),
            list(IDS).index(self.guess.ids),
            format_func=IDS.__getitem__,
            key=self._key("ids"),
        )
        return PeopleMap(files, person, tuple(chosen)), cast(Ids, ids)

    def _file(self, name: str, begins: tuple[str, ...]) -> tuple[str, ...]:
        options = [FROM_LOG, *self.files]
        place = options.index(begins[0]) if begins and begins[0] in options else 0
        chosen = st.selectbox("File", options, place, key=self._key(f"{name}_file"))
        return () if chosen in (FROM_LOG, None) else (chosen,)

    def shown(self, log: InteractionsMap) -> ShownMap:
        """Draw the part about what was shown."""
        columns = self._columns(log.files)
        return draw_shown(
            self.guess.shown,
            lambda label, name, begins: self._column(label, f"shown_{name}", columns, begins),
        )

    def events(self, log: InteractionsMap) -> dict[str, float | None]:
        """Draw a table of events and their strengths."""
        column = log.event or ""
        looks = [self.found.looks[name] for name in log.files if name in self.found.looks]
        words = looks[0].profiles[column].examples if looks and column in looks[0].profiles else ()
        return draw_events(words, self.guess.interactions.events, self._key(f"events_{column}"))
