"""What the map of items and people keeps: vectors, what colours them, and the places of points."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import jobs
from dashboard.cached_engine import fit_key, opened
from engine.pipeline.report.flat_map import flat_map
from engine.pipeline.report.map_classes import Classes, classes_of
from engine.pipeline.report.vectors import Vectors, vectors_of

__all__ = ["classes", "map_job", "vectors"]


def vectors() -> Mapping[str, Vectors]:
    """Return the fit's vectors by the name of their model; read-only."""
    return _vectors(*fit_key())


@st.cache_resource(max_entries=2, show_spinner=False)
def _vectors(name: str, fit: str) -> dict[str, Vectors]:
    return {one.name: one for one in vectors_of(opened(name, fit))}


def classes(what: str) -> Mapping[str, Classes]:
    """Return what ``items`` or ``people`` can be coloured by; read-only."""
    return _classes(*fit_key(), what)


@st.cache_resource(max_entries=4, show_spinner=False)
def _classes(name: str, fit: str, what: str) -> dict[str, Classes]:
    return classes_of(opened(name, fit), what)


def map_job(model: str, what: str, *, begin: bool = False) -> jobs.Job | None:
    """Return the job that lays out one model's items or people; it begins only when asked for."""
    fit = fit_key()
    key = ("map", fit, model, what)
    known = jobs.find(key)
    if not begin or (known is not None and not known.error):
        return known
    rows = _vectors(*fit)[model].of(what)
    return jobs.start(key, f"Drawing a map of {what}", lambda tell: flat_map(rows, tell=tell))
