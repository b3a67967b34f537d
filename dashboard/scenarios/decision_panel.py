"""The record of a decision: who, why, and one file that anybody can check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from dashboard.downloads import file_button
from dashboard.plain_text import as_markdown
from dashboard.scenarios import keys
from dashboard.scenarios.view import ScenariosView
from engine.decision.comparison import Comparison
from engine.decision.record import make_record, record_text
from engine.decision.report import record_html
from engine.saved.records import Author

__all__ = ["decision_section"]


def decision_section(view: ScenariosView) -> Callable[[], None]:
    """Make what records the decision for the first scenario compared."""
    found = view.found
    name = found.rivals[0].name

    def draw() -> None:
        st.markdown(
            f"The record is of the decision for **{as_markdown(name)}**, the first scenario "
            "compared; the others are in it as what was looked at too."
        )
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.text_input("Decided by", key=keys.WHO, width=200)
            st.text_input("Because", key=keys.WHY, width=420)
            by = Author(_text(keys.WHO), _text(keys.WHY))
            file_button(
                "Record (JSON)", lambda: _json(found, by), "record.json", "application/json"
            )
            file_button("Record (HTML)", lambda: _html(found, by), "decision.html", "text/html")
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


def _text(key: str) -> str:
    return (st.session_state.get(key) or "").strip()


def _json(found: Comparison, by: Author) -> str:
    return record_text(make_record(found, by, now=datetime.now(UTC)))


def _html(found: Comparison, by: Author) -> str:
    return record_html(make_record(found, by, now=datetime.now(UTC)))
