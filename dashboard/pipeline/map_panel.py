"""A map of items or people by any vectors of the fit; a click shows who or what is most alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached_vectors, jobs
from dashboard.boundary import callback
from dashboard.charts.vector_map import MapPoints, vector_map
from dashboard.controls import IN_LINK, redraw_live
from dashboard.panels import chart, first_of, reading, table
from dashboard.pipeline import keys
from dashboard.pipeline.alike_panel import Shown, alike_frame, choose_row, draw_alike
from dashboard.pipeline.view import PipelineView
from dashboard.plain_text import as_markdown
from engine.formats import SHARE, interval, percent
from engine.pipeline.report.estimates import Estimate
from engine.pipeline.report.flat_map import MOST_DRAWN, PICTURES, FlatMap, same_near
from engine.pipeline.report.map_classes import CLASSES, Classes

__all__ = ["map_frame", "map_section", "most_alike_frame"]

_CHART, _TABLE = "vector_map", "_map_points"
ROWS_SHOWN = 8


def map_section(view: PipelineView) -> Callable[[], None]:
    """Make the map where it was asked for, and what is most alike to what is chosen."""
    shown = _shown(view)
    if shown is None:
        return _say_none
    job = cached_vectors.map_job(shown.vectors.name, shown.what)
    return partial(_draw, shown, job)


def _say_none() -> None:
    st.markdown("No model of this fit has vectors to compare by.")


def _shown(view: PipelineView) -> Shown | None:
    known = cached_vectors.vectors()
    if not known:
        return None
    name, what = (str(st.session_state.get(key)) for key in (keys.VECTORS, keys.MAP_OF))
    vectors = known.get(name, next(iter(known.values())))
    return Shown.of(view.artifacts, view.user, vectors, what if what in CLASSES else "items")


def _draw(shown: Shown, job: jobs.Job | None) -> None:
    _choices()
    colour = _colour(shown.what)
    if jobs.is_there(
        job,
        f"Draw the map of {shown.what}",
        _begin,
        args=(shown.vectors.name, shown.what),
        key="_draw_map",
        icon=":material/scatter_plot:",
        help=f"Lays out at most {MOST_DRAWN:,} of them by their vectors, drawn at random from "
        "more: ten seconds to a minute, once for this fit.",
    ):
        _draw_map(shown, job.result, colour)
    draw_alike(shown)


def _choices() -> None:
    """Draw what is mapped, by which vectors, its colours and the way to draw."""
    known = cached_vectors.vectors()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            "Map of", list(CLASSES), default="items", key=keys.MAP_OF, required=True, **_MOVES
        )
        st.selectbox(
            "Vectors",
            list(known),
            format_func=lambda name: known[name].label,
            key=keys.VECTORS,
            width=300,
            **_MOVES,
        )
        st.segmented_control(
            "Coloured by",
            ("genre", "popularity"),
            default="genre",
            key=keys.COLOUR,
            required=True,
            **_MOVES,
        )
        st.segmented_control(
            "Drawn by",
            list(PICTURES),
            default="tsne",
            format_func=PICTURES.__getitem__,
            key=keys.PICTURE,
            required=True,
            **_MOVES,
        )


_MOVES = {**IN_LINK, "on_change": redraw_live}


def _colour(what: str) -> Classes | None:
    """Return the classes to colour by: those chosen, or what there is."""
    known = cached_vectors.classes(what)
    return known.get(str(st.session_state.get(keys.COLOUR)), next(iter(known.values()), None))


def _picture() -> str:
    chosen = st.session_state.get(keys.PICTURE)
    return str(chosen) if chosen in PICTURES else "tsne"


@callback
def _begin(name: str, what: str) -> None:
    cached_vectors.map_job(name, what, begin=True)
    redraw_live()


def _draw_map(shown: Shown, found: FlatMap, colour: Classes | None) -> None:
    said = finding(found, colour, _picture())
    st.markdown(as_markdown(said))
    title = f"Map of {shown.what} by {shown.vectors.label}"
    points = _points(shown, found, colour)
    chart(
        vector_map(points, title=title, chosen=shown.row),
        key=_CHART,
        alt=f"{title}. {said}",
        question="Which ones are alike?",
        on_click=_pick(shown),
    )
    reading(
        as_markdown(
            "Near points have vectors that are alike; how far apart distant ones are "
            f"says nothing, and the axes have no unit. Colour and shape: {points.class_words}. "
            f"{_sampled(shown, found)}".rstrip()
        ),
        "Click a point to choose it",
    )
    frame = map_frame(shown, found, colour)
    table(
        frame,
        key=_TABLE,
        alt=f"Points of the map. {said}",
        rows_shown=ROWS_SHOWN,
        on_row=_pick_row(shown, found),
    )


def _sampled(shown: Shown, found: FlatMap) -> str:
    n, n_all = len(found.rows), shown.n_rows
    parts = []
    if n < found.n_known:
        parts.append(f"{n:,} of {found.n_known:,} {shown.what} are drawn, chosen at random.")
    if found.n_known < n_all:
        parts.append(f"{n_all - found.n_known:,} without a vector are not drawn.")
    return " ".join(["", *parts])


def _points(shown: Shown, found: FlatMap, colour: Classes | None) -> MapPoints:
    none = np.full(len(found.rows), -1)
    return MapPoints(
        found.places[_picture()],
        found.rows,
        [shown.name_of(int(row)) for row in found.rows],
        none if colour is None else colour.codes[found.rows],
        () if colour is None else colour.labels,
        is_ordered=colour is not None and colour.within > 0,
        class_words="nothing is known to colour by" if colour is None else colour.words,
    )


def finding(found: FlatMap, colour: Classes | None, picture: str) -> str:
    """Say how much of who is alike the picture keeps, and whether classes lie together."""
    kept = found.kept[picture]
    said = (
        f"By {PICTURES[picture]} {_share(kept)} of the ten most alike by cosine are among the ten "
        f"nearest on the map; by chance {percent(found.chance, 1)} would be."
    )
    if colour is None:
        return said
    same, chance = same_near(found, picture, colour.codes[found.rows], within=colour.within)
    alike = "in the same or the next decile" if colour.within else f"the same by {colour.words}"
    verdict = "" if same.low > chance else " That is no clear difference."
    by_chance = percent(chance, 1)
    return f"{said} Of the nearest {_share(same)} are {alike}; by chance {by_chance}.{verdict}"


def _share(one: Estimate) -> str:
    return f"{percent(one.value, 1)} ({interval(one.low, one.high, SHARE)}, n = {one.n:,})"


def map_frame(shown: Shown, found: FlatMap, colour: Classes | None) -> pd.DataFrame:
    """Return a row for each point drawn, in the order of the data."""
    frame = pd.DataFrame({shown.one: [shown.name_of(int(row)) for row in found.rows]})
    if colour is not None:
        names = np.array([*colour.labels, "not known"], object)
        frame[colour.words] = names[colour.codes[found.rows]]
    for name, words in PICTURES.items():
        for axis_, place in zip("xy", found.places[name].T, strict=True):
            frame[f"{words}, {axis_}"] = place
    return frame


def most_alike_frame(view: PipelineView) -> pd.DataFrame:
    """Return who or what is most alike to what is chosen, by the vectors chosen."""
    shown = _shown(view)
    return pd.DataFrame() if shown is None else alike_frame(shown)


def _pick(shown: Shown) -> Callable[[], None]:
    @callback
    def pick() -> None:
        points = st.session_state[_CHART].selection.points
        row = first_of(points[0].get("customdata")) if points else None
        if row is not None:
            choose_row(shown, row)
        redraw_live()

    return pick


def _pick_row(shown: Shown, found: FlatMap) -> Callable[[], None]:
    @callback
    def pick() -> None:
        rows = st.session_state[_TABLE].selection.rows
        if rows and rows[0] < len(found.rows):
            choose_row(shown, int(found.rows[rows[0]]))
        redraw_live()

    return pick
