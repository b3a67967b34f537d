"""The Pipeline page: the funnel, each section, and the tables that can be taken along."""

from __future__ import annotations

import base64
import time

import numpy as np
import pytest

from dashboard import jobs
from dashboard.cached_engine import Shown, held
from dashboard.pipeline.cold_items_panel import cold_items_frame
from dashboard.pipeline.cold_panel import cold_frame
from dashboard.pipeline.sections import SECTIONS
from engine.data.naming import fit_name, name_of
from engine.importing.inventory import Known
from engine.scenario import NEUTRAL
from tests.pages.conftest import clean_starter, specs, titles

STAGES = ["Catalogue", "Retrieved", "Filtered", "Ranked, first 10", "Re-ranked, 10 (now)"]


@pytest.fixture
def open_page(tiny_home, monkeypatch):
    """Start the page on the tiny service, with what a link's query says."""
    return clean_starter(tiny_home, monkeypatch, "pipeline")


@pytest.mark.parametrize("part", SECTIONS)
def test_every_section_draws_and_every_chart_is_said_in_words(open_page, part):
    app = open_page(part=part)
    named = titles(app)
    assert named[0] == "What each stage leaves of the catalogue, bar = 95 % interval"
    assert all(named)
    assert len(named) > 1 or part in ("Index", "Cold start", "Filters", "Learning", "Map")
    assert all(chart.proto.alt for chart in app.get("plotly_chart"))
    how = [caption.proto.help for caption in app.caption if caption.proto.help]
    assert len(how) >= len(named) - 1


def test_the_page_opens_on_the_ceiling_and_the_stages_in_order(open_page):
    app = open_page()
    said = next(one.value for one in app.markdown if "Even a perfect" in one.value)
    assert "interval" in said
    assert "120 people" in said
    assert specs(app)[0]["layout"]["yaxis"]["ticktext"] == STAGES


def test_a_control_moves_the_last_stage_and_no_other(open_page):
    before, after = (specs(open_page(**query))[0] for query in ({}, {"pop": "1.0", "fair": "1.0"}))
    tails = [
        next(t for t in spec["data"] if t["name"] == "everybody" and t.get("xaxis") == "x3")
        for spec in (before, after)
    ]
    was, now = (numbers(tail["x"]) for tail in tails)
    np.testing.assert_allclose(was[:4], now[:4])
    assert was[4] != now[4]


def numbers(values) -> np.ndarray:
    """Read an array as Plotly sends it."""
    if isinstance(values, list):
        return np.array(values, float)
    return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])


def test_another_person_has_another_funnel(open_page):
    one, other = (specs(open_page(person=person))[0] for person in ("u3", "u7"))
    names = [trace["name"] for trace in one["data"]]
    assert "person u3" in names
    assert [trace["name"] for trace in other["data"]].count("person u7") == 2


def measured(app, key: str, title: str) -> dict:
    """Press a button that begins a job, and wait for its chart."""
    app.button(key=key).click().run()
    for _ in range(600):
        if title in titles(app):
            return specs(app)[-1]
        time.sleep(0.5)
        app.run()
    raise AssertionError("the job gave no curve")


def test_the_search_is_measured_on_demand_as_a_job(open_page):
    app = open_page(part="Index")
    assert "exact search" in " ".join(one.value for one in app.markdown)
    title = "Recall of the approximate search against its speed"
    curve = measured(app, "_measure_search", title)
    assert [trace["name"] for trace in curve["data"]] == [
        "exact search",
        "HNSW, 8 links",
        "HNSW, 16 links",
        "HNSW, 32 links",
        "KD-tree",
        "LSH",
    ]


def test_items_are_mapped_on_demand_and_what_is_most_alike_is_said_without(open_page):
    app = open_page(part="Map", item="i3")
    said = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert "Most alike to" in said
    assert "compared" in said
    drawn = measured(app, "_draw_map", "Map of items by taste (matrix factorisation)")
    assert drawn["data"][-1]["name"] == "chosen"
    alt = next(c.proto.alt for c in app.get("plotly_chart") if "Map of" in c.proto.alt)
    assert "of the ten most alike by cosine" in alt
    assert "n = 80)" in alt
    n = sum(len(numbers(trace["x"])) for trace in drawn["data"] if trace["name"] != "chosen")
    assert any(len(table.value) == n for table in app.dataframe)
    app.segmented_control(key="colour").set_value("popularity").run()
    assert specs(app)[-1]["data"][0]["marker"]["colorscale"]
    app.segmented_control(key="drawn_by").set_value("pca").run()
    moved = specs(app)[-1]["data"][-1]
    assert numbers(moved["x"])[0] != numbers(drawn["data"][-1]["x"])[0]


def test_another_item_has_another_neighbourhood_and_people_have_theirs(open_page):
    app = open_page(part="Map", item="i3")
    frames = [app.dataframe[-1].value]
    frames.append(open_page(part="Map", item="i5").dataframe[-1].value)
    app.selectbox(key="vectors").set_value("content").run()
    frames.append(app.dataframe[-1].value)
    app.segmented_control(key="map_of").set_value("people").run()
    frames.append(app.dataframe[-1].value)
    assert all(frame["cosine"].is_monotonic_decreasing for frame in frames)
    assert len({tuple(frame.iloc[:, 1]) for frame in frames}) == 4


