"""What caps and rules reach, in words: those in force, and one that may be added."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from dashboard.cached_engine import fit_key, opened
from engine.formats import SHARE, number
from engine.reranking import cap_report, rule_conflicts, rule_report
from engine.scenario import Cap, Rule, Scenario

__all__ = ["Reach", "of_caps", "of_new_cap", "of_new_rule", "of_rules"]


class Reach(NamedTuple):
    """What a limit reaches, in words, and whether it cannot hold for everybody."""

    words: str
    is_broken: bool = False


def of_caps(scenario: Scenario) -> tuple[Reach, ...]:
    """Say of each cap in force in how many lists it binds, and in how many it cannot be kept."""
    return _of_caps(*fit_key(), replace(scenario, name="")) if scenario.caps else ()


@st.cache_resource(max_entries=32, show_spinner=False)
def _of_caps(name: str, fit: str, scenario: Scenario) -> tuple[Reach, ...]:
    reports = cap_report(opened(name, fit), scenario)
    return tuple(Reach(report.text, report.n_broken > 0) for report in reports)


def of_rules(scenario: Scenario) -> tuple[Reach, ...]:
    """Say of each rule in force for whom it can act, and which other rule it meets."""
    return _of_rules(*fit_key(), replace(scenario, name="")) if scenario.rules else ()


@st.cache_resource(max_entries=32, show_spinner=False)
def _of_rules(name: str, fit: str, scenario: Scenario) -> tuple[Reach, ...]:
    fitted = opened(name, fit)
    conflicts = rule_conflicts(fitted, scenario.rules)
    said = []
    for place, report in enumerate(rule_report(fitted, scenario)):
        meets = [one.text for one in conflicts if one.second == place]
        changed = f"Changes {number(report.share_changed, SHARE)} of lists."
        words = " ".join(filter(None, (changed * bool(report.n_changed), report.text, *meets)))
        said.append(Reach(words, is_broken=not report.n_reached))
    return tuple(said)


def of_new_cap(cap: Cap, scenario: Scenario) -> Reach:
    """Say what a cap would do beside the setting in force."""
    others = tuple(one for one in scenario.caps if one != cap)
    return of_caps(replace(scenario, caps=(*others, cap)))[-1]


def of_new_rule(rule: Rule, scenario: Scenario) -> Reach:
    """Say what a rule would reach beside the setting in force."""
    others = tuple(one for one in scenario.rules if one != rule)
    return of_rules(replace(scenario, rules=(*others, rule)))[-1]
