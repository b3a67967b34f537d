"""From two scenarios to an answer: pools, truth, groups; and logs of one's own, good and bad."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

from engine.__main__ import main
from engine.data.naming import name_of
from engine.errors import DataError, ScenarioError
from engine.online.answer_words import answer_lines, answer_to_json
from engine.online.earned import actions_of, earned, slates_of, true_worth
from engine.online.estimators import DIRECT_CAVEAT
from engine.online.experiment import DesignConfig, design_of, simulate_log
from engine.online.given_log import answer_log
from engine.online.log import read_log
from engine.scenario import Scenario
from engine.simulate.world import World, world_of

OWN = Scenario(diversity=0.4)
CONFIG = DesignConfig(places=3, pool=6, visits=4000)


@pytest.fixture(scope="module")
def world(tiny_artifacts):
    assumed = world_of(tiny_artifacts)
    return World("true", assumed.people, assumed.preference)


@pytest.fixture(scope="module")
def design(tiny_artifacts, world):
    return design_of(tiny_artifacts, world, Scenario(), OWN, CONFIG)


def test_pools_hold_what_both_put_first_and_both_policies_can_do_all(tiny_artifacts, design):
    from engine.reranking import rerank

    own = rerank(tiny_artifacts, OWN).items
    for at, person in enumerate(design.people):
        assert design.pools[at, 0] == tiny_artifacts.candidates[person, 0]
        assert own[person, 0] in design.pools[at]
        best = design.pools[at, design.target[at].argmax()]
        assert best == own[person, 0]
    assert (design.target > 0).all()
    assert design.target.sum(axis=1) == pytest.approx(1.0)


def test_beside_the_baseline_stands_the_setting_alone_and_not_how_sharply_it_is_drawn(
    tiny_artifacts, world
):
    config = DesignConfig(places=3, pool=6, visits=20_000, temperature=0.3)
    same = design_of(tiny_artifacts, world, Scenario(), Scenario(), config)
    answer = earned(tiny_artifacts, simulate_log(same), "gender")
    by_name = {one.name: one for one in answer.first}
    assert str(by_name["DR"].change) == "better"  # the ranker's first are played more
    for one in (*answer.first, *answer.lists, *answer.groups):
        assert str(one.beside) == "as before"
        assert one.beside.value == 0
    lines = "\n".join(answer_lines(answer))
    assert "hold the setting alone" in lines
    assert "beside the baseline 0.0 % (0.0000" in lines


def test_a_log_of_ones_own_holds_the_setting_beside_the_baseline(tiny_artifacts):
    table, own = many_shown(tiny_artifacts), Scenario(popularity_penalty=0.6)
    answer, _ = answer_log(tiny_artifacts, table, own, 1.0, "gender")
    same, _ = answer_log(tiny_artifacts, table, own, 1.0, "gender", own)
    base, _ = answer_log(tiny_artifacts, table, Scenario(), 1.0, "gender")
    theirs = {one.name: one.value for one in base.first}
    for one in answer.first:
        assert one.beside.value == pytest.approx(one.value - theirs[one.name])
        assert one.beside.before == pytest.approx(theirs[one.name])
    assert {str(one.beside) for one in same.first} == {"as before"}


def many_shown(artifacts):
    """Places on top, drawn evenly from each person's first ten candidates."""
    rng = np.random.default_rng(5)
    row = rng.integers(0, artifacts.n_users, 6000)
    item = np.asarray(artifacts.candidates)[row, rng.integers(0, 10, len(row))]
    ids = artifacts.items["item_id"].to_numpy(object)
    likes = np.where(np.asarray(artifacts.popularity)[item] > np.median(artifacts.popularity), 2, 1)
    return read_log(
        pd.DataFrame(
            {
                "user_id": artifacts.users["user_id"].to_numpy(object)[row],
                "item_id": ids[item],
                "event": np.where(rng.random(len(row)) < likes * 0.2, "click", "impression"),
                "position": 0,
                "propensity": 0.1,
            }
        )
    )


def test_a_setting_that_is_the_baseline_earns_what_was_logged(tiny_artifacts, world):
    config = DesignConfig(places=3, pool=6, visits=2000, temperature=2.0)
    same = design_of(tiny_artifacts, world, Scenario(), Scenario(), config)
    logged = simulate_log(same)
    answer = earned(tiny_artifacts, logged, "gender")
    assert answer.support.effective == pytest.approx(2000)
    for one in answer.first:
        if one.name in ("IPW", "SNIPW"):
            assert one.value == pytest.approx(answer.logged)
            assert str(one.change.word) == "as before"
    for one in answer.lists:
        assert one.value == pytest.approx(answer.logged_list)


