"""A comparison as tables, for files and notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from engine.metrics.registry import METRICS

if TYPE_CHECKING:
    from engine.decision.comparison import Rival

__all__ = ["figure_frame", "guardrail_frame"]


def figure_frame(rivals: Sequence[Rival]) -> pd.DataFrame:
    """Return a row per scenario and metric: figure, change, verdict, equivalence."""
    rows = [
        {
            "scenario": rival.name, "metric": METRICS[name].label,
            "value": figure.value, "low": figure.low, "high": figure.high,
            "n": figure.n, "baseline": figure.before,
            "change": figure.difference, "change low": figure.difference_low,
            "change high": figure.difference_high,
            "confidence": figure.confidence, "p": figure.p,
            "p corrected": figure.p_adjusted, "verdict": str(figure.verdict),
            "within the margin": rival.equivalence[name].words,
        }
        for rival in rivals
        for name, figure in rival.figures.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def guardrail_frame(rivals: Sequence[Rival]) -> pd.DataFrame:
    """Return a row per scenario and guardrail: its answer, the estimate, its bounds."""
    rows = [
        {
            "scenario": rival.name, "guardrail": one.words, "answer": str(one.answer),
            "estimate": one.reached, "at worst": one.at_worst, "value": one.value,
            "baseline": one.before, "margin": one.margin, "margin low": one.margin_low,
            "margin high": one.margin_high, "people needed": one.needed,
        }
        for rival in rivals
        for one in rival.guardrails
    ]  # fmt: skip
    return pd.DataFrame(rows)
