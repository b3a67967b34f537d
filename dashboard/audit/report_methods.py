"""The end of the report: what the words mean, how figures were made, what reproduces them."""

from __future__ import annotations

import json

from dashboard.audit.report import Section
from dashboard.audit.view import AuditView

__all__ = ["METHODS", "meanings", "what_reproduces_it"]


def meanings(view: AuditView) -> Section:
    """Define the metric as the registry does, and say how every figure was made."""
    metric = view.metric
    return Section(
        "Definitions",
        paragraphs=(
            f"{view.comparison.label}: {metric.definition} Formula: {metric.formula}. Range "
            f"{metric.low:g} to {metric.high:g}. {metric.direction_in_words} Source: "
            f"{metric.source}. Undefined: {metric.undefined}",
            *METHODS,
        ),
    )


METHODS = (
    "Ratio: a group's mean over the reference's mean. Its 95 % interval is that of the log-ratio "
    "(delta method) with Student's t on Welch-Satterthwaite degrees of freedom. Where a mean is "
    "not above zero, or the metric can be negative, the difference stands in its place.",
    "Clear: p below 0.05 after Holm's correction for all groups compared. Beyond the band: clear, "
    "and the whole interval of the ratio lies outside of the band.",
    "Worst groups: each group of one to three attributes is held against random groups of its size "
    "(the exact first three moments of their mean, Pearson type III); q is Benjamini and "
    "Hochberg's. A group is explained by a larger one where it is not clearly worse than the rest "
    "of that one (Welch, one-sided, Benjamini and Hochberg at 5 %).",
    "Shrunk: the mean drawn towards everybody's by its noise (empirical Bayes, DerSimonian and "
    "Laird); an estimate, labelled as such.",
    "Suppressed: a group with fewer people than the least n is not shown, since its mean would say "
    "more about chance than about the group.",
    "No clear difference is no proof of equality: a disparity smaller than the interval is wide "
    "cannot be seen with this many people.",
    "A disparity in these figures is not the whole of fairness: it says nothing of people who are "
    "not in the data, of what the held-out likes miss, or of who is harmed by what.",
)


def what_reproduces_it(view: AuditView) -> Section:
    """Give the scenario and the versions."""
    versions = view.artifacts.manifest.get("versions", {})
    return Section(
        "What reproduces it",
        paragraphs=(
            "The scenario below, opened in the dashboard or given to the command line with the "
            "same fit, gives the same figures.",
        ),
        code=view.scenario.to_json() + "\nversions: " + json.dumps(versions, sort_keys=True),
    )
