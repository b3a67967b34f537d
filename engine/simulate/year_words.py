"""A simulated year in words and as JSON: the same sentences on the page and in the terminal."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Any

import numpy as np

from engine.data.wording import counted
from engine.formats import change, confidence, number, percent
from engine.objectives import OBJECTIVES
from engine.simulate.fork import Parting, partings
from engine.simulate.measures import MEASURES
from engine.simulate.world import ASSUMPTIONS
from engine.simulate.year import Year

__all__ = ["assumed", "change_words", "parting_words", "year_to_json"]


def assumed(year: Year) -> list[str]:
    """Say what the simulated year assumes, one sentence each."""
    start, config = year.start, year.config
    world = ASSUMPTIONS[start.assumption]
    truth = (
        "Preferences are the true ones behind this simulated service."
        if start.assumption == "true"
        else f"Preferences are assumed ({world.label.lower()}): {world.words}. Nobody knows the "
        "true ones; see how the answer changes with the assumption."
    )
    people = (
        f"All {counted(start.n_people, 'person')}"
        if start.n_people == start.n_everybody
        else f"A sample of {counted(start.n_people, 'person')} of {start.n_everybody:,}"
    )
    explains = (
        f" ({percent(start.agreement)} of how the ranker's scores vary within a person's "
        "candidates)"
        if isfinite(start.agreement)
        else ""
    )
    after = (
        "may be shown and played again, as likely as at first"
        if start.offers_again
        else "is not shown again"
    )
    return [
        truth,
        f"{people} visit once a round; {start.notices}. What is played counts as liked, {after}, "
        "and is all that is learned from. Tastes, people and titles stay as they are.",
        "Lists come from a small recommender of taste factors and popularity, weighed to come near "
        f"the fitted ranker{explains} and refitted every "
        f"{counted(config.refit_every, 'round')}; the controls re-rank its candidates.",
        f"{counted(config.seeds, 'repetition')} with the same luck for both: bands and intervals "
        "hold the luck of who notices and plays what, no doubt about what is assumed.",
        *_without_objectives(year),
    ]


def _without_objectives(year: Year) -> list[str]:
    """Say which weights of the arms a year leaves out, since it simulates likes alone."""
    on = [
        OBJECTIVES[name].label
        for name in OBJECTIVES
        if any(getattr(arm.scenario, name) > 0 for arm in year.arms)
    ]
    return [f"Only likes are simulated: {', '.join(on)} does nothing in the year."] if on else []


def change_words(one: Parting) -> str:
    """Say one difference: ``+4.0 % (+1.2 pts, 0.9 to 1.5), 95 % interval, better``."""
    style, verdict = MEASURES[one.measure].style, one.verdict
    if not isfinite(verdict.low):
        return f"{verdict.word}: {verdict.reason}"
    moved = change(verdict.value, one.before, style, (verdict.low, verdict.high))
    return f"{moved}, {confidence(verdict.confidence)} interval, {verdict.word}"


def parting_words(one: Parting) -> str:
    """Say one measure of both arms: ``Coverage: 31.0 % → 42.0 %, +11.0 pts (…), better``."""
    measure = MEASURES[one.measure]
    before, after = (number(value, measure.style) for value in (one.before, one.after))
    return f"{measure.label}: {before} → {after}, {change_words(one)}"


def year_to_json(year: Year, attribute: str) -> dict[str, Any]:
    """Return everything measured, and each arm's partings from the first, ready for JSON."""
    return {
        "config": asdict(year.config),
        "start": {name: _plain(value) for name, value in asdict(year.start).items()},
        "assumed": assumed(year),
        "attribute": attribute,
        "arms": [
            {
                "label": arm.label,
                "scenario": arm.scenario.to_dict(),
                "exploration_places": arm.slots,
                "rounds": {
                    name: _plain(year.of(name, attribute)[at].round(6)) for name in MEASURES
                },
                "at_the_end": [_parted(one) for one in partings(year, at, attribute)] if at else [],
            }
            for at, arm in enumerate(year.arms)
        ],
    }


def _parted(one: Parting) -> dict[str, Any]:
    verdict = one.verdict
    return {
        "measure": one.measure,
        "before": _plain(one.before),
        "after": _plain(one.after),
        "difference": _plain(verdict.value),
        "low": _plain(verdict.low),
        "high": _plain(verdict.high),
        "confidence": _plain(verdict.confidence),
        "verdict": str(verdict.word),
        "repetitions": one.n,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [_plain(part) for part in value.tolist()]
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value
