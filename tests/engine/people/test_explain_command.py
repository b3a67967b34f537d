"""The command that explains: the ledger, the rank's parts and the ways in of the People page."""

from __future__ import annotations

import json

import numpy as np
import pytest

from dashboard.people.person_view import person_view
from engine.__main__ import main
from engine.people.moves import moves_table
from engine.people.rank_reasons import reasons_table
from engine.people.ways_in import ways_in
from engine.rank_explanation import explain_ranks
from engine.reranking import rerank
from engine.reranking.counterfactual import counterfactual
from engine.reranking.ledger import explain_list
from engine.scenario import Scenario
from engine.table_json import rows_of

SCENARIO = Scenario(diversity=0.6, k=5)
USER = 7


@pytest.fixture
def command(tiny_artifacts, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.data.artifact_folder", lambda _name: tiny_artifacts.folder.parent)
    scenario = tmp_path / "scenario.json"
    scenario.write_text(SCENARIO.to_json())

    def run(*words: str) -> int:
        return main(["explain", "--data", "tiny", "--scenario", str(scenario), *words])

    return run


def outside(artifacts) -> int:
    """A candidate that is in neither list."""
    listed = {*rerank(artifacts, SCENARIO).items[USER], *artifacts.candidates[USER, : SCENARIO.k]}
    return next(int(item) for item in artifacts.candidates[USER] if item not in listed)


def test_the_json_is_the_page_to_the_last_digit(command, tiny_artifacts, tmp_path):
    item, out = outside(tiny_artifacts), tmp_path / "out.json"
    words = ("--person", f"u{USER}", "--item", tiny_artifacts.items["item_id"].iloc[item])
    assert command(*words, "--json", str(out)) == 0
    written = json.loads(out.read_text())
    after = rerank(tiny_artifacts, SCENARIO).items[USER]
    before = tiny_artifacts.candidates[USER, : SCENARIO.k]
    view = person_view(tiny_artifacts, USER, SCENARIO, before, after, item_id=words[-1])
    ledger = explain_list(tiny_artifacts, SCENARIO, USER)
    assert written["moves"] == rows_of(moves_table(tiny_artifacts, ledger))
    assert [row["item"] for row in written["moves"] if row["after"]] == [
        tiny_artifacts.items["title"].iloc[place] for place in after
    ]
    parts = explain_ranks(tiny_artifacts, USER)
    rank = view.rank(1)
    about = written["item"]
    assert about["rank"] == rank
    names = tiny_artifacts.manifest["feature_names"]
    assert about["reasons"] == rows_of(reasons_table(names, parts, rank - 1, view.title))
    changes = counterfactual(tiny_artifacts, SCENARIO, USER, item)
    assert [way["words"] for way in about["ways_in"]] == [
        way.words for way in ways_in(changes, SCENARIO)
    ]
    assert about["ways_in"]


def test_the_parts_add_up_and_the_ways_lead_in(command, tiny_artifacts, tmp_path):
    item, out = outside(tiny_artifacts), tmp_path / "out.json"
    name = tiny_artifacts.items["item_id"].iloc[item]
    assert command("--person", f"u{USER}", "--item", name, "--json", str(out)) == 0
    about = json.loads(out.read_text())["item"]
    whole = about["score"] - about["mean_score"]
    assert sum(about["families"].values()) == pytest.approx(whole, abs=1e-9)
    inputs = sum(row["score against the mean candidate"] for row in about["reasons"])
    assert inputs == pytest.approx(whole, abs=1e-9)
    for way in about["ways_in"]:
        lists = rerank(tiny_artifacts, Scenario.from_dict(way["scenario"]))
        assert item in lists.items[USER]


def test_without_an_item_the_list_alone_is_explained(command, tmp_path, capsys):
    out = tmp_path / "out.json"
    assert command("--person", f"u{USER}", "--json", str(out)) == 0
    assert json.loads(out.read_text())["item"] is None
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) == 1 + len(json.loads(out.read_text())["moves"])


def test_what_is_listed_needs_no_way_in_and_what_is_no_candidate_has_none(
    command, tiny_artifacts, capsys
):
    ids = tiny_artifacts.items["item_id"]
    first = int(rerank(tiny_artifacts, SCENARIO).items[USER, 0])
    assert command("--person", f"u{USER}", "--item", ids.iloc[first]) == 0
    assert "It is in the list." in capsys.readouterr().out
    stranger = int(np.setdiff1d(np.arange(len(ids)), tiny_artifacts.candidates[USER])[0])
    assert command("--person", f"u{USER}", "--item", ids.iloc[stranger]) == 0
    assert "nothing that re-ranking can do" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--person", "nobody"), "No person of these data is called 'nobody'; there are"),
        (("--person", "u7", "--item", "x"), "No item of these data is called 'x'; there are"),
    ],
)
def test_whom_the_data_do_not_know_is_one_sentence(command, capsys, words, said: str):
    assert command(*words) == 2
    printed = capsys.readouterr()
    assert not printed.out
    assert printed.err.startswith("error: ")
    assert said in printed.err
