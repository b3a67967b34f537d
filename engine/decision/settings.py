"""What decides a comparison's verdicts, as a record that a file beside the scenario can hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from engine.analysis.aims import check_metric
from engine.analysis.constraints import Constraint, refuse_contradictions
from engine.audit.settings import read_measured
from engine.errors import ScenarioError
from engine.metrics.registry import HEADLINE
from engine.metrics.settings import Settings
from engine.metrics.statistics.policy import POLICY, Policy
from engine.scenario_values import brief, number, text
from engine.strict_json import json_of

__all__ = ["GUARDRAILS", "MAX_BYTES", "DecisionSettings"]

OWNER = "the decision settings"
MAX_BYTES = 50_000
MOST = 40
"""Metrics, and guardrails, of one comparison."""

GUARDRAILS = ("ndcg loss <= 1%", "top_item_share <= 40%")
"""What is asked of a scenario unless something else is."""


@dataclass(frozen=True)
class DecisionSettings:
    """What decides a comparison, beside the scenarios and the fit.

    Attributes
    ----------
    metrics : tuple of str
        Keys of ``METRICS``: what is shown, and judged together.
    guardrails : tuple of str
        What must hold, as :meth:`engine.analysis.constraints.Constraint.parse` reads it.
    margin : float
        A share of the baseline's value: a change within it is as good as none.
    attribute : str
        By which people are grouped; empty for no groups.
    level : float
        Chance of a false "clear", of any of what is judged together.
    measured_with : Settings
        The model of attention and the other parameters of the metrics.
    """

    metrics: tuple[str, ...] = HEADLINE
    guardrails: tuple[str, ...] = GUARDRAILS
    margin: float = 0.01
    attribute: str = ""
    level: float = POLICY.level
    measured_with: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        object.__setattr__(self, "metrics", _texts("metrics", self.metrics))
        object.__setattr__(self, "guardrails", _texts("guardrails", self.guardrails))
        for name in self.metrics:
            check_metric(name)
        if not self.metrics or len(set(self.metrics)) < len(self.metrics):
            raise ScenarioError(f"`metrics` of {OWNER} must name each of one or more once.")
        refuse_contradictions(self.limits)
        object.__setattr__(self, "margin", number(OWNER, "margin", self.margin, 0.0001, 0.5))
        object.__setattr__(self, "level", number(OWNER, "level", self.level, 1e-6, 0.5))
        text(OWNER, "attribute", self.attribute)

    @property
    def limits(self) -> tuple[Constraint, ...]:
        """The guardrails."""
        return tuple(Constraint.parse(one) for one in self.guardrails)

    @property
    def policy(self) -> Policy:
        """When a change is called clear."""
        return replace(POLICY, level=self.level, family="the metrics and scenarios shown")

    @property
    def confidence(self) -> float:
        """Of everything that is said to be shown, together."""
        return 1 - self.level

    def to_dict(self) -> dict[str, Any]:
        """Return everything by name, ready for JSON; :meth:`from_dict` takes it back."""
        policy = self.policy
        return {
            **asdict(self),
            "metrics": list(self.metrics),
            "guardrails": list(self.guardrails),
            "correction": policy.correction,
            "least_n": policy.least_n,
            "least_events": policy.least_events,
        }

    def to_json(self) -> str:
        """Write the settings as readable JSON, for a file beside the scenario."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_dict(cls, given: Any) -> DecisionSettings:
        """Check every value; what is left out has its default.

        Raises
        ------
        ScenarioError
            An unknown field or a value out of its range.
        """
        if not isinstance(given, Mapping):
            raise ScenarioError(f"{OWNER} must be an object; got {brief(given)}.")
        values = dict(given)
        for name in FIXED:
            _refuse_other(name, values.pop(name, getattr(POLICY, name)))
        unknown = set(values) - set(cls.__dataclass_fields__)
        if unknown:
            raise ScenarioError(
                f"{brief(min(unknown, key=str))} is not a field of {OWNER}; allowed are "
                f"{', '.join(cls.__dataclass_fields__)}."
            )
        if "measured_with" in values:
            values["measured_with"] = read_measured(values["measured_with"], OWNER)
        return cls(**values)

    @classmethod
    def from_json(cls, given: str | bytes) -> DecisionSettings:
        """Read a settings file of at most 50 kB.

        Raises
        ------
        ScenarioError
            For anything that is no settings, whatever it is.
        """
        what = f"The file of {OWNER}"
        return cls.from_dict(json_of(given, max_bytes=MAX_BYTES, what=what, error=ScenarioError))


FIXED = ("correction", "least_n", "least_events")
"""Parts of the policy that are the same for every comparison."""


def _refuse_other(name: str, given: Any) -> None:
    if given != getattr(POLICY, name):
        raise ScenarioError(
            f"`{name}` of {OWNER} must be {getattr(POLICY, name)!r}, as in every comparison here; "
            f"got {brief(given)}."
        )


def _texts(name: str, given: Any) -> tuple[str, ...]:
    if not isinstance(given, (list, tuple)) or len(given) > MOST:
        raise ScenarioError(
            f"`{name}` of {OWNER} must be a list of at most {MOST} texts; got {brief(given)}."
        )
    return tuple(text(OWNER, name, one) for one in given)