def test_the_cold_start_is_measured_on_demand_beside_popularity(open_page):
    app = open_page(part="Cold start")
    assert "lean on popularity" in " ".join(one.value for one in app.markdown)
    curve = measured(app, "_measure_cold", "NDCG@10 by the number of interactions known")
    assert [trace["name"] for trace in curve["data"]] == ["the pipeline", "popularity"]
    assert curve["layout"]["xaxis"]["ticktext"] == ["0", "1", "2", "5", "10", "all"]
    said = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert "better than popularity" in said
    assert "(n = 24)" in said


def test_new_items_are_measured_on_demand_beside_popularity(open_page):
    app = open_page(part="Cold start")
    title = "NDCG@10 among items held back"
    curve = measured(app, "_measure_cold_items", title)
    assert [trace["name"] for trace in curve["data"]] == [
        "the pipeline",
        "taste alone, candidates or not",
        "popularity",
    ]
    assert curve["layout"]["xaxis"]["ticktext"] == ["0", "1", "2", "5", "10", "all"]
    said = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert "8 items held back" in said


def test_other_choices_of_the_model_are_fitted_in_a_process_of_their_own(open_page, monkeypatch):
    begun = []
    monkeypatch.setattr(
        "dashboard.pipeline.choices_panel.inventory",
        lambda: [Known(name_of("tiny"), "yours", True, ())],
    )
    monkeypatch.setattr("dashboard.pipeline.choices_panel.begin_fit", lambda *a: begun.append(a))
    app = open_page(part="Fit")
    app.multiselect(key="_fit_with").set_value(["bm25_together"]).run()
    app.number_input(key="_fit_keep").set_value(5).run()
    app.button(key="_fit_choices").click().run()
    ((name, before, command, kept),) = begun
    assert (name, before) == (name_of("tiny"), ())
    assert "--with=bm25_together" in command
    assert "--quotas=bm25_together:5" in command
    assert kept == f"{name}@with-bm25_together@keeping-bm25_together-5"


def test_a_second_stage_is_a_choice_and_greyed_with_the_reason_without_pytorch(
    open_page, monkeypatch
):
    begun = []
    panel = "dashboard.pipeline.choices_panel"
    monkeypatch.setattr(f"{panel}.inventory", lambda: [Known(name_of("tiny"), "yours", True, ())])
    monkeypatch.setattr(f"{panel}.begin_fit", lambda *a: begun.append(a))
    monkeypatch.setattr(f"{panel}.has_torch", lambda: True)
    app = open_page(part="Fit")
    app.selectbox(key="_fit_then").set_value("prm").run()
    app.button(key="_fit_choices").click().run()
    ((name, _, command, kept),) = begun
    assert "--second=prm" in command
    assert kept == f"{name}@then-prm"
    monkeypatch.setattr(f"{panel}.has_torch", lambda: False)
    app = open_page(part="Fit")
    choice = app.selectbox(key="_fit_then")
    assert choice.disabled
    assert "make setup NEURAL=1" in choice.help


def test_the_attribute_chosen_is_that_of_the_groups(open_page):
    app = open_page(reach_by="age band")
    chart = specs(app)[1]
    assert titles(app)[1].endswith("by age band")
    labels = chart["layout"]["yaxis"]["ticktext"]
    assert labels[0].startswith("everybody")


def test_a_fit_beside_of_another_format_is_said_not_shown_as_zero(open_page, tiny_home):
    beside = tiny_home / ".artifacts" / fit_name(name_of("tiny"), split="one moment")
    name = "fit-20260101T000000-abcdef"
    (beside / name).mkdir(parents=True)
    (beside / "CURRENT").write_text(name + "\n")
    (beside / name / "manifest.json").write_text('{"format_version": 1}')
    app = open_page(part="Fit")
    notes = [frame.value for frame in app.dataframe if "note" in frame.value]
    assert notes
    row = notes[0].set_index("fit")
    assert len(row) == 2
    assert row["note"].str.contains("format version 1").any()
    assert row["NDCG@10"].isna().sum() == 1


def test_the_file_of_what_nobody_measured_is_there_at_once(tiny_home, monkeypatch):
    """*New items (CSV)* took 20 s at its first click once; what the click does is this."""
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tiny_home))
    monkeypatch.setattr(jobs, "start", lambda *_, **__: pytest.fail("a click began a measurement"))
    for made in (cold_items_frame, cold_frame):
        about = Shown(("tiny", "default"), NEUTRAL)
        with held(about):
            assert made().empty


def test_the_page_shows_who_has_a_model_of_their_own(tiny_groups_folder, tmp_path, monkeypatch):
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_groups_folder)
    app = clean_starter(tmp_path, monkeypatch, "pipeline")(part="Ranker")
    said = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert "Models of their own for groups" in said
    assert "must be allowed to use that attribute" in said
    assert "others keep their scores to the last bit" in said
    assert "Models of their own by age band" in titles(app)
    alt = next(c.proto.alt for c in app.get("plotly_chart") if "Models of their" in c.proto.alt)
    assert "25-34" in alt
    assert "separate" in alt
    frame = next(table.value for table in app.dataframe if "model" in table.value)
    assert set(frame["model"]) == {"one ranker", "shrunk", "separate"}
    assert set(frame["group"]) == {"under 18", "18-24", "25-34", "35+"}
    assert set(frame[frame["model"] != "one ranker"]["serves"]) == {"yes", ""}


def test_a_fit_without_models_of_groups_says_nothing_of_them(open_page):
    app = open_page(part="Ranker")
    assert "Models of their own" not in " ".join(one.value for one in app.markdown)
