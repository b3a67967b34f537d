"""The engine of Rerank Studio: data, retrieval, ranking, re-ranking and evaluation.

A plain Python package. It prints nothing, imports neither Streamlit nor Plotly, and can be used
from a notebook, a batch job or the command line (``python -m engine``).

>>> from engine import Scenario
>>> Scenario(diversity=0.3).diversity
0.3
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.analysis.goal import SolveConfig
    from engine.analysis.swept import SweepConfig
    from engine.decision.settings import DecisionSettings
    from engine.errors import StudioError
    from engine.metrics.registry import METRICS
    from engine.metrics.settings import Settings
    from engine.scenario import Cap, Rule, Scenario
    from engine.studio import Studio

__all__ = [
    "METRICS",
    "Cap",
    "DecisionSettings",
    "Rule",
    "Scenario",
    "Settings",
    "SolveConfig",
    "Studio",
    "StudioError",
    "SweepConfig",
]

_HOME = {
    "METRICS": "engine.metrics.registry",
    "Cap": "engine.scenario",
    "DecisionSettings": "engine.decision.settings",
    "Rule": "engine.scenario",
    "Scenario": "engine.scenario",
    "Settings": "engine.metrics.settings",
    "SolveConfig": "engine.analysis.goal",
    "Studio": "engine.studio",
    "StudioError": "engine.errors",
    "SweepConfig": "engine.analysis.sweep",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: ``import engine`` alone loads nothing."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