def test_estimates_hold_the_truth_and_the_truth_is_what_the_policy_earns(tiny_artifacts, design):
    answer = earned(tiny_artifacts, simulate_log(design), "gender")
    seen = simulate_log(design, seed=5, policy="target").reward
    error = seen[:, 0].std() / np.sqrt(len(seen))
    assert abs(seen[:, 0].mean() - answer.truth) < 4 * error
    assert abs(seen.sum(axis=1).mean() - answer.truth_list) < 4 * seen.sum(axis=1).std() / np.sqrt(
        len(seen)
    )
    for one in answer.first:
        if one.name in ("IPW", "SNIPW", "DR", "SNDR"):
            half = (one.high - one.low) / 2
            assert abs(one.value - answer.truth) < 2 * half
    assert {group.label for group in answer.groups} == {"man", "woman"}


def test_weights_have_mean_one_and_a_model_of_one_value_is_that_value(design):
    logged = simulate_log(design)
    slates = slates_of(logged)
    for ratio in (slates.given_above.prod(axis=1), slates.at_place[:, 1]):
        assert abs(ratio.mean() - 1) < 5 * ratio.std() / np.sqrt(len(ratio))
    actions = actions_of(logged, np.zeros((len(design.people), CONFIG.pool, 1)))
    for fold in (0, 1):
        is_in = logged.row % 2 == fold
        mean = logged.reward[~is_in, 0].mean()
        assert actions.model_policy[is_in] == pytest.approx(mean, abs=1e-4)
        assert actions.model_own[is_in] == pytest.approx(mean, abs=1e-4)
    n = len(logged.row)
    assert abs(actions.weight.mean() - 1) < 5 * actions.weight.std() / np.sqrt(n)


def test_with_a_cascade_the_independent_estimator_is_off_and_the_interaction_one_is_not(
    tiny_artifacts, world
):
    config = DesignConfig(places=3, pool=6, visits=150_000, temperature=0.3, attention="cascade")
    sharp = World("true", world.people, np.clip(world.preference * 4, 0, 0.95))
    design = design_of(tiny_artifacts, sharp, Scenario(), Scenario(diversity=0.9), config)
    answer = earned(tiny_artifacts, simulate_log(design), "gender")
    truth = true_worth(design, design.config.places)
    by = {one.name: one for one in answer.lists}
    chained = by["Reward interaction IPS"]
    assert chained.low - 0.02 < truth < chained.high + 0.02
    assert np.isfinite(by["Independent IPS"].value)


def test_the_direct_methods_interval_is_said_to_hold_too_little(tiny_artifacts, design):
    answer = earned(tiny_artifacts, simulate_log(design), "gender")
    said = [line for line in answer_lines(answer) if DIRECT_CAVEAT in line]
    assert len(said) == 1
    assert said[0].lstrip().startswith("DM:")


def test_a_policy_the_log_says_little_about_is_refused_in_words(tiny_artifacts, world):
    config = DesignConfig(places=3, pool=12, visits=100, temperature=0.05, logging_temperature=20.0)
    design = design_of(tiny_artifacts, world, Scenario(), OWN, config)
    answer = earned(tiny_artifacts, simulate_log(design), "gender")
    assert answer.first == answer.lists == answer.groups == ()
    assert "The log cannot answer" in answer_lines(answer)[-1]
    assert answer_to_json(answer)["support"]["refusal"]


def test_settings_of_a_design_out_of_range_are_refused():
    with pytest.raises(ScenarioError, match="`visits` of a designed log must be from 100"):
        DesignConfig(visits=10)
    with pytest.raises(ScenarioError, match="cannot be drawn from a pool of 3"):
        DesignConfig(places=5, pool=3)


def own_log(artifacts, *, n: int = 3000, seed: int = 0) -> pd.DataFrame:
    """First places drawn evenly from each person's first ten candidates."""
    rng = np.random.default_rng(seed)
    person = rng.integers(0, artifacts.n_users, n)
    rank = rng.integers(0, 10, n)
    item = np.asarray(artifacts.candidates)[person, rank]
    is_played = rng.random(n) < 0.5 / (1 + rank)
    return pd.DataFrame(
        {
            "user_id": artifacts.users["user_id"].to_numpy()[person],
            "item_id": artifacts.items["item_id"].to_numpy()[item],
            "event": np.where(is_played, "click", "impression"),
            "position": 1,
            "propensity": 0.1,
        }
    )


def test_a_log_of_ones_own_is_answered_by_every_estimator(tiny_artifacts):
    table = own_log(tiny_artifacts)
    answer, notes = answer_log(tiny_artifacts, read_log(table), Scenario(), 0.4, "gender")
    assert "Positions are numbered from 1 in the file." in notes
    weights = (np.arange(1, 51) ** -2.5)[:10]
    expected = float((weights * 0.5 / np.arange(1, 11)).sum() / (np.arange(1.0, 51) ** -2.5).sum())
    ipw = next(one for one in answer.first if one.name == "IPW")
    assert ipw.low < expected < ipw.high
    assert answer.support.outside >= 0


