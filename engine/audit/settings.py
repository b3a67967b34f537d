"""What decides an audit's verdicts, as a record that a file beside the scenario can hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from engine.audit.reference import REST_OF_ALL
from engine.errors import ScenarioError
from engine.metrics.crossing import MOST_ATTRIBUTES
from engine.metrics.rank_weights import ATTENTION_MODELS
from engine.metrics.reference_disparity import BAND
from engine.metrics.registry import USER_METRICS
from engine.metrics.settings import Settings
from engine.metrics.statistics.policy import CORRECTIONS, POLICY, Policy
from engine.scenario_values import brief, number, one_of, text, whole_number
from engine.strict_json import json_of

__all__ = ["MAX_BYTES", "AuditSettings", "read_measured"]

MAX_BYTES = 20_000
OWNER = "the audit settings"
DEFAULTS = Settings()


@dataclass(frozen=True)
class AuditSettings:
    """What decides an audit's figures and verdicts, beside the scenario and the fit.

    Attributes
    ----------
    attributes : tuple of str
        One to three; several are crossed.
    metric : str
        Name of a per-user metric.
    reference : str
        A key of :data:`engine.audit.reference.REFERENCES` or a group's label; with ``group: ``
        before it where it would be taken for one of those (``group: everyone``).
    band : (float, float)
        Ratios to the reference between which a disparity counts as small: the first in (0, 1], the
        second at least 1.
    min_n : int
        Groups with fewer people who have a value are suppressed.
    level : float
        Chance of a false "clear", in (0, 1).
    correction : str
        Key of :data:`engine.metrics.statistics.policy.CORRECTIONS`.
    least_events : int
        With fewer people who have anything but the usual value no difference is clear.
    measured_with : Settings
        The model of attention and the other parameters of the metrics.
    """

    attributes: tuple[str, ...]
    metric: str = "ndcg"
    reference: str = REST_OF_ALL
    band: tuple[float, float] = BAND
    min_n: int = POLICY.least_n
    level: float = POLICY.level
    correction: str = POLICY.correction
    least_events: int = POLICY.least_events
    measured_with: Settings = DEFAULTS

    @property
    def policy(self) -> Policy:
        """When a group is called different."""
        return replace(
            POLICY,
            level=self.level,
            correction=self.correction,
            least_n=self.min_n,
            least_events=self.least_events,
            family="the groups compared",
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything by name, ready for JSON; :meth:`from_dict` takes it back."""
        return {
            "groups": list(self.attributes),
            "metric": self.metric,
            "reference": self.reference,
            "band": list(self.band),
            "least_n": self.min_n,
            "level": self.level,
            "correction": self.correction,
            "least_events": self.least_events,
            "measured_with": asdict(self.measured_with),
        }

    def to_json(self) -> str:
        """Write the settings as readable JSON, for a file beside the scenario."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_dict(cls, given: Any) -> AuditSettings:
        """Check every value; what is left out, but for the groups, has its default.

        Raises
        ------
        ScenarioError
            An unknown field or a value out of its range.
        """
        if not isinstance(given, Mapping):
            raise ScenarioError(f"{OWNER} must be an object with `groups`; got {brief(given)}.")
        _refuse_unknown(given, ("groups", *READ))
        if "groups" not in given:
            raise ScenarioError(f"{OWNER} must name `groups`, one to three attributes of people.")
        read = {
            READ[name][0]: READ[name][1](value) for name, value in given.items() if name in READ
        }
        return cls(_groups(given["groups"]), **read)

    @classmethod
    def from_json(cls, given: str | bytes) -> AuditSettings:
        """Read a settings file of at most 20 kB.

        Raises
        ------
        ScenarioError
            For anything that is no settings, whatever it is.
        """
        what = f"The file of {OWNER}"
        return cls.from_dict(json_of(given, max_bytes=MAX_BYTES, what=what, error=ScenarioError))


def _refuse_unknown(given: Mapping[str, Any], allowed: tuple[str, ...], owner: str = OWNER) -> None:
    for name in given:
        if name not in allowed:
            raise ScenarioError(
                f"{brief(name)} is not a field of {owner}; allowed are {', '.join(allowed)}."
            )


def _groups(given: Any) -> tuple[str, ...]:
    if not isinstance(given, (list, tuple)) or not 1 <= len(given) <= MOST_ATTRIBUTES:
        raise ScenarioError(
            f"`groups` of {OWNER} must be a list of one to {MOST_ATTRIBUTES} attributes; got "
            f"{brief(given)}."
        )
    return tuple(text(OWNER, "groups", name) for name in given)


def _band(given: Any) -> tuple[float, float]:
    if not isinstance(given, (list, tuple)) or len(given) != 2:
        raise ScenarioError(
            f"`band` of {OWNER} must be two ratios, such as [0.8, 1.25]; got {brief(given)}."
        )
    return number(OWNER, "band", given[0], 0.01, 1), number(OWNER, "band", given[1], 1, 100)


def read_measured(given: Any, owner: str = OWNER) -> Settings:
    """Check the parameters of the metrics; what is left out has its default.

    Raises
    ------
    ScenarioError
        An unknown field or a value out of its range, of what ``owner`` names.
    """
    if not isinstance(given, Mapping):
        raise ScenarioError(f"`measured_with` of {owner} must be an object; got {brief(given)}.")
    _refuse_unknown(given, tuple(MEASURED_READ), owner)
    read = {name: MEASURED_READ[name](owner, name, value) for name, value in given.items()}
    return Settings(**read)


def _between(low: float, high: float) -> Callable[[str, str, Any], float]:
    return lambda owner, name, value: number(owner, name, value, low, high)


MEASURED_READ: dict[str, Callable[[str, str, Any], Any]] = {
    "attention": lambda owner, name, value: one_of(owner, name, value, tuple(ATTENTION_MODELS)),
    "patience": _between(0.01, 0.99),
    "top": lambda owner, name, value: whole_number(owner, name, value, 1, 1000),
    "fresh_years": _between(0.01, 1000.0),
    "half_life_years": _between(0.01, 1000.0),
    "ips_gamma": _between(0.0, 10.0),
    "item_groups": text,
    "target": lambda owner, name, value: one_of(
        owner, name, value, ("catalogue", "history", "merit")
    ),
}
"""Parameter of the metrics → what reads it."""

READ: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "metric": ("metric", lambda value: one_of(OWNER, "metric", value, USER_METRICS)),
    "reference": ("reference", lambda value: text(OWNER, "reference", value)),
    "band": ("band", _band),
    "least_n": ("min_n", lambda value: whole_number(OWNER, "least_n", value, 2, 10**9)),
    "level": ("level", lambda value: number(OWNER, "level", value, 1e-6, 0.5)),
    "correction": (
        "correction",
        lambda value: one_of(OWNER, "correction", value, tuple(CORRECTIONS)),
    ),
    "least_events": (
        "least_events",
        lambda value: whole_number(OWNER, "least_events", value, 0, 10**9),
    ),
    "measured_with": ("measured_with", read_measured),
}
"""Field of the file → field of the record, and what reads it."""
