"""What was done to the data stands on the page: the threshold of liked, notes and drops."""

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from engine.fit_words import data_sentences, liked_words


def page():
    import streamlit as st

    from dashboard.sidebar import data_notes

    data_notes(st.session_state["fit"])


def test_notes_and_what_was_left_out_are_shown_with_counts_and_as_text(tiny_artifacts):
    drop = {"file": "items.csv", "column": "item_id", "n_rows": 3, "reason": "the *same* row again"}
    notes = ["Column `country` of users.csv has 60 different labels: it is not used."]
    manifest = {**tiny_artifacts.manifest, "notes": notes, "drops": [drop], "liked_threshold": 8.0}
    app = AppTest.from_function(page)
    app.session_state["fit"] = replace(tiny_artifacts, manifest=manifest)
    app.run(timeout=60)
    assert not app.exception
    assert "values from 8 on" in app.caption[0].value
    shown = [one.value for one in app.markdown]
    assert len(shown) == 2
    assert "60 different labels" in shown[0]
    assert "3 rows of items" in shown[1]
    assert r"\*same\*" in shown[1]


def test_words_of_the_notes(tiny_artifacts):
    assert liked_words(tiny_artifacts.manifest) == "Liked: values from 4 on"
    for sentence in data_sentences(tiny_artifacts.manifest):
        assert sentence.endswith(".")
