"""What the Pipeline page keeps: the report of a fit, and of the lists under a scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import streamlit as st

from dashboard import jobs
from dashboard.cached_engine import evaluation, fit_key, opened
from engine.people.influence import Influence
from engine.people.influence import influence as influence_of
from engine.pipeline.report.cold_items import cold_items_curve
from engine.pipeline.report.cold_start import cold_start_curve
from engine.pipeline.report.estimates import Estimate, GroupEstimates, group_means
from engine.pipeline.report.filter_counts import FilterCounts, filter_counts
from engine.pipeline.report.fits import FitRow, fits_beside
from engine.pipeline.report.funnel import FunnelStage, PersonStage, funnel, person_funnel
from engine.pipeline.report.ranker_worth import RankerGain, ScoreBin, ranker_gain, score_bins
from engine.pipeline.report.reach import Reach, group_reach, reach_of
from engine.pipeline.report.search_curve import search_curve
from engine.pipeline.report.source_worth import SourceWorth, fillers, source_worth
from engine.scenario import Scenario

__all__ = [
    "Groups",
    "ListReport",
    "cold_items_job",
    "cold_job",
    "filters",
    "fits",
    "gain",
    "groups",
    "influence",
    "lists_report",
    "scores",
    "search_job",
    "sources",
]


@dataclass(frozen=True, eq=False)
class ListReport:
    """Everyone's funnel and reach under one setting."""

    people: tuple[PersonStage, ...]
    stages: tuple[FunnelStage, ...]
    reach: Reach


@dataclass(frozen=True, eq=False)
class Groups:
    """The same by group: what is reached, and the share of the long tail at each stage."""

    reach: Mapping[str, GroupEstimates]
    tail: Mapping[str, GroupEstimates]


def influence(user: int, item: int) -> Influence | None:
    """Return what the second stage looked at when it placed one item of a person; read-only."""
    return _influence(*fit_key(), user, item)


@st.cache_resource(max_entries=64, show_spinner=False)
def _influence(name: str, fit: str, user: int, item: int) -> Influence | None:
    return influence_of(opened(name, fit), user, item)


def lists_report(scenario: Scenario) -> ListReport:
    """Describe what every stage holds, and reaches, under a setting; read-only."""
    return _lists_report(*fit_key(), replace(scenario, name=""))


@st.cache_resource(max_entries=16, show_spinner=False)
def _lists_report(name: str, fit: str, scenario: Scenario) -> ListReport:
    fitted = opened(name, fit)
    lists = evaluation(scenario).evaluation.measured.items
    people = person_funnel(fitted, lists)
    return ListReport(people, funnel(people), reach_of(fitted, lists))


def groups(scenario: Scenario, attribute: str) -> Groups:
    """Return what :func:`lists_report` has, by group of an attribute; read-only."""
    return _groups(*fit_key(), replace(scenario, name=""), attribute)


@st.cache_resource(max_entries=32, show_spinner=False)
def _groups(name: str, fit: str, scenario: Scenario, attribute: str) -> Groups:
    fitted, report = opened(name, fit), _lists_report(name, fit, scenario)
    tail = {
        one.name: group_means(fitted, attribute, one.tail)
        for one in report.people
        if one.name != "catalogue"
    }
    return Groups(group_reach(fitted, report.reach, attribute), tail)


def sources() -> tuple[tuple[SourceWorth, ...], Estimate]:
    """Return what each source is worth, and what fillers found."""
    return _sources(*fit_key())


@st.cache_resource(max_entries=4, show_spinner=False)
def _sources(name: str, fit: str) -> tuple[tuple[SourceWorth, ...], Estimate]:
    fitted = opened(name, fit)
    return source_worth(fitted), fillers(fitted)


def gain(k: int) -> RankerGain:
    """Return the ranker's gain over the retrieved order, for lists of ``k``."""
    return _gain(*fit_key(), k)


@st.cache_resource(max_entries=8, show_spinner=False)
def _gain(name: str, fit: str, k: int) -> RankerGain:
    return ranker_gain(opened(name, fit), k)


def scores() -> tuple[ScoreBin, ...]:
    """Return the share of held-out likes by score."""
    return _scores(*fit_key())


@st.cache_resource(max_entries=4, show_spinner=False)
def _scores(name: str, fit: str) -> tuple[ScoreBin, ...]:
    return score_bins(opened(name, fit))


def filters() -> FilterCounts:
    """Return what each filter takes out, and how the Bloom filters do where the fit has them."""
    return _filters(*fit_key())


@st.cache_resource(max_entries=4, show_spinner=False)
def _filters(name: str, fit: str) -> FilterCounts:
    return filter_counts(opened(name, fit))


def fits() -> tuple[FitRow, ...]:
    """Return the fits of this data set, from their manifests as they are now."""
    return fits_beside(fit_key()[0])


def search_job(*, begin: bool = False) -> jobs.Job | None:
    """Return the job that measures the search; it begins only when that is asked for."""
    return _measuring("search", "Measuring the search", search_curve, begin=begin)


def cold_job(*, begin: bool = False) -> jobs.Job | None:
    """Return the job that measures the cold start; it begins only when that is asked for."""
    return _measuring("cold start", "Measuring the cold start", cold_start_curve, begin=begin)


def cold_items_job(*, begin: bool = False) -> jobs.Job | None:
    """Return the job that measures how new items are found; it begins only when asked for."""
    return _measuring("new items", "Measuring new items", cold_items_curve, begin=begin)


def _measuring(
    what: str, words: str, measure: Callable[..., object], *, begin: bool
) -> jobs.Job | None:
    fit = fit_key()
    key = (what, fit)
    known = jobs.find(key)
    if not begin or (known is not None and not known.error):
        return known
    fitted = opened(*fit)
    return jobs.start(key, words, lambda tell: measure(fitted, tell=tell))
