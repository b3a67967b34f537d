"""`sweep` and `solve` on the command line: the figures of the engine, mistakes in a sentence."""

from __future__ import annotations

import json
import shutil

import pytest

from engine.__main__ import main
from engine.data import artifact_folder
from engine.data.naming import name_of
from engine.evaluation import evaluate_scenario
from engine.scenario import Scenario


@pytest.fixture
def home(tiny_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path))
    shutil.copytree(tiny_folder, artifact_folder(name_of("tiny")))
    return tmp_path


def test_a_sweep_is_printed_and_written(home, capsys):
    out = home / "map.json"
    said = main(["sweep", "--data", "tiny", "--settings", "20", "--json", str(out)])
    assert said == 0
    assert "The front" in capsys.readouterr().out
    written = json.loads(out.read_text())
    assert len(written["settings"]) == 20
    assert any(one["is_on_front"] for one in written["settings"])


def test_an_answer_is_printed_written_and_saved_as_a_scenario(home, capsys):
    out, saved = home / "answer.json", home / "found.json"
    said = main(
        ["solve", "--data", "tiny", "--most", "ild", "--such-that", "ndcg loss <= 60%",
         "--json", str(out), "--save", str(saved)]
    )  # fmt: skip
    assert said == 0
    assert "Most Diversity" in capsys.readouterr().out
    answer = json.loads(out.read_text())
    best = answer["shown"] or answer["estimated"]
    assert Scenario.from_json(saved.read_text()) == Scenario.from_dict(best["scenario"])


@pytest.mark.usefixtures("home")
def test_no_answer_ends_with_status_one(capsys):
    said = main(["solve", "--data", "tiny", "--most", "ild", "--such-that", "coverage >= 100%",
                 "--such-that", "top_item_share <= 0.0001%"])  # fmt: skip
    assert said == 1
    assert "No setting tried keeps every limit" in capsys.readouterr().out


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "arguments",
    [["solve", "--most", "nonsense"], ["solve", "--most", "ild", "--such-that", "more please"],
     ["sweep", "--aims", "ndcg"], ["sweep", "--controls", "nonsense"],
     ["sweep", "--settings", "1"]],
)  # fmt: skip
def test_a_mistake_is_one_sentence_and_status_two(capsys, arguments):
    assert main([*arguments, "--data", "tiny"]) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("error: ")


def test_a_map_and_a_goal_are_held_against_the_baseline_that_is_given(home, capsys, tiny_artifacts):
    given, out = Scenario(diversity=0.5), home / "out.json"
    (home / "base.json").write_text(given.to_json())
    words = ["--data", "tiny", "--controls", "diversity", "--baseline", str(home / "base.json")]
    assert main(["sweep", *words, "--settings", "10", "--json", str(out)]) == 0
    written = json.loads(out.read_text())
    assert Scenario.from_dict(written["baseline"]).diversity == given.diversity
    for one in written["settings"]:
        ild = one["readings"]["change"][written["aims"].index("ild")]
        weight = one["scenario"]["diversity"]
        assert ild == 0 if weight == 0.5 else (ild > 0) == (weight > 0.5)
    limit = ["--most", "ild", "--such-that", "ndcg loss <= 60%", "--confirm", "everyone"]
    assert main(["solve", *words, *limit, "--json", str(out)]) == 0
    answer = json.loads(out.read_text())
    best = answer["shown"] or answer["estimated"]
    before = evaluate_scenario(tiny_artifacts, given).figures["ndcg"].value
    assert best["limits"][0]["before"] == pytest.approx(before, rel=1e-6)
    capsys.readouterr()
