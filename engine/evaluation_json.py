"""An evaluation as JSON: every figure with its interval and its change; NaN is null, and why."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Protocol

from engine.fit_words import fit_facts
from engine.metrics.figures import Figure

if TYPE_CHECKING:
    from engine.manifest import Manifest
    from engine.metrics.audience import Audience
    from engine.metrics.settings import Settings
    from engine.scenario import Scenario

__all__ = ["Reported", "to_json"]


class Reported(Protocol):
    """What a report of figures reads, of an evaluation in one process or in several."""

    @property
    def n_users(self) -> int:
        """Number of people evaluated."""

    @property
    def audience(self) -> Audience:
        """Whose people they are."""

    @property
    def settings(self) -> Settings:
        """How it was measured."""

    @property
    def figures(self) -> dict[str, Figure]:
        """Every figure, by name."""

    @property
    def scenario(self) -> Scenario | None:
        """What the lists come from."""

    @property
    def baseline_scenario(self) -> Scenario | None:
        """What they are held against."""


def to_json(evaluation: Reported, manifest: Manifest | None = None) -> dict[str, Any]:
    """Return a JSON-ready dict.

    ``n_users``, ``data``, ``fit`` (:func:`engine.fit_words.fit_facts`, where a manifest is given),
    ``scenario``, ``baseline``, ``settings`` and, per metric,
    ``metrics.<name>`` with ``value``, ``low``, ``high``, ``n``, ``n_undefined`` and ``difference``
    (``value``, ``low``, ``high``, ``confidence``, ``verdict``, ``p``, ``p_adjusted``); an undefined
    value is null and has a ``reason``. ``target`` is what a metric with a target aims at, and
    ``difference.overshoot`` says what has gone past it.
    """
    scenario, baseline = evaluation.scenario, evaluation.baseline_scenario
    return {
        "n_users": evaluation.n_users,
        "data": evaluation.audience.name,
        "fit": fit_facts(manifest) if manifest else None,
        "scenario": scenario.to_dict() if scenario else None,
        "baseline": baseline.to_dict() if baseline else None,
        "settings": vars(evaluation.settings),
        "metrics": {name: _figure(figure) for name, figure in evaluation.figures.items()},
    }


def _figure(figure: Figure) -> dict[str, Any]:
    out: dict[str, Any] = {
        "value": _number(figure.value),
        "low": _number(figure.low),
        "high": _number(figure.high),
        "n": figure.n,
        "n_undefined": figure.n_undefined,
        "difference": {
            "value": _number(figure.difference),
            "low": _number(figure.difference_low),
            "high": _number(figure.difference_high),
            "confidence": _number(figure.confidence),
            "verdict": str(figure.verdict),
            "p": _number(figure.p),
            "p_adjusted": _number(figure.p_adjusted),
        },
    }
    if figure.change_reason:
        out["difference"]["reason"] = figure.change_reason
    if figure.overshoot:
        out["difference"]["overshoot"] = figure.overshoot
    if math.isfinite(figure.target):
        out["target"] = figure.target
    if figure.reason:
        out["reason"] = figure.reason
    return out


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
