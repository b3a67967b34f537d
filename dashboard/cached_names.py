"""What people, items and traits are called where one of them is chosen; kept for each fit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.cached_engine import fit_key, opened
from dashboard.charts.item_cloud import TITLED
from dashboard.unique_labels import unique_labels
from engine.artifacts import Artifacts
from engine.people import LIKES, share_traits
from engine.people.title_search import folded, titles_matching
from engine.reranking.candidate_pool import pool_of
from engine.scenario import Rule

__all__ = [
    "MAX_LISTED",
    "Trait",
    "item_labels",
    "items_by_title",
    "items_titled",
    "people_among",
    "people_in_words",
    "people_labels",
    "titled",
    "traits",
]

MAX_LISTED = 7000
"""With more people, only the first are listed; any other id can be typed."""


def people_in_words(artifacts: Artifacts) -> tuple[str, ...]:
    """Say who the first :data:`MAX_LISTED` people are: ``312 · woman, 25-34, writer``."""
    users = artifacts.users.iloc[:MAX_LISTED]
    traits = [users[name].astype(str) for name in users.columns if name != "user_id"][:4]
    return tuple(
        " · ".join(filter(None, (str(user), ", ".join(t for t in known if t != "unknown"))))
        for user, *known in zip(users["user_id"], *traits, strict=True)
    )


Trait = tuple[str, str]
"""An attribute and one of its groups."""


def people_labels() -> tuple[str, ...]:
    """Return the labels of the first people, by row; no two alike."""
    return _people_labels(*fit_key())


@st.cache_resource(max_entries=4, show_spinner=False)
def _people_labels(name: str, fit: str) -> tuple[str, ...]:
    fitted = opened(name, fit)
    words = people_in_words(fitted)
    ids = fitted.users["user_id"].iloc[: len(words)].astype(str).tolist()
    return tuple(unique_labels(words, ids))


def item_labels() -> tuple[str, ...]:
    """Return the labels of all items, by row: the title, with year or id where it is shared."""
    return _item_labels(*fit_key())


@st.cache_resource(max_entries=4, show_spinner=False)
def _item_labels(name: str, fit: str) -> tuple[str, ...]:
    fitted = opened(name, fit)
    titles, ids = (fitted.items[column].astype(str).tolist() for column in ("title", "item_id"))
    return tuple(unique_labels(titles, ids, pool_of(fitted).release_year.tolist()))


def titled(rule: Rule) -> dict[str, str]:
    """Return what the values of a rule on single items are called: id → label; else nothing."""
    if rule.field != "item":
        return {}
    index, labels = opened(*fit_key()).item_index, item_labels()
    return {value: labels[index[value]] for value in rule.values if value in index}


def items_by_title() -> Mapping[int, str]:
    """Return the items to choose from: index → label, by label; the most popular of many."""
    return _items_by_title(*fit_key())


@st.cache_resource(max_entries=4, show_spinner=False)
def _items_by_title(name: str, fit: str) -> dict[int, str]:
    labels = _item_labels(name, fit)
    popularity = np.asarray(opened(name, fit).popularity, np.int64)
    chosen = np.argsort(-popularity, kind="stable")[:TITLED].tolist()
    return {at: labels[at] for at in sorted(chosen, key=lambda at: labels[at].casefold())}


def traits() -> Mapping[str, Trait]:
    """Return all traits that people can be chosen by: ``gender: woman`` → attribute, group."""
    return _traits(*fit_key())


@st.cache_resource(max_entries=4, show_spinner=False)
def _traits(name: str, fit: str) -> dict[str, Trait]:
    fitted = opened(name, fit)
    named = dict(fitted.attributes)
    if fitted.genre_names:
        named.setdefault(LIKES, fitted.genre_names)
    found = [(attribute, group) for attribute, groups in named.items() for group in groups]
    words = [f"{attribute}: {group}" for attribute, group in found]
    return dict(zip(unique_labels(words, [repr(one) for one in found]), found, strict=True))


def people_among(wanted: tuple[tuple[str, tuple[str, ...]], ...]) -> NDArray[np.bool_]:
    """Mark the people of the traits given, attribute by attribute; read-only."""
    return _people_among(*fit_key(), wanted)


@st.cache_resource(max_entries=16, show_spinner=False)
def _people_among(
    name: str, fit: str, wanted: tuple[tuple[str, tuple[str, ...]], ...]
) -> NDArray[np.bool_]:
    marked = share_traits(opened(name, fit), dict(wanted))
    marked.flags.writeable = False
    return marked


def items_titled(words: str, at_most: int) -> tuple[int, ...]:
    """Return the items whose title holds the words, best match first."""
    if not words.strip():
        return ()
    titles = _folded_titles(*fit_key())
    popularity = opened(*fit_key()).popularity
    return tuple(titles_matching(titles, words, popularity, at_most=at_most).tolist())


@st.cache_resource(max_entries=4, show_spinner=False)
def _folded_titles(name: str, fit: str) -> tuple[str, ...]:
    return tuple(map(folded, _item_labels(name, fit)))
