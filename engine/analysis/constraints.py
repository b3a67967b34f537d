"""What a search must keep: limits on a metric, for everyone, for a group, or for every group.

>>> Constraint.parse("ndcg loss <= 1%")
Constraint(metric='ndcg', kind='loss', limit=0.01, attribute='', label='')
>>> str(Constraint.parse("ndcg loss <= 2% for every gender"))
'ndcg loss <= 2% for every gender'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.analysis.aims import check_metric
from engine.errors import ScenarioError
from engine.metrics.audience import Audience
from engine.metrics.registry import METRICS

__all__ = ["Constraint", "Part", "parts_of", "refuse_contradictions"]

KINDS = ("loss", "at_least", "at_most")
PATTERN = re.compile(
    r"(?P<metric>\w+)\s*(?:@\s*(?P<attribute>[^=]+)=(?P<label>.+?))?\s+"
    r"(?:(?P<loss>loss)\s*)?(?P<sign><=|>=)\s*(?P<limit>-?[0-9.]+)\s*(?P<percent>%?)"
    r"(?:\s+for every (?P<every>.+))?"
)
SIGNS = {"loss": "loss <=", "at_least": ">=", "at_most": "<="}


@dataclass(frozen=True)
class Constraint:
    """One limit.

    Attributes
    ----------
    metric : str
        Key of ``METRICS``.
    kind : str
        ``loss``: at most this share of the baseline's value is lost, in the metric's better
        direction. ``at_least``, ``at_most``: the value itself.
    limit : float
        A share for ``loss``, else in the metric's unit.
    attribute, label : str
        The group it is for. With an attribute and no label: each of its groups. Neither: everyone.
    """

    metric: str
    kind: str
    limit: float
    attribute: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        check_metric(self.metric)
        spec = METRICS[self.metric]
        if self.kind not in KINDS:
            raise ScenarioError(f"A limit is one of {', '.join(KINDS)}; got {self.kind!r}.")
        if self.kind == "loss" and not spec.good_way:
            raise ScenarioError(
                f"{spec.label} has no better direction, so nothing of it can be lost; limit the "
                "value itself, with >= or <=."
            )
        if self.kind == "loss" and not 0 <= self.limit <= 1:
            raise ScenarioError(
                f"A loss is limited to a share from 0 % to 100 %; got {100 * self.limit:g} %."
            )
        if self.attribute and spec.scope == "audience":
            raise ScenarioError(
                f"{spec.label} is one number of all lists together; it cannot be limited by group."
            )

    @classmethod
    def parse(cls, text: str) -> Constraint:
        """Read ``ndcg loss <= 1%``, ``aplt >= 20%``, ``ndcg@gender=woman loss <= 2%``, ….

        Raises
        ------
        ScenarioError
            Anything else.
        """
        found = PATTERN.fullmatch(text.strip())
        if not found or (found["loss"] and found["sign"] == ">="):
            raise ScenarioError(
                f"{text!r} is no limit; write `METRIC loss <= 1%`, `METRIC >= 0.2` or "
                "`METRIC <= 40%`, with `@ATTRIBUTE=GROUP` after the metric for one group, or "
                "`for every ATTRIBUTE` at the end for each."
            )
        try:
            limit = float(found["limit"]) / (100 if found["percent"] else 1)
        except ValueError:
            raise ScenarioError(f"{found['limit']!r} in {text!r} is no number.") from None
        kind = "loss" if found["loss"] else "at_least" if found["sign"] == ">=" else "at_most"
        attribute = (found["every"] or found["attribute"] or "").strip()
        return cls(found["metric"], kind, limit, attribute, (found["label"] or "").strip())

    def __str__(self) -> str:
        """Return the text that :meth:`parse` reads."""
        is_share = self.kind == "loss" or METRICS[self.metric].as_percent
        limit = f"{100 * self.limit:.10g}%" if is_share else f"{self.limit:.10g}"
        group = f"@{self.attribute}={self.label}" if self.label else ""
        every = f" for every {self.attribute}" if self.attribute and not self.label else ""
        return f"{self.metric}{group} {SIGNS[self.kind]} {limit}{every}"


@dataclass(frozen=True)
class Part:
    """A constraint for one group, or for everyone: what is tested."""

    constraint: Constraint
    label: str = ""

    @property
    def words(self) -> str:
        """For people: ``NDCG, woman: at most 2 % lost``."""
        spec, one = METRICS[self.constraint.metric], self.constraint
        who = f", {self.label}" if self.label else ""
        share = one.kind == "loss" or spec.as_percent
        limit = f"{100 * one.limit:.4g} %" if share else f"{one.limit:.4g}"
        what = {"loss": f"at most {limit} lost", "at_least": f"at least {limit}"}
        return f"{spec.label}{who}: {what.get(one.kind, f'at most {limit}')}"


def parts_of(
    audience: Audience,
    constraints: Sequence[Constraint],
    users: NDArray[np.integer],
    least: int,
) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """Split constraints into what is tested, and say which groups are too small to be.

    Parameters
    ----------
    audience : Audience
    constraints : sequence of Constraint
    users : integer array
        People that the constraints are tested on.
    least : int
        Smaller groups are left out of ``for every``, and refused by name.

    Raises
    ------
    ScenarioError
        An unknown attribute or group, or one that is too small.
    """
    parts: list[Part] = []
    notes: list[str] = []
    for one in constraints:
        if not one.attribute:
            parts.append(Part(one))
            continue
        if one.attribute not in audience.attributes:
            raise ScenarioError(
                f"No attribute is named {one.attribute!r} in these data; there are "
                f"{', '.join(audience.attributes)}."
            )
        labels = audience.attributes[one.attribute]
        if one.label and one.label not in labels:
            raise ScenarioError(
                f"No group of {one.attribute} is named {one.label!r}; there are "
                f"{', '.join(labels)}."
            )
        size = _sizes(audience, one.attribute, users)
        asked = [one.label] if one.label else list(labels)
        small = [label for label in asked if size[label] < least]
        if len(small) == len(asked):
            raise ScenarioError(
                f"`{one}` is about groups of fewer than {least} people among those that it is "
                "tested on, which are not shown; name a larger group."
            )
        if small:
            notes.append(f"`{one}` leaves out {', '.join(small)}: fewer than {least} people each.")
        parts += [Part(replace(one, label=label), label) for label in asked if label not in small]
    return tuple(parts), tuple(notes)


def _sizes(audience: Audience, attribute: str, users: NDArray[np.integer]) -> dict[str, int]:
    """Count the people of each group of an attribute."""
    labels = audience.attributes[attribute]
    codes = audience.codes(attribute)[users]
    counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    return dict(zip(labels, counts.tolist(), strict=True))


def refuse_contradictions(constraints: Sequence[Constraint]) -> None:
    """Refuse limits of one value that nothing can meet.

    Raises
    ------
    ScenarioError
        A lower limit above an upper one.
    """
    for low in constraints:
        for high in constraints:
            same = (low.metric, low.attribute, low.label) == (
                high.metric,
                high.attribute,
                high.label,
            )
            if same and (low.kind, high.kind) == ("at_least", "at_most") and low.limit > high.limit:
                raise ScenarioError(
                    f"`{low}` and `{high}` contradict each other; nothing can meet both."
                )
