"""Everybody's lists as a file: the page's, bit for bit, however often it was stopped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from engine.__main__ import main
from engine.data.naming import name_of
from engine.evaluation import evaluate_scenario
from engine.list_file import write_lists
from engine.reranking import explain_list
from engine.scenario import Cap, Rule, Scenario
from engine.scenario_code import python_code
from engine.studio import Studio

SCENARIOS = [
    Scenario(),
    Scenario(diversity=0.4, freshness=0.2, caps=(Cap("genre", None, 2, 5),)),
    Scenario(item_fairness=0.8, item_fairness_method="target", item_fairness_target=0.4),
    Scenario(item_fairness=0.8, item_fairness_method="max_min", k=5),
    Scenario(people_fairness=0.7, diversity=0.5, people_attribute="gender"),
]


class StoppedError(Exception):
    """Somebody stopped it."""


@pytest.mark.parametrize("scenario", SCENARIOS, ids=range(len(SCENARIOS)))
def test_the_files_lists_are_the_pages_bit_for_bit(tiny_artifacts, tmp_path, scenario):
    path = tmp_path / "lists.parquet"
    written = write_lists(tiny_artifacts, scenario, path, with_reasons=False, block=7)
    wanted = evaluate_scenario(tiny_artifacts, replace(scenario, name="")).lists
    table = pq.read_table(path).to_pandas()
    assert written.n_rows == len(table) == (wanted.items >= 0).sum()
    row = table["user_id"].map({one: at for at, one in enumerate(tiny_artifacts.users["user_id"])})
    items = np.full(wanted.items.shape, -1, np.int32)
    items[row, table["rank"] - 1] = table["item_id"].map(tiny_artifacts.item_index)
    np.testing.assert_array_equal(items, wanted.items)
    positions = np.full(wanted.items.shape, -1, np.int32)
    positions[row, table["rank"] - 1] = table["rank_before"] - 1
    np.testing.assert_array_equal(positions, wanted.positions)
    scores = tiny_artifacts.scores[row, table["rank_before"] - 1]
    np.testing.assert_array_equal(table["score"], scores)


def test_ranks_at_the_stages_before_and_reasons_are_those_of_the_person(tiny_artifacts, tmp_path):
    scenario, path = SCENARIOS[1], tmp_path / "lists.parquet"
    write_lists(tiny_artifacts, scenario, path, block=50)
    table = pq.read_table(path).to_pandas()
    for user in (0, 49, 50, tiny_artifacts.n_users - 1):
        own = table[table["user_id"] == tiny_artifacts.users["user_id"].iloc[user]]
        ledger = explain_list(tiny_artifacts, scenario, user)
        entries = {entry.item: entry for entry in ledger.entries}
        assert len(own) == scenario.k
        for line in own.itertuples():
            item = tiny_artifacts.item_index[line.item_id]
            for stage in ("retrieved", "filtered"):
                held = getattr(tiny_artifacts, stage)[user].tolist()
                wanted = held.index(item) + 1 if item in held else 0
                assert getattr(line, f"rank_{stage}") == wanted
            assert line.reason == (entries[item].reason or "")
            assert line.reason_words == entries[item].text


def test_what_was_stopped_is_gone_on_with_and_comes_out_the_same(tiny_artifacts, tmp_path):
    scenario = SCENARIOS[1]
    whole, stopped = tmp_path / "whole.parquet", tmp_path / "stopped.parquet"
    write_lists(tiny_artifacts, scenario, whole, block=10)
    told = []

    def stop(share):
        told.append(share)
        if len(told) == 4:
            raise StoppedError

    with pytest.raises(StoppedError):
        write_lists(tiny_artifacts, scenario, stopped, block=10, tell=stop)
    assert not stopped.exists()
    assert write_lists(tiny_artifacts, scenario, stopped, block=10).n_resumed == 4
    assert pq.read_table(stopped).equals(pq.read_table(whole))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["stopped.parquet", "whole.parquet"]
    assert told == sorted(told)


def test_what_another_scenario_left_is_not_gone_on_with(tiny_artifacts, tmp_path):
    path = tmp_path / "lists.parquet"

    def stop(_share):
        raise StoppedError

    with pytest.raises(StoppedError):
        write_lists(tiny_artifacts, SCENARIOS[1], path, with_reasons=False, block=10, tell=stop)
    found = write_lists(tiny_artifacts, Scenario(), path, with_reasons=False, block=10)
    assert found.n_resumed == 0
    named = write_lists(tiny_artifacts, Scenario(name="x"), path, with_reasons=False, block=10)
    assert named.n_rows == found.n_rows


def test_a_file_that_was_there_stays_until_the_new_one_is_whole(tiny_artifacts, tmp_path):
    path = tmp_path / "lists.parquet"
    path.write_bytes(b"of yesterday")

    def stop(share):
        if share > 0.5:
            raise StoppedError

    with pytest.raises(StoppedError):
        write_lists(tiny_artifacts, Scenario(), path, with_reasons=False, block=10, tell=stop)
    assert path.read_bytes() == b"of yesterday"


QUOTED = Scenario(rules=(Rule("pin", "title", ('O\'Hara "x"',)),))


@pytest.mark.parametrize("scenario", [*SCENARIOS, QUOTED], ids=range(len(SCENARIOS) + 1))
def test_the_program_printed_makes_the_same_scenario(scenario, tiny_artifacts, monkeypatch):
    monkeypatch.setattr(Studio, "open", lambda _name: Studio(tiny_artifacts))
    monkeypatch.setattr(Studio, "lists", lambda _self, given: given)
    names: dict = {}
    exec(compile(python_code(scenario, "tiny"), "printed", "exec"), names)
    assert names["scenario"] == scenario


def test_the_command_writes_says_and_prints(tiny_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_folder)
    out = tmp_path / "lists.parquet"
    assert main(["rerank", "--data", "tiny", "--out", str(out), "--without-reasons"]) == 0
    assert "lists of 120 people, 1,200 rows." in capsys.readouterr().out
    assert pq.read_table(out).num_rows == 1200
    assert main(["rerank", "--data", "tiny", "--code"]) == 0
    assert "Studio.open('tiny')" in capsys.readouterr().out
    assert main(["rerank", "--data", "tiny"]) == 2
    assert "give --out" in capsys.readouterr().err
