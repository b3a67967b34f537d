"""The Data page: the card, switching, and the whole way from a raw file to the Tune page."""

from __future__ import annotations

import json
import time

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.data.sections import CARD, HERE, OWN
from tests.engine.importing.shapes import SHAPES, shown_rows
from tests.pages.conftest import starter


@pytest.fixture
def open_page(tiny_home, monkeypatch):
    return starter(tiny_home, monkeypatch, "data")


def words(app: AppTest) -> str:
    return " ".join(one.value for one in (*app.markdown, *app.caption, *app.subheader))


def plain(text: str) -> str:
    return text.replace("\\", "").replace("\u2060", "")


def frame(app: AppTest, *columns: str):
    return next(one.value for one in app.dataframe if set(columns) <= set(one.value.columns))


def wait_for(app: AppTest, is_there, seconds: float = 300) -> None:
    """Run the page anew until it shows what is waited for."""
    deadline = time.monotonic() + seconds
    while not is_there():
        assert time.monotonic() < deadline, [one.value for one in (*app.error, *app.markdown)]
        time.sleep(0.3)
        app.run()
        assert not app.exception


def test_the_card_says_what_the_data_are_and_what_they_carry(open_page):
    app = open_page()
    card = frame(app, "part", "what", "value").set_index("what")["value"]
    assert card["people"] == "120"
    assert card["items"] == "80"
    assert len(card["hash of the tables (SHA-256)"]) == 64
    carried = [plain(one.value) for one in app.markdown]
    assert any("✓" in one and "Genre caps, calibration" in one for one in carried)
    assert any("✗" in one and "What comes later" in one for one in carried)
    assert "95 % interval" in plain(words(app))
    chart = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert sum(chart["data"][0]["y"]) == 120


def test_groups_of_few_people_are_shown_together_only(open_page):
    groups = frame(open_page(), "attribute", "group", "people")
    assert (groups.loc[~groups["group"].str.contains("small group"), "people"] >= 20).all()
    assert groups.groupby("attribute")["people"].sum().eq(120).all()


@pytest.mark.parametrize("part", [CARD, HERE, OWN])
def test_every_part_draws(open_page, part):
    app = open_page(about=part)
    assert not [one.value for one in (*app.error, *app.warning)]


def test_the_page_opens_where_nothing_is_fitted(tmp_path, monkeypatch):
    app = starter(tmp_path, monkeypatch, "data")()
    assert any("Nothing can be shown yet" in one.value for one in app.info)
    assert any(one.label == "Release" for one in app.selectbox)


def test_a_link_to_data_that_is_not_here_is_said_and_reaches_no_other_folder(open_page):
    app = open_page(data="../../etc")
    assert any("is fitted here" in one.value for one in app.info)
    assert not app.error


def open_own(home, monkeypatch, folder, name: str) -> AppTest:
    monkeypatch.setenv("RERANK_STUDIO_FOLDERS", str(folder))
    app = starter(home, monkeypatch, "data")(about=OWN)
    box = next(one for one in app.multiselect if one.label == "Or files on the server")
    box.set_value(list(box.options)).run()
    wait_for(app, lambda: any(one.key == "_data_own_name" for one in app.text_input))
    assert not [one.value for one in app.error]
    app.text_input(key="_data_own_name").set_value(name).run()
    return app


@pytest.mark.parametrize(
    ("shape", "said"),
    [("gift_shop", "no person is named"), ("books", "there is no time")],
)
def test_raw_files_become_lists_on_the_tune_page(
    tiny_home, tmp_path_factory, monkeypatch, shape, said
):
    folder = tmp_path_factory.mktemp("raw")
    SHAPES[shape](folder)
    app = open_own(tiny_home, monkeypatch, folder, f"my-{shape.replace('_', '-')}")
    name = f"my-{shape.replace('_', '-')}"
    assert said in plain(words(app))
    app.button(key="_data_import").click().run()
    wait_for(app, lambda: any(one.key == f"_data_show_{name}" for one in app.button))
    assert not [one.value for one in app.error]
    app.button(key=f"_data_show_{name}").click().run()
    assert app.query_params["data"] in (name, [name])
    app.switch_page("../pages/tune.py").run()
    assert not app.exception
    assert not [one.value for one in app.error]
    shown = " ".join(one.value for one in app.caption)
    assert f"{name} · 120 people" in plain(shown)
    assert (tiny_home / ".artifacts" / name / "CURRENT").is_file()


def test_a_mapping_without_a_person_is_a_problem_and_cannot_be_imported(
    tiny_home, tmp_path_factory, monkeypatch
):
    folder = tmp_path_factory.mktemp("raw")
    SHAPES["songs"](folder)
    app = open_own(tiny_home, monkeypatch, folder, "songs")
    box = next(one for one in app.multiselect if one.label.startswith("Files"))
    box.set_value([]).run()
    wait_for(app, lambda: len(app.error) > 0)
    assert any("no file holds interactions" in one.value for one in app.error)
    assert all(one.disabled for one in app.button if one.key == "_data_import")


def test_places_and_chances_of_a_log_are_found_and_can_be_left_behind(
    tiny_home, monkeypatch, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("raw")
    shown_rows().to_csv(folder / "news.csv", index=False)
    app = open_own(tiny_home, monkeypatch, folder, "news")
    places = {box.label: box for box in app.selectbox}
    assert places["Place in the list"].value == "slot"
    assert places["Chance that it was shown there"].value == "propensity_score"
    assert "kept as what was shown" in words(app)
    places["Place in the list"].select("–")
    places["Chance that it was shown there"].select("–").run()
    assert not app.exception
    assert "kept as what was shown" not in words(app)
