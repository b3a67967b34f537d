"""What a sweep or a search looks at: a metric of everyone, of a group, or between groups.

>>> Aim.parse("ndcg@worst:gender")
Aim(metric='ndcg', over='worst', attribute='gender', label='')
>>> str(Aim.parse("recall@age band=25-34"))
'recall@age band=25-34'
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import ScenarioError
from engine.metrics.audience import Audience
from engine.metrics.registry import METRICS

__all__ = ["OVER", "Aim", "better_sign", "check_aim", "check_metric"]

OVER = ("everyone", "group", "worst", "gap")
"""Whose value an aim is: everyone's, one group's, the worst served group's, or best minus worst."""


@dataclass(frozen=True)
class Aim:
    """One number that a setting has.

    Attributes
    ----------
    metric : str
        Key of ``METRICS``.
    over : str
        One of :data:`OVER`.
    attribute : str
        Of people, where ``over`` is not ``everyone``.
    label : str
        The group, where ``over`` is ``group``.
    """

    metric: str
    over: str = "everyone"
    attribute: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        check_metric(self.metric)
        if self.over not in OVER:
            raise ScenarioError(f"An aim is over one of {', '.join(OVER)}; got {self.over!r}.")
        if self.over != "everyone" and METRICS[self.metric].scope == "audience":
            raise ScenarioError(
                f"{METRICS[self.metric].label} is one number of all lists together, so no group "
                "of people has a value of its own; take it over everyone."
            )

    @classmethod
    def parse(cls, text: str) -> Aim:
        """Read ``METRIC``, ``METRIC@worst:ATTRIBUTE``, ``…@gap:ATTRIBUTE``, ``…@ATTRIBUTE=GROUP``.

        Raises
        ------
        ScenarioError
            Anything else.
        """
        metric, has_group, group = text.strip().partition("@")
        if not has_group:
            return cls(metric.strip())
        for over in ("worst", "gap"):
            if group.startswith(f"{over}:"):
                return cls(metric.strip(), over, group.removeprefix(f"{over}:").strip())
        attribute, has_label, label = group.partition("=")
        if not has_label:
            raise ScenarioError(
                f"{text!r} names no group: after the @ stands worst:ATTRIBUTE, gap:ATTRIBUTE or "
                "ATTRIBUTE=GROUP."
            )
        return cls(metric.strip(), "group", attribute.strip(), label.strip())

    def __str__(self) -> str:
        """Return the text that :meth:`parse` reads."""
        if self.over == "everyone":
            return self.metric
        if self.over == "group":
            return f"{self.metric}@{self.attribute}={self.label}"
        return f"{self.metric}@{self.over}:{self.attribute}"

    @property
    def words(self) -> str:
        """What it is, for people: ``NDCG, worst served by gender``."""
        label = METRICS[self.metric].label
        words = {
            "everyone": label,
            "group": f"{label}, {self.label}",
            "worst": f"{label}, worst served by {self.attribute}",
            "gap": f"{label}, gap by {self.attribute}",
        }
        return words[self.over]


def check_metric(name: str) -> None:
    """Refuse the name of no metric.

    Raises
    ------
    ScenarioError
        It names the metrics that there are.
    """
    if name not in METRICS:
        raise ScenarioError(f"No metric is named {name!r}; there are {', '.join(METRICS)}.")


def check_aim(audience: Audience, aim: Aim) -> None:
    """Refuse an aim that these data cannot have.

    Raises
    ------
    ScenarioError
        An unknown attribute or group.
    """
    if aim.over == "everyone":
        return
    if aim.attribute not in audience.attributes:
        raise ScenarioError(
            f"No attribute is named {aim.attribute!r} in these data; there are "
            f"{', '.join(audience.attributes)}."
        )
    labels = audience.attributes[aim.attribute]
    if aim.over == "group" and aim.label not in labels:
        raise ScenarioError(
            f"No group of {aim.attribute} is named {aim.label!r}; there are {', '.join(labels)}."
        )


def better_sign(aim: Aim) -> float:
    """Return -1 where less of it is better, or nearer to its aim, else 1: more is wanted."""
    if aim.over == "gap":
        return -1.0
    return -1.0 if METRICS[aim.metric].good_way == "lower" else 1.0
