"""Who or what is most alike to the chosen item or person, by the vectors chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached_names, cached_vectors, session
from dashboard.boundary import callback
from dashboard.controls import redraw_live
from dashboard.panels import table
from dashboard.people.link import item_link, person_link
from dashboard.plain_text import as_markdown
from engine.artifacts import Artifacts
from engine.pipeline.report.vectors import Vectors, most_alike

__all__ = ["Shown", "alike_frame", "choose_row", "draw_alike"]

N_ALIKE, MOST_LINKS = 10, 5
_PICKER = "_alike_to"


@dataclass(frozen=True, eq=False)
class Shown:
    """What is mapped and compared: ``items`` or ``people``, and the ``row`` that is chosen."""

    artifacts: Artifacts
    what: str
    vectors: Vectors
    row: int

    @classmethod
    def of(cls, artifacts: Artifacts, user: int, vectors: Vectors, what: str) -> Shown:
        """Take the person chosen, or the item; where none is, the most popular one."""
        if what == "people":
            return cls(artifacts, what, vectors, user)
        row = artifacts.item_index.get(session.item())
        popular = int(np.argmax(artifacts.popularity))
        return cls(artifacts, what, vectors, popular if row is None else row)

    @property
    def one(self) -> str:
        """What one of them is called."""
        return {"items": "item", "people": "person"}[self.what]

    @property
    def n_rows(self) -> int:
        """Number of all of them."""
        return self.artifacts.n_items if self.what == "items" else self.artifacts.n_users

    def id_of(self, row: int) -> str:
        """Return the external id."""
        frame, column = (
            (self.artifacts.items, "item_id")
            if self.what == "items"
            else (self.artifacts.users, "user_id")
        )
        return str(frame[column].iloc[row])

    @cached_property
    def _labels(self) -> tuple[str, ...]:
        """Labels by row; of many people only those of the first."""
        of_items = self.what == "items"
        return cached_names.item_labels() if of_items else cached_names.people_labels()

    def name_of(self, row: int) -> str:
        """Return the label that pages call one by."""
        return self._labels[row] if row < len(self._labels) else self.id_of(row)


def choose_row(shown: Shown, row: int) -> None:
    """Choose an item, or a person for all pages (from a callback)."""
    if shown.what == "items":
        session.set_item(shown.id_of(row))
        return
    if row != shown.row:
        session.set_person(shown.id_of(row))
        session.set_item("")  # another person's list, and so another item to explain
        st.rerun()  # the person stands above the live part too


def alike_frame(shown: Shown) -> pd.DataFrame:
    """Return the most alike, most alike first."""
    found = most_alike(shown.vectors.of(shown.what), shown.row, N_ALIKE)
    frame = pd.DataFrame(
        {
            "place": np.arange(1, len(found.rows) + 1),
            shown.one: [shown.name_of(int(row)) for row in found.rows],
            "cosine": found.cosine,
        }
    )
    for one in cached_vectors.classes(shown.what).values():
        names = np.array([*one.labels, "not known"], object)
        frame[one.words] = names[one.codes[found.rows]]
    return frame.assign(compared=found.n_compared, id=[shown.id_of(int(r)) for r in found.rows])


def draw_alike(shown: Shown) -> None:
    """Draw the choice of an item, what is most alike, and links to People."""
    name = shown.name_of(shown.row)
    with st.container(border=True, gap="xsmall"):
        if shown.what == "items":
            _picker(shown)
        frame = alike_frame(shown)
        st.markdown(as_markdown(_said(shown, name, frame)))
        if frame.empty:
            return
        table(
            frame.drop(columns=["compared", "id"]),
            key=f"_alike_{shown.what}",
            columns={"cosine": st.column_config.NumberColumn("Cosine", format="%.3f")},
            alt=_said(shown, name, frame),
        )
        _links(shown, frame)


def _said(shown: Shown, name: str, frame: pd.DataFrame) -> str:
    lead = name if shown.what == "items" else f"Person {name}"
    if frame.empty:
        return f"{lead} has no vector here, so nothing can be held against it."
    first = frame.iloc[0]
    return (
        f"Most alike to “{lead}” by {shown.vectors.label}: “{first[shown.one]}”, cosine "
        f"{first['cosine']:.3f}, of {first['compared']:,} compared."
    )


def _links(shown: Shown, frame: pd.DataFrame) -> None:
    draw: Callable[[str, str], None] = item_link if shown.what == "items" else person_link
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("On People:", width="content")
        draw(shown.id_of(shown.row), shown.name_of(shown.row))
        for row in frame.head(MOST_LINKS).to_dict("records"):
            draw(str(row["id"]), str(row[shown.one]))


def _picker(shown: Shown) -> None:
    """Let an item be chosen by its title; of a large catalogue the most popular ones.

    The item shown is part of the widget's key: see :func:`dashboard.people.panels.item_choice`.
    """
    options = list(cached_names.items_by_title())
    if shown.row not in options:
        options.insert(0, shown.row)
    key = f"{_PICKER}_{shown.row}"
    st.session_state[key] = shown.row

    @callback
    def pick() -> None:
        choose_row(shown, int(st.session_state[key]))
        redraw_live()

    st.selectbox(
        "An item",
        options,
        format_func=cached_names.item_labels().__getitem__,
        key=key,
        on_change=pick,
        filter_mode="contains",
        width=420,
        help="Type to search, or click a point of the map.",
    )
