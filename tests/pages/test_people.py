"""The People page: what it shows of whom, what is clicked where, what the link says."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.people import item_search
from engine.artifacts import open_artifacts
from engine.data.naming import name_of
from engine.people.influence import influence
from tests.pages.conftest import starter


@pytest.fixture
def people_page(tiny_home, monkeypatch):
    """Start the page on the tiny service, with what a link's query says."""
    start_page = starter(tiny_home, monkeypatch, "people")

    def start(**query):
        app = start_page(**query)
        assert not app.error
        return app

    return start


def test_the_page_answers_its_question(people_page):
    app = people_page()
    assert [header.value for header in app.header] == ["Why does this person get this list?"]


def words(app):
    return " ".join(
        element.value for kind in (app.markdown, app.caption, app.text) for element in kind
    )


def ranked(tiny_artifacts, user_id):
    row = tiny_artifacts.user_index[user_id]
    return row, tiny_artifacts.candidates[row]


def test_a_link_names_the_person(people_page):
    app = people_page(person="u17")
    assert "**Person u17**" in words(app)


def test_a_person_nobody_knows_is_said_and_the_first_is_shown(people_page, tiny_artifacts):
    app = people_page(person="nobody")
    app.run()
    assert f"**Person {tiny_artifacts.users['user_id'].iloc[0]}**" in words(app)


def test_the_worst_served_come_first(people_page):
    app = people_page()
    app.selectbox(key="find").select("worst_served").run()
    assert "Number 1 of " in words(app)
    assert "NDCG 0" in words(app)


def test_a_link_that_only_searches_shows_the_first_found(people_page, tiny_artifacts):
    app = people_page(find="Fewest interactions")
    newest = tiny_artifacts.history.lengths().argmin()
    assert f"**Person {tiny_artifacts.users['user_id'].iloc[newest]}**" in words(app)


def test_steps_follow_those_found(people_page, tiny_artifacts):
    app = people_page()
    app.selectbox(key="find").select("new_here").run()
    lengths = tiny_artifacts.history.lengths()
    order = lengths.argsort(kind="stable")
    ids = tiny_artifacts.users["user_id"]
    assert f"**Person {ids.iloc[order[0]]}**" in words(app)
    app.button(key="_step_1").click().run()
    assert f"**Person {ids.iloc[order[1]]}**" in words(app)
    assert f"Items in history {lengths[order[1]]}" in words(app)
    app.button(key="_step_-1").click().run()
    assert f"**Person {ids.iloc[order[0]]}**" in words(app)


def test_traits_narrow_the_search(people_page, tiny_artifacts):
    app = people_page()
    app.multiselect(key="among").select("gender: woman").run()
    n_women = (tiny_artifacts.users["gender"] == "woman").sum()
    assert f"of {n_women} people" in words(app)
    assert "· woman ·" in words(app)


def test_the_item_of_a_link_is_explained(people_page, tiny_artifacts):
    row, candidates = ranked(tiny_artifacts, "u17")
    item_id = tiny_artifacts.items["item_id"].iloc[candidates[2]]
    app = people_page(person="u17", item=item_id)
    assert app.selectbox(key=f"_item_{candidates[2]}").value == candidates[2]
    assert f"the ranker puts it at 3 of {tiny_artifacts.n_valid[row]}" in words(app)


def test_an_item_of_the_history_is_no_candidate(people_page, tiny_artifacts):
    row, _ = ranked(tiny_artifacts, "u17")
    item_id = tiny_artifacts.items["item_id"].iloc[tiny_artifacts.history.row(row)[0]]
    app = people_page(person="u17", item=item_id)
    assert "in their history, so it is no candidate" in words(app)


@pytest.mark.parametrize("view", ["One item", "Every move", "History and genres"])
def test_every_view_draws(people_page, view):
    app = people_page(person="u17", show=view, div="0.5")
    assert app.segmented_control(key="show").format_func is not None
    assert not app.exception


def test_what_influenced_an_item_is_shown_where_a_second_stage_placed_it(
    tiny_second_folder, tmp_path, monkeypatch
):
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_second_folder)
    artifacts = open_artifacts(tiny_second_folder)
    row, candidates = ranked(artifacts, "u17")
    found = influence(artifacts, row, int(candidates[2]))
    start = starter(tmp_path, monkeypatch, "people")
    app = start(person="u17", item=artifacts.items["item_id"].iloc[candidates[2]])
    title = "Influence of the other items"
    charts = [chart for chart in app.get("plotly_chart") if title in chart.proto.spec]
    assert len(charts) == 1
    most = artifacts.items["title"].iloc[found.items[found.attention.argmax()]]
    assert "Influence of the other items" in charts[0].proto.alt
    assert str(most) in charts[0].proto.alt
    said = words(app).replace("\\", "")
    assert f"from {found.rank_before} to {found.rank_after} of the ranker's first 20" in said
    assert "looks at the list as a whole" in said
    app = start(person="u17", item=artifacts.items["item_id"].iloc[candidates[30]])
    assert "orders the ranker's first 20 and never saw this item" in words(app).replace("\\", "")


