"""The script that draws every page; ``server.py`` serves it, plain ``streamlit run`` does too."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
if str(FOLDER.parent) not in sys.path:
    sys.path.insert(0, str(FOLDER.parent))

import streamlit as st  # noqa: E402

from dashboard import arrival, cached_engine, delivery, opening, session  # noqa: E402
from dashboard.baseline import resolve_baseline  # noqa: E402
from dashboard.boundary import boundary  # noqa: E402
from dashboard.empty_state import nothing_fitted  # noqa: E402
from dashboard.page_registry import PAGES  # noqa: E402
from dashboard.person_picker import chosen_person  # noqa: E402
from dashboard.plain_text import as_message  # noqa: E402
from dashboard.sidebar import leave_out_unknown, sidebar  # noqa: E402
from dashboard.steps import note_step  # noqa: E402
from dashboard.tour import go_to_step  # noqa: E402
from dashboard.warming import warm_up  # noqa: E402
from engine.errors import ArtifactError  # noqa: E402


def main() -> None:
    """Draw the navigation, the shared sidebar and the chosen page."""
    delivery.begin()
    st.set_page_config(page_title="Rerank Studio", page_icon=FOLDER / "icon.svg", layout="wide")
    st.logo(FOLDER / "logo.svg", icon_image=FOLDER / "icon.svg", size="medium")
    page = st.navigation(
        [
            st.Page(entry.path, title=entry.title, icon=entry.icon, help=entry.question)
            for entry in PAGES.values()
        ],
        position="top",
    )
    session.start(page.url_path)
    opening.open_example(page.url_path)
    arrival.refuse_numbers()
    with boundary():
        try:
            artifacts = cached_engine.artifacts()
        except ArtifactError as error:
            if page.url_path == "data":
                page.run()  # the page that mends it
            else:
                nothing_fitted(error)
            return
        leave_out_unknown(artifacts)
        sidebar(artifacts)
        note_step()
        resolve_baseline()
        chosen_person(artifacts)  # an unknown id in the link is said now, not at the next move
        go_to_step(page.url_path)
        shown = session.notices()
        for sentence in shown:
            st.warning(as_message(sentence), icon=":material/info:")
        warm_up()
        page.run()
        arrival.say_what_was_dropped()
        session.forget_notices(shown)
        delivery.hand_over()


main()
