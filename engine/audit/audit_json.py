"""An audit as JSON: every table and sentence of the page, and what reproduces them."""

from __future__ import annotations

from typing import Any

from engine.audit.figures import TABLES, AuditFigures
from engine.audit.finding import lowest
from engine.audit.flips import flips_sentence
from engine.audit.one_number import gap_in_words, null_of
from engine.audit.stages import start_sentence
from engine.audit.summary import clear_findings, conclusion, shift_sentence, suppressed_sentence
from engine.audit.worst import worst_sentence
from engine.fit_words import fit_facts, reading_sentences
from engine.metrics.reference_disparity import SEED
from engine.table_json import plain, rows_of

__all__ = ["audit_to_json", "sentences_of"]


def audit_to_json(figures: AuditFigures) -> dict[str, Any]:
    """Return a JSON-ready dict; a figure that is undefined, or an end without limit, is null.

    ``data``, ``fit``, ``scenario``, ``baseline``, ``settings`` and ``seed`` are what the audit
    follows from; ``headline`` holds the four figures on top of the page, ``sentences`` what it
    says, and
    ``tables`` (:data:`engine.audit.figures.TABLES`) every table, a dict per row.
    """
    audit = figures.audit
    return {
        "data": audit.evaluation.audience.name,
        "fit_id": audit.artifacts.fit_id,
        "fit": fit_facts(audit.artifacts.manifest),
        "n_users": audit.evaluation.n_users,
        "scenario": audit.scenario.to_dict(),
        "baseline": audit.baseline.to_dict(),
        "settings": audit.settings.to_dict(),
        "seed": SEED,
        "metric": audit.comparison.label,
        "reference": audit.comparison.reference.words,
        "headline": _headline(figures),
        "sentences": sentences_of(figures),
        "tables": {name: rows_of(table(figures)) for name, table in TABLES.items()},
    }


def _headline(figures: AuditFigures) -> dict[str, Any]:
    audit, gap = figures.audit, figures.gap
    least = lowest(audit.comparison.after)
    return {
        "clear": len(clear_findings(audit.comparison)),
        "compared": sum(one.is_judged for one in audit.comparison.after),
        "clear_before": sum(one.is_clear for one in audit.comparison.before),
        "gap": plain(gap.value),
        "gap_before": plain(null_of(audit, audit.before, n_deals=1).value),
        "gap_by_chance": plain(gap.expected),
        "gap_95_percent_of_chance": plain(gap.limit),
        "gap_p": plain(gap.p),
        "gap_verdict": gap_in_words(gap),
        "lowest": [one.group for one in least],
        "lowest_mean": plain(least[0].value.value) if least else None,
    }


def sentences_of(figures: AuditFigures) -> dict[str, list[str]]:
    """Return what the page says, by its section; a section with nothing to say is empty."""
    comparison = figures.audit.comparison
    stages, others = figures.stages, figures.definitions
    said = {
        "groups": [
            *conclusion(comparison),
            shift_sentence(comparison),
            suppressed_sentence(comparison, figures.audit.settings.min_n),
        ],
        "worst_groups": [worst_sentence(figures.worst, comparison.label)],
        "stages": [start_sentence(stages.found, stages.step_found, comparison.label)],
        "reads": reading_sentences(figures.audit.artifacts.manifest),
        "definitions": [] if others.empty else [flips_sentence(others, comparison.label)],
    }
    return {section: [one for one in given if one] for section, given in said.items()}
