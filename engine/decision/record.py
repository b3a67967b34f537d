"""The record of a decision: all that was known when it was made, in one file that can be checked.

It is made of a comparison alone, so page, Python and command line write the same bytes, but for who
decided, when and why.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from typing import Any

from engine.decision.answers import Guardrail
from engine.decision.comparison import Comparison, Rival
from engine.decision.older import METHODS
from engine.decision.transparency import known_limits, transparency
from engine.decision.winners import winners_frame
from engine.decision.words import comparison_lines
from engine.fit_words import fit_facts
from engine.metrics.figures import Figure
from engine.metrics.registry import METRICS
from engine.saved.records import Author, stamp
from engine.scenario import Scenario
from engine.table_json import plain, rows_of

__all__ = ["RECORD_VERSION", "make_record", "record_text", "seal_of"]

RECORD_VERSION = 1
RUNNING = ("numpy", "numba", "scipy", "pandas")
WON_BY = "ndcg"
"""Metric by which people are counted as better or worse off."""


def make_record(
    found: Comparison,
    by: Author | None = None,
    *,
    now: datetime | None = None,
    feedback: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the record of a decision for the first scenario of a comparison, ready for JSON.

    Parameters
    ----------
    found : Comparison
        The first of its scenarios is what was decided for, the others what was looked at too.
    by : Author
        Who decided, and why.
    now : datetime, optional
        The present by default.
    feedback : mapping, optional
        From :func:`engine.decision.feedback.find_feedback`, for the first scenario and the
        baseline.
    """
    manifest, settings = found.artifacts.manifest, found.settings
    content: dict[str, Any] = {
        "kind": "decision",
        "record_version": RECORD_VERSION,
        "scenario": _scenario(found.rivals[0].scenario),
        "baseline": _scenario(found.baseline),
        "also_considered": [_scenario(rival.scenario) for rival in found.rivals[1:]],
        "verdicts": comparison_lines(found),
        "figures": {rival.name: _figures(rival) for rival in found.rivals},
        "guardrails": {
            rival.name: {
                "together": str(rival.answer),
                "each": [_guardrail(one) for one in rival.guardrails],
            }
            for rival in found.rivals
        },
        "who_pays": _who_pays(found),
        "settings": settings.to_dict(),
        "policy": settings.policy.in_words(found.n_judged),
        "audience": {
            "n_people": found.n_people,
            "n_with_a_test": manifest["counts"]["users_with_holdout"],
            "n_items": found.artifacts.n_items,
        },
        "data": {
            "fits": found.artifacts.folder.parent.name,
            "title": manifest["title"],
            "provenance": manifest["provenance"],
            "fingerprint": manifest["fingerprint"],
            "licence": manifest["licence"],
            "source": manifest["source"],
        },
        "fit": {"id": found.artifacts.fit_id, **fit_facts(manifest)},
        "recipe": dict(manifest["recipe"]),
        "methods": dict(METHODS),
        "versions": {"fit": dict(manifest["versions"]), "running": _running()},
        "transparency": transparency(found),
        "known_limits": known_limits(found),
    }
    if feedback:
        content["feedback"] = dict(feedback)
    content["seal"] = seal_of(content)
    by = by or Author()
    decided = {"who": by.who, "at": stamp(now), "why": by.why}
    return {**content, "decided": decided | {"seal": seal_of({**content, "decided": decided})}}


def record_text(record: Mapping[str, Any]) -> str:
    """Write a record as the text of its file."""
    return json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def seal_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a record's content.

    It finds an edit or a damage; whoever wants to deceive can make a new one.
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _scenario(scenario: Scenario) -> dict[str, Any]:
    return json.loads(scenario.to_json())


def _running() -> dict[str, str]:
    return {name: version(name) for name in RUNNING}


def _figures(rival: Rival) -> dict[str, Any]:
    return {
        name: _figure(one) | {"margin": _equivalence(rival, name)}
        for name, one in rival.figures.items()
    }


def _figure(figure: Figure) -> dict[str, Any]:
    kept = {name: plain(value) for name, value in vars(figure).items() if name != "name"}
    return {"label": METRICS[figure.name].label, **kept, "verdict": str(figure.verdict)}


def _equivalence(rival: Rival, name: str) -> dict[str, Any]:
    one = rival.equivalence[name]
    return {
        "share": one.share,
        "answer": str(one.answer),
        "needed": one.needed,
        "words": one.words,
    }


def _guardrail(one: Guardrail) -> dict[str, Any]:
    kept = {name: plain(value) for name, value in asdict(one).items()}
    return {**kept, "answer": str(one.answer)}


def _who_pays(found: Comparison) -> list[dict[str, Any]]:
    """Count who is better and worse off with the scenario decided for, by group."""
    chosen = found.rivals[0].evaluation
    frame = winners_frame(
        chosen.audience, chosen.baseline, chosen.measured, METRICS[WON_BY],
        found.settings.attribute,
    )  # fmt: skip
    rows = rows_of(frame)
    return [{name: _finite(value) for name, value in row.items()} for row in rows]


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