def test_without_a_second_stage_nothing_is_said_of_one(people_page):
    app = people_page(person="u17")
    assert not [c for c in app.get("plotly_chart") if "influenced" in c.proto.spec]
    assert "second stage" not in words(app)


def flows(app):
    return [c for c in app.get("plotly_chart") if "What if" in c.proto.spec]


def test_a_story_opens_the_page(people_page):
    app = people_page(person="u17", div="0.9")
    told = next(one.value for one in app.markdown if one.value.startswith("**Person"))
    assert "likes" in told
    assert "The setting swapped" in told


def test_an_item_in_the_list_offers_those_that_are_not(people_page, tiny_artifacts):
    app = people_page(person="u17")
    assert "is in the list already, at 1" in words(app)
    app.button(key="_bring_0").click().run()
    row, candidates = ranked(tiny_artifacts, "u17")
    item = tiny_artifacts.item_index[app.query_params["item"]]
    missed = np.intersect1d(candidates[10:], tiny_artifacts.holdout.row(row))
    assert item in (missed if len(missed) else candidates[10:])
    assert "The smallest move of one control" in words(app) or "No single control" in words(app)


def test_a_title_is_found_in_the_whole_catalogue(people_page, tiny_artifacts):
    """Only candidates could be searched, so most titles were not found."""
    row, _ = ranked(tiny_artifacts, "u17")
    item = int(tiny_artifacts.history.row(row)[0])  # no candidate: it is in the history
    title = str(tiny_artifacts.items["title"].iloc[item])
    app = people_page(person="u17")
    app.text_input(key="_title_typed").set_value(title.upper()).run()
    assert app.query_params["item"] == tiny_artifacts.items["item_id"].iloc[item]
    app.run()
    app.text_input(key="_title_typed").set_value("no such title").run()
    assert "No title of" in words(app)
    assert not app.exception


def test_inputs_of_the_what_if_are_open_and_surprise_the_same_way(people_page):
    app = people_page(person="u17")
    assert not flows(app)
    app.button(key="_surprise").click().run()
    drawn = app.multiselect(key="_liked_u17").value
    assert len(drawn) == 1
    assert len(flows(app)) == 1
    app.button(key="_forget").click().run()
    assert app.multiselect(key="_liked_u17").value == []
    assert not flows(app)


def test_a_shorter_history_is_a_what_if(people_page):
    app = people_page(person="u17")
    app.slider(key="_kept_u17").set_value(1).run()
    assert "only the latest 1 item of the history" in words(app)
    assert len(flows(app)) == 1


def test_reasons_stand_in_a_table_with_start_and_total(people_page):
    app = people_page(person="u17")
    frames = [frame.value for frame in app.dataframe if "so far" in frame.value]
    rank = next(frame for frame in frames if frame["reason"].iloc[-1] == "ranker score")
    assert rank["reason"].iloc[0].startswith("mean of ")
    assert rank["so far"].iloc[-1] == rank["so far"].iloc[-2]


def test_a_moved_control_moves_the_list(people_page):
    app = people_page(person="u17")
    before = app.get("plotly_chart")[0].proto.spec
    app.slider(key="div").set_value(0.9).run()
    assert app.get("plotly_chart")[0].proto.spec != before


def test_an_address_that_the_browser_had_not_read_yet_is_written_again():
    """The server's word came after a slider's: the link opened another setting than in force."""
    app = AppTest.from_function(_late_address, default_timeout=60)
    app.session_state["item"] = "f0748"
    app.query_params["div"] = "0.5"  # the browser sent this without what was written meanwhile
    app.query_params["person"] = "u0007"
    app.run()
    assert {key: app.query_params[key] for key in ("div", "item")} == {
        "div": "0.5",
        "item": "f0748",
    }
    assert "person" not in app.query_params


def _late_address():
    from dashboard import session

    session.mend_address()


def test_what_a_select_box_was_drawn_with_is_nobodys_choice(monkeypatch):
    """It came back by itself while a slider moved on, and fixed the item explained."""
    chosen = []
    monkeypatch.setattr(item_search.session, "set_item", chosen.append)
    monkeypatch.setattr(item_search.st, "session_state", {"item_3": 3})
    item_search._choose_item("item_3", 3)
    assert not chosen


@pytest.mark.parametrize(("came_back", "is_chosen"), [("4. Drei", False), ("2. Zwei", True)])
def test_a_select_box_that_came_back_with_the_place_of_before_is_read(
    monkeypatch, came_back, is_chosen
):
    """Its words are no option any more, so a text came back, and a mistake of ours was said."""
    items = pd.DataFrame({"item_id": ["i0", "i1", "i2", "i3"]})
    chosen = []
    monkeypatch.setattr(item_search.session, "set_item", chosen.append)
    monkeypatch.setattr(item_search.st, "session_state", {"item_3": came_back})
    labels = ("Null", "Eins", "Zwei", "Drei")
    monkeypatch.setattr(item_search.cached_names, "item_labels", lambda: labels)
    monkeypatch.setattr(
        item_search.cached_engine, "artifacts", lambda: SimpleNamespace(items=items)
    )
    monkeypatch.setattr(item_search, "seek", lambda _item: None)
    item_search._choose_item("item_3", 3)
    assert chosen == (["i2"] if is_chosen else [])
