"""The record of a decision: who, why, and one file that anybody can check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboard import cached_feedback, jobs
from dashboard.downloads import file_button
from dashboard.scenarios import keys
from dashboard.scenarios.view import ScenariosView
from engine.decision.comparison import Comparison
from engine.decision.record import make_record, record_text
from engine.decision.report import FEEDBACK, record_html
from engine.saved.records import Author

__all__ = ["decision_section"]

_FOR, _WITH = "_decided_for", "_decided_with"


def decision_section(view: ScenariosView) -> Callable[[], None]:
    """Make what records the decision for one of the scenarios compared."""
    names = [rival.name for rival in view.found.rivals]

    def draw() -> None:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            at = st.selectbox(
                "Decided for",
                range(len(names)),
                format_func=lambda row: names[row],
                key=_FOR,
                width=240,
                help="The others are in the record as what was looked at too.",
            )
            found = _first(view.found, at if at is not None and at < len(names) else 0)
            st.text_input("Decided by", key=keys.WHO, width=180)
            st.text_input("Because", key=keys.WHY, width=320)
            by = Author(_text(keys.WHO), _text(keys.WHY))
            parts = st.multiselect(
                "With what feedback says",
                list(FEEDBACK),
                format_func=FEEDBACK.__getitem__,
                key=_WITH,
                width=300,
                help="With the usual settings and seeds, which the record holds; other ones by "
                "`python -m engine record --with`. It takes up to minutes.",
            )
            feedback = _feedback(found, tuple(name for name in FEEDBACK if name in parts))
            file_button(
                "Record (JSON)",
                lambda: _json(found, by, feedback),
                "record.json",
                "application/json",
            )
            file_button(
                "Record (HTML)", lambda: _html(found, by, feedback), "decision.html", "text/html"
            )
            file_button(
                "Settings (JSON)", found.settings.to_json, "decision_settings.json",
                "application/json",
            )  # fmt: skip
        st.caption(
            "Anybody with the fit can check it; the status is 0 where every figure comes out again "
            "and the guardrails hold, 1 with the list of differences."
        )
        st.code("python -m engine check record.json", language="bash")

    return draw


def _feedback(found: Comparison, parts: tuple[str, ...]) -> dict[str, Any]:
    """Return what feedback says, once it is there; until then, say so."""
    if not parts:
        return {}
    job = cached_feedback.feedback_job(found.rivals[0].scenario, found.baseline, parts)
    if jobs.has_ended_well(job):
        return job.result
    st.caption("Until then the record is without it.")
    return {}


def _first(found: Comparison, at: int) -> Comparison:
    """Return the comparison with the scenario that is decided for in front."""
    others = (rival for place, rival in enumerate(found.rivals) if place != at)
    return replace(found, rivals=(found.rivals[at], *others))


def _text(key: str) -> str:
    return (st.session_state.get(key) or "").strip()


def _json(found: Comparison, by: Author, feedback: dict[str, Any]) -> str:
    return record_text(make_record(found, by, now=datetime.now(UTC), feedback=feedback))


def _html(found: Comparison, by: Author, feedback: dict[str, Any]) -> str:
    return record_html(make_record(found, by, now=datetime.now(UTC), feedback=feedback))
