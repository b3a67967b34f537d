"""``python -m engine scenarios``: the same store from a terminal."""

from __future__ import annotations

import pytest

from engine.__main__ import main
from engine.scenario import Scenario


@pytest.fixture
def ask(tmp_path, capsys):
    path = tmp_path / "scenarios.sqlite"

    def run(action, *more):
        command = ["scenarios", action, "--data", "simulated", "--store", str(path), *more]
        status = main(command)
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def test_a_scenario_is_saved_changed_promoted_and_rolled_back_from_a_terminal(ask, tmp_path):
    file = tmp_path / "a.json"
    file.write_text(Scenario(diversity=0.3).to_json(), encoding="utf-8")
    assert "No scenario of simulated is saved" in ask("list")[1]
    given = ("--scenario", str(file), "--name", "A", "--who", "Ana", "--why", "try")
    status, said = ask("save", *given, "--note", "spring")
    assert status == 0
    assert said.startswith("A, revision 1,")
    assert said.endswith("Ana: spring\n")
    file.write_text(Scenario(diversity=0.4).to_json(), encoding="utf-8")
    assert "A, revision 2," in ask("save", *given)[1]
    assert "A [challenger]" in ask("challenge", "--name", "A")[1]
    assert "A [champion]" in ask("promote", "--name", "A")[1]
    assert "A, revision 2" in ask("rollback", "--why", "complaints")[1]
    assert "complaints" in ask("history")[1]
    assert "A, deleted" in ask("delete", "--name", "A")[1]
    assert "A, revision 4" in ask("restore", "--name", "A", "--revision", "1")[1]
    assert len(ask("history", "--name", "A")[1].splitlines()) == 4
    out = tmp_path / "out.json"
    assert ask("show", "--name", "A", "--out", str(out))[0] == 0
    assert Scenario.from_json(out.read_text(encoding="utf-8")) == Scenario(name="A", diversity=0.3)


def test_what_is_wrong_is_one_sentence_and_status_2(ask):
    for given in (("show", "--name", "B"), ("save",), ("rollback",)):
        status, said = ask(*given)
        assert status == 2
        assert said.startswith("error: ")
        assert said.count("\n") == 1
