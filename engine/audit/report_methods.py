"""The end of the report: what the words mean, how figures were made, what reproduces them."""

from __future__ import annotations

import json

from markupsafe import Markup

from engine.audit.at_stages import retrieval_words
from engine.audit.audit import Audit
from engine.audit.figures import AuditFigures
from engine.audit.reading import HOW_FLIPPED
from engine.audit.report import Section, table_of
from engine.audit.stages import start_sentence
from engine.fit_words import reading_sentences
from engine.metrics.reference_disparity import SEED
from engine.metrics.statistics.random_groups import LENT

__all__ = [
    "METHODS",
    "meanings",
    "policy_in_words",
    "reading_section",
    "stages_section",
    "what_reproduces_it",
]


def meanings(audit: Audit) -> Section:
    """Define the metric as the registry does, and say how every figure was made."""
    metric = audit.metric
    return Section(
        "Definitions",
        paragraphs=(
            f"{audit.comparison.label}: {metric.definition} Formula: {metric.formula}. Range "
            f"{metric.low:g} to {metric.high:g}. {metric.direction_in_words} Source: "
            f"{metric.source}. Undefined: {metric.undefined}",
            policy_in_words(audit),
            *METHODS,
        ),
    )


def policy_in_words(audit: Audit) -> str:
    """Say what decides a verdict."""
    policy = audit.settings.policy
    n_tests = audit.comparison.shown[0].n_compared if audit.comparison.shown else 0
    return (
        f"{policy.in_words(n_tests or None)} Not shown: groups of fewer than {policy.least_n} "
        f"people with a value. Too few events: fewer than {policy.least_events} people would be "
        "expected to have anything but the usual value, and no difference is clear."
    )


METHODS = (
    "Tests: a group's mean minus the reference's, over an error in which everyone's spread counts "
    f"like {LENT:g} people of the group's own, held against random groups of the same size (dealt "
    "between the two sides, seeded; against Student's t from 2,000 people on). They are exact for "
    "groups dealt at random, for sparse and skewed metrics too.",
    "Intervals of differences and ratios are those of the same corrected test (the ratio's by "
    "Fieller's theorem), so they leave equality out exactly where the verdict is clear. The 95 % "
    "interval of a group's own mean is uncorrected, from groups drawn from everyone with "
    "replacement. Where a mean is not above zero, or the metric can be negative, the difference "
    "stands in place of the ratio.",
    "Beyond the band: clear, and the whole interval of the ratio lies outside of the band.",
    "Worst groups: each group of one to three attributes is tested against everyone else in the "
    "same way; q is Benjamini and Hochberg's, and the intervals allow for the selection (Benjamini "
    "and Yekutieli). A group is explained by a larger one where it does not clearly differ further "
    "than the rest of that one (random groups of its size out of the larger one, one-sided).",
    "A step of the pipeline, or another definition, changes a disparity only where the paired test "
    "of the change over the same people is clear: clear here and not clear there is no difference.",
    "Shrunk: the mean drawn towards everybody's by its noise (empirical Bayes, DerSimonian and "
    "Laird); an estimate, labelled as such.",
    "Suppressed: a group with fewer people than the least n is not shown, since its mean would say "
    "more about chance than about the group; nor is what it could be worked out from.",
    "No clear difference is no proof of equality: a disparity smaller than the interval is wide "
    "cannot be seen with this many people.",
    "A disparity in these figures is not the whole of fairness: it says nothing of people who are "
    "not in the data, of what the held-out likes miss, or of who is harmed by what.",
)


def what_reproduces_it(audit: Audit) -> Section:
    """Give the scenario, the settings of the audit, and the versions."""
    versions = audit.artifacts.manifest.get("versions", {})
    return Section(
        "What reproduces it",
        paragraphs=(
            "The scenario below and the audit settings after it, each in a file of its own, give "
            "every figure of this report again with the same fit: `python -m engine audit --data "
            "… --scenario scenario.json --settings settings.json`. Set on the Fairness audit page "
            "with this scenario they come out the same, since random groups are dealt from the "
            "seed named.",
        ),
        code="\n".join(
            (
                audit.scenario.to_json(),
                audit.settings.to_json(),
                f"seed: {SEED}",
                f"fit: {audit.artifacts.fit_id}",
                f"versions: {json.dumps(versions, sort_keys=True)}",
            )
        ),
    )


IN_WORDS = {"ratio_low": "ratio low", "ratio_high": "ratio high"}
"""Columns of the frame that the chart reads → their names in the table."""

LIKE_FOR_LIKE = (
    "Every stage has lists of one length: of the history, the latest items. Steps are taken only "
    "between stages whose lists could hold the same items"
)
MET_RETRIEVED = (
    "; what retrieval proposes still holds what a person has met, so it is judged by the recall of "
    "all its candidates."
)
MET_AGAIN = ": all but the history, for what a person has met may be recommended again."


def stages_section(figures: AuditFigures, pictures: tuple[Markup, ...]) -> Section:
    """Compare the groups at every stage, and say what each step does."""
    stages, label = figures.stages, figures.audit.comparison.label
    offers_again = figures.audit.artifacts.offers_again
    return Section(
        "Where it starts",
        findings=(start_sentence(stages.found, stages.step_found, label),),
        paragraphs=(LIKE_FOR_LIKE + (MET_AGAIN if offers_again else MET_RETRIEVED),),
        pictures=pictures,
        tables=(
            table_of(
                stages.frame[stages.frame["value"].notna()].rename(columns=IN_WORDS),
                "Every group at every stage",
            ),
            table_of(stages.steps, "What each step does to a group, against the reference"),
            table_of(
                stages.retrieval.rename(columns=IN_WORDS),
                f"Retrieval by itself: {retrieval_words(figures.audit)}, the share of held-out "
                "likes among all candidates",
            ),
        ),
    )


def reading_section(figures: AuditFigures) -> Section:
    """Say which attributes of people are inputs of the ranker, and what they do."""
    frame = figures.attribute_flips
    tables = () if frame.empty else (table_of(frame, "Another value, everything else equal"),)
    return Section(
        "What the ranker reads of people",
        findings=tuple(reading_sentences(figures.audit.artifacts.manifest)),
        paragraphs=() if frame.empty else (HOW_FLIPPED,),
        tables=tables,
    )
