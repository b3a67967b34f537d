"""What the pages keep of one person: found, explained, and as they might have been."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.cached_engine import fit_key, opened
from engine.people import Found, Searched, find_people, share_traits
from engine.rank_explanation import explain_ranks
from engine.reranking.counterfactual import Change, counterfactual
from engine.reranking.ledger import Ledger, explain_list
from engine.scenario import Scenario
from engine.what_if import what_if_candidates, what_if_list

__all__ = ["Imagined", "found_by_history", "ledger", "rank_parts", "ways_in", "what_if"]

Traits = tuple[tuple[str, tuple[str, ...]], ...]  # attributes and groups, as a key of a cache


def found_by_history(finder: str, traits: Traits, at_most: int) -> Found:
    """Return the people that a finder which needs no lists finds; read-only."""
    return _found(*fit_key(), finder, traits, at_most)


@st.cache_resource(max_entries=32, show_spinner=False)
def _found(name: str, fit: str, finder: str, traits: Traits, at_most: int) -> Found:
    fitted = opened(name, fit)
    among = share_traits(fitted, dict(traits))
    return find_people(Searched(fitted, among), finder, at_most=at_most)


def rank_parts(user: int) -> NDArray[np.float64]:
    """Return the ranker's scores of one person's candidates, split by feature; read-only."""
    return _rank_parts(*fit_key(), user)


@st.cache_resource(max_entries=64, show_spinner=False)
def _rank_parts(name: str, fit: str, user: int) -> NDArray[np.float64]:
    return explain_ranks(opened(name, fit), user)


def ledger(user: int, scenario: Scenario) -> Ledger:
    """Return why each item of one person's list moved; read-only."""
    return _ledger(*fit_key(), user, replace(scenario, name=""))


@st.cache_resource(max_entries=64, show_spinner=False)
def _ledger(name: str, fit: str, user: int, scenario: Scenario) -> Ledger:
    return explain_list(opened(name, fit), scenario, user)


def ways_in(user: int, item: int, scenario: Scenario) -> list[Change]:
    """Return the smallest change of each control that brings an item into a person's list."""
    return _ways_in(*fit_key(), user, item, replace(scenario, name=""))


@st.cache_resource(max_entries=64, show_spinner="Searching all settings …")
def _ways_in(name: str, fit: str, user: int, item: int, scenario: Scenario) -> list[Change]:
    return counterfactual(opened(name, fit), scenario, user, item)


@dataclass(frozen=True, eq=False)
class Imagined:
    """One person's list with an imagined history, and what to say about it."""

    items: NDArray[np.int32]
    label: str
    leans_on: int


def what_if(
    user: int,
    liked: tuple[int, ...],
    unliked: tuple[int, ...],
    scenario: Scenario,
    keep: int | None = None,
) -> Imagined:
    """Return the list that a person would get had they (not) liked these items."""
    anonymous = replace(scenario, name="")
    return _what_if(*fit_key(), user, liked, unliked, anonymous, keep)


@st.cache_resource(max_entries=64, show_spinner="Folding in the imagined history …")
def _what_if(
    name: str,
    fit: str,
    user: int,
    liked: tuple[int, ...],
    unliked: tuple[int, ...],
    scenario: Scenario,
    keep: int | None,
) -> Imagined:
    fitted = opened(name, fit)
    found = what_if_candidates(fitted, user, like=liked, unlike=unliked, keep=keep)
    lists = what_if_list(fitted, scenario, user, found)
    return Imagined(lists.items[0], found.label, found.leans_on)