def test_rows_that_the_fit_knows_the_end_of_are_left_out_and_counted(tiny_artifacts):
    table = own_log(tiny_artifacts)
    table["timestamp"] = "1999-01-01"
    with pytest.raises(DataError, match="3,000 rows left out: not later than the person's history"):
        answer_log(tiny_artifacts, read_log(table), Scenario(), 1.0, "gender")


def broken(column, value, rows=slice(3, 5)):
    def change(table):
        table = table.astype({column: object}) if column in table else table
        table.loc[table.index[rows], column] = value
        return table

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (broken("propensity", 0.0), "`propensity` is 0 or less in 2 rows, first in row 4"),
        (broken("propensity", 1.2), "`propensity` is above 1 in 2 rows, first in row 4"),
        (broken("propensity", None), "`propensity` is missing or no number in 2 rows"),
        (broken("position", -1), "`position` is no whole number from 0 (or 1) in 2 rows"),
        (broken("position", 7, slice(None)), "`position` begins at 7"),
        (broken("event", "impression", slice(None)), "nothing was ever chosen"),
        (broken("item_id", "i1", slice(None)), "one title alone"),
        (broken("timestamp", "soon", slice(None)), "`timestamp` is no time in 3,000 rows"),
        (lambda table: table.assign(policy=["a", ""] * 1500), "`policy` is empty in 1,500 rows"),
        (lambda table: table.drop(columns="propensity"), "column `propensity` is missing"),
        (lambda table: table.iloc[:0], "holds nothing"),
    ],
)
def test_a_bad_log_is_refused_in_one_sentence(tiny_artifacts, change, said):
    with pytest.raises(DataError, match=re.escape(said)) as caught:
        read_log(change(own_log(tiny_artifacts)), "log.csv")
    assert "log.csv" in str(caught.value)
    assert str(caught.value).count(". ") == 0


def test_a_million_rows_are_read(tiny_artifacts):
    table = pd.concat([own_log(tiny_artifacts, n=250_000)] * 4, ignore_index=True)
    assert len(read_log(table)) == 1_000_000


@pytest.fixture
def at_home(tiny_folder, tmp_path, monkeypatch):
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path))
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_folder)
    return work


def test_the_command_answers_from_a_simulated_log_and_from_a_file(at_home, tiny_artifacts, capsys):
    asked = ["ope", "--data", "tiny", "--visits", "3000", "--json", "out.json"]
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert "A simulated log" in said
    assert "SNIPW" in said
    assert len(json.loads((at_home / "out.json").read_text())["first"]) == 8
    own_log(tiny_artifacts).to_csv("log.csv", index=False)
    assert main(["ope", "--data", "tiny", "--log", "log.csv"]) == 0
    assert "The log has no times" in capsys.readouterr().out


def test_the_command_refuses_what_is_no_log(at_home, capsys):
    (at_home / "no.csv").write_bytes(b"\x00\xff")
    for name in ("no.csv", "gone.csv"):
        assert main(["ope", "--data", "tiny", "--log", name]) == 2
        assert name in capsys.readouterr().err


def test_the_command_simulates_a_year(at_home, capsys):
    asked = ["simulate", "--data", "tiny", "--rounds", "3", "--repetitions", "2", "--explore", "1"]
    assert main([*asked, "--json", "year.json"]) == 0
    assert "Coverage:" in capsys.readouterr().out
    assert len(json.loads((at_home / "year.json").read_text())["arms"]) == 2
    assert main([*asked, "--by", "shoe"]) == 2
    assert "`--by` must be one of gender" in capsys.readouterr().err


@pytest.mark.usefixtures("at_home")
def test_the_command_asks_the_log_that_the_fit_keeps_and_says_what_it_holds(capsys):
    asked = ["ope", "--data", "tiny", "--log", "kept", "--temperature", "10"]
    assert main(asked) in (0, 1)
    said = capsys.readouterr().out
    assert "Click-through, old, place 1:" in said
    assert "Conversion, new, gender woman:" in said
    assert "Propensities are not too small: yes" in said
    assert "Attention by place, relative to the top" in said
    assert main(["simulate", "--data", "tiny", "--attention", "log", "--rounds", "2",
                 "--repetitions", "2"]) == 0  # fmt: skip
    assert "noticed as the log says" in capsys.readouterr().out


@pytest.mark.usefixtures("at_home")
def test_a_log_of_json_lines_is_read(tiny_artifacts):
    own_log(tiny_artifacts).to_json("log.jsonl", orient="records", lines=True)
    assert main(["ope", "--data", "tiny", "--log", "log.jsonl"]) == 0
