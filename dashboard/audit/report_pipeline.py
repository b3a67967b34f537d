"""The report's sections on the pipeline: where a disparity starts, what the ranker reads."""

from __future__ import annotations

from dashboard.audit.pipeline import retrieval_words, stage_view
from dashboard.audit.reading import HOW_FLIPPED, flip_frame
from dashboard.audit.report import Section, picture, table_of
from dashboard.audit.stages import drawn_groups, start_sentence
from dashboard.audit.view import AuditView
from dashboard.charts.stage_disparity import stage_lines, stage_lines_alt
from engine.fit_words import reading_sentences

__all__ = ["reading_section", "stages_section"]

IN_WORDS = {"ratio_low": "ratio low", "ratio_high": "ratio high"}
"""Columns of the frame that the chart reads → their names in the table."""

LIKE_FOR_LIKE = (
    "Every stage has lists of one length: of the history, the latest items. Steps are taken only "
    "between stages whose lists could hold the same items; what retrieval proposes still holds "
    "what a person has met, so it is judged by the recall of all its candidates."
)


def stages_section(view: AuditView) -> Section:
    """Compare the groups at every stage, and say what each step does."""
    stages = stage_view(view)
    label = view.comparison.label
    drawn = stages.frame[stages.frame["group"].isin(drawn_groups(stages.found))]
    title = f"{label} against {view.comparison.reference.words}, stage by stage"
    figure = stage_lines(drawn, title=title, band=view.choice.band)
    return Section(
        "Where it starts",
        findings=(start_sentence(stages.found, stages.step_found, label),),
        paragraphs=(LIKE_FOR_LIKE,),
        pictures=(picture(figure, stage_lines_alt(drawn, title)),),
        tables=(
            table_of(
                stages.frame[stages.frame["value"].notna()].rename(columns=IN_WORDS),
                "Every group at every stage",
            ),
            table_of(stages.steps, "What each step does to a group, against the reference"),
            table_of(
                stages.retrieval.rename(columns=IN_WORDS),
                f"Retrieval by itself: {retrieval_words(view)}, the share of held-out likes among "
                "all candidates",
            ),
        ),
    )


def reading_section(view: AuditView) -> Section:
    """Say which attributes of people are inputs of the ranker, and what they do."""
    frame = flip_frame(view)
    tables = () if frame.empty else (table_of(frame, "Another value, everything else equal"),)
    return Section(
        "What the ranker reads of people",
        findings=tuple(reading_sentences(view.artifacts.manifest)),
        paragraphs=() if frame.empty else (HOW_FLIPPED,),
        tables=tables,
    )
