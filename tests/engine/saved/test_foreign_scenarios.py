"""Scenarios that do not belong: of a newer version, for other data, with a genre that is gone.

Every command ends with 2 and one sentence, and leaves no file behind.
"""

from __future__ import annotations

import json

import pytest

from engine.__main__ import main
from engine.data.naming import name_of
from engine.saved.store import ScenarioStore
from engine.scenario import SCENARIO_VERSION, Cap, Rule, Scenario

FOREIGN = {
    "newer": ({"version": SCENARIO_VERSION + 1, "diversity": 0.3}, "`version` of the scenario"),
    "a control of the future": ({"serendipity": 0.3}, "`serendipity` is not a field"),
    "a genre that is gone": (
        Scenario(caps=(Cap("genre", "Sitcom from Mars", 1, 5),)).to_dict(),
        "'Sitcom from Mars'",
    ),
    "another shop's title": (
        Scenario(rules=(Rule("pin", "item", ("no such title here",)),)).to_dict(),
        "'no such title here'",
    ),
    "another shop's provider": (
        Scenario(item_fairness=0.5, item_fairness_group="provider:Nobody Ltd").to_dict(),
        "'Nobody Ltd'",
    ),
    "an attribute that nobody has": (
        Scenario(people_fairness=0.5, people_attribute="shoe size").to_dict(),
        "'shoe size'",
    ),
}
COMMANDS = {
    "evaluate": ["--json", "out.json"],
    "evaluate --shards": ["--shards", "2", "--json", "out.json"],
    "rerank": ["--out", "out.parquet"],
    "audit": ["--html", "out.html"],
    "record": ["--json", "out.json"],
}


@pytest.fixture
def home(tiny_folder, tmp_path, monkeypatch):
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_folder)
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("which", list(FOREIGN))
@pytest.mark.parametrize("command", list(COMMANDS))
def test_a_command_says_what_does_not_belong_and_writes_nothing(home, capsys, which, command):
    given, said = FOREIGN[which]
    file = home / "scenario.json"
    file.write_text(json.dumps(given))
    outputs = [str(home / word) if "." in word else word for word in COMMANDS[command]]
    before = sorted(home.iterdir())
    words = [command.split()[0], "--data", "tiny", "--scenario", str(file), *outputs]
    assert main(words) == 2
    told = capsys.readouterr().err.strip().splitlines()
    assert len([line for line in told if line.startswith("error: ")]) == 1
    assert said in told[-1]
    assert "Traceback" not in "\n".join(told)
    assert sorted(home.iterdir()) == before


def test_what_is_saved_for_other_data_is_not_offered_and_not_served(home, capsys):
    store = ScenarioStore(home / ".artifacts" / "scenarios.sqlite")
    store.save(Scenario(diversity=0.3), data="another shop", name="Theirs")
    assert main(["scenarios", "show", "--data", "tiny", "--name", "Theirs"]) == 2
    assert "'Theirs'" in capsys.readouterr().err
    assert main(["scenarios", "promote", "--data", "tiny", "--name", "Theirs"]) == 2
    assert len(store.all("another shop")) == 1
