"""The report's sections on the pipeline: where a disparity starts, what the ranker reads."""

from __future__ import annotations

from markupsafe import Markup

from engine.audit.at_stages import retrieval_words
from engine.audit.figures import AuditFigures
from engine.audit.reading import HOW_FLIPPED
from engine.audit.report import Section, table_of
from engine.audit.stages import start_sentence
from engine.fit_words import reading_sentences

__all__ = ["reading_section", "stages_section"]

IN_WORDS = {"ratio_low": "ratio low", "ratio_high": "ratio high"}
"""Columns of the frame that the chart reads → their names in the table."""

LIKE_FOR_LIKE = (
    "Every stage has lists of one length: of the history, the latest items. Steps are taken only "
    "between stages whose lists could hold the same items; what retrieval proposes still holds "
    "what a person has met, so it is judged by the recall of all its candidates."
)


def stages_section(figures: AuditFigures, pictures: tuple[Markup, ...]) -> Section:
    """Compare the groups at every stage, and say what each step does."""
    stages, label = figures.stages, figures.audit.comparison.label
    return Section(
        "Where it starts",
        findings=(start_sentence(stages.found, stages.step_found, label),),
        paragraphs=(LIKE_FOR_LIKE,),
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
