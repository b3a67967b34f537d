"""The audit's command: the page's figures to the last digit, replayed from two files."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest

from engine.__main__ import main
from engine.audit.audit import audit_scenario
from engine.audit.figures import TABLES, AuditFigures
from engine.audit.settings import AuditSettings
from engine.scenario import Scenario

SCENARIO = Scenario(name="Mine", diversity=0.5)


@pytest.fixture
def command(tiny_artifacts, tmp_path, monkeypatch):
    """Run the command on the tiny service with a scenario file beside it."""
    monkeypatch.setattr("engine.data.artifact_folder", lambda _name: tiny_artifacts.folder.parent)
    scenario = tmp_path / "scenario.json"
    scenario.write_text(SCENARIO.to_json())

    def run(*words: str) -> int:
        return main(["audit", "--data", "tiny", "--scenario", str(scenario), *words])

    return run


@pytest.fixture
def page(tiny_artifacts) -> AuditFigures:
    settings = AuditSettings(("gender", "age band"), "recall", "rest", (0.9, 1 / 0.9), 5)
    return AuditFigures(audit_scenario(tiny_artifacts, SCENARIO, settings))


CHOSEN = ("--by", "gender,age band", "--metric", "recall", "--reference", "rest", "--band", "0.9",
          "--least-n", "5")  # fmt: skip


def same(given: object, value: object) -> bool:
    """A figure of the page is in the file digit by digit; undefined is null."""
    if value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return given is None
    return given == value


def test_every_table_of_the_page_is_in_the_json_to_the_last_digit(command, page, tmp_path):
    out = tmp_path / "audit.json"
    assert command(*CHOSEN, "--json", str(out)) == 0
    written = json.loads(out.read_text())
    assert list(written["tables"]) == list(TABLES)
    n_figures = 0
    for name, table in TABLES.items():
        frame, rows = table(page), written["tables"][name]
        assert len(rows) == len(frame)
        for row, (_, expected) in zip(rows, frame.iterrows(), strict=True):
            assert list(row) == list(frame.columns)
            assert all(same(row[column], expected[column]) for column in frame.columns)
            n_figures += sum(isinstance(value, float) for value in row.values())
    assert n_figures > 200
    assert written["headline"]["gap"] == page.gap.value
    assert written["headline"]["gap_p"] == page.gap.p


def test_an_audit_replays_from_two_files(command, tmp_path, capsys):
    first, second, kept = (tmp_path / f"{name}.json" for name in ("first", "second", "settings"))
    assert command(*CHOSEN, "--json", str(first), "--save-settings", str(kept)) == 0
    printed = capsys.readouterr().out
    assert command("--settings", str(kept), "--json", str(second)) == 0
    assert capsys.readouterr().out == printed
    assert first.read_bytes() == second.read_bytes()
    assert json.loads(kept.read_text())["groups"] == ["gender", "age band"]


def test_what_is_given_besides_overrides_the_file(command, tmp_path, capsys):
    kept, again = tmp_path / "settings.json", tmp_path / "again.json"
    kept.write_text('{"groups": ["gender"], "level": 0.1}')
    words = ("--settings", str(kept), "--least-n", "9", "--save-settings", str(again))
    assert command(*words) == 0
    settings = AuditSettings.from_json(again.read_text())
    assert settings == AuditSettings(("gender",), min_n=9, level=0.1)
    assert "by gender" in capsys.readouterr().out


def test_an_attribute_can_be_named_by_its_beginning(command, tmp_path):
    kept = tmp_path / "settings.json"
    assert command("--by", "gender,age", "--save-settings", str(kept)) == 0
    assert AuditSettings.from_json(kept.read_text()).attributes == ("gender", "age band")


def test_the_model_of_attention_of_the_file_is_measured_with(command, tmp_path):
    kept, out = tmp_path / "settings.json", tmp_path / "out.json"
    found = []
    for patience in (0.5, 0.95):
        given = {"groups": ["gender"], "metric": "rbp", "measured_with": {"patience": patience}}
        kept.write_text(json.dumps(given))
        assert command("--settings", str(kept), "--json", str(out)) == 0
        found.append(json.loads(out.read_text())["tables"]["groups"][0]["after"])
    assert found[0] != found[1]


def test_the_report_has_every_table_and_no_chart(command, tmp_path):
    out = tmp_path / "report.html"
    assert command("--by", "gender", "--html", str(out)) == 0
    text = out.read_text()
    assert text.count("<table") == 11
    assert "<svg" not in text
    assert "Mine: Diversity 0.50" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "shoe size"), "shoe size"),
        (("--by", "gender,gender"), "gender"),
        (("--metric", "coverage"), "`metric` of the audit settings must be one of ndcg"),
        (("--reference", "nobody"), "or the name of a group (man, woman); got 'nobody'"),
        (("--band", "1.5"), "--band must be from 0.01 to 1; got 1.5"),
        (("--band", "nan"), "--band must be from 0.01 to 1"),
        (("--least-n", "0"), "`least_n` of the audit settings"),
        (("--settings", "nowhere.json"), "nowhere.json cannot be read"),
    ],
)
def test_what_does_not_fit_is_one_sentence(command, capsys, words, said: str):
    assert command(*words) == 2
    printed = capsys.readouterr()
    assert not printed.out
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    assert said in printed.err


def test_an_audit_is_held_against_the_baseline_that_is_given(command, tiny_artifacts, tmp_path):
    baseline, out = Scenario(name="Base", freshness=0.4), tmp_path / "audit.json"
    (tmp_path / "base.json").write_text(baseline.to_json())
    assert command("--baseline", str(tmp_path / "base.json"), "--json", str(out)) == 0
    written = json.loads(out.read_text())
    wanted = AuditFigures(
        audit_scenario(tiny_artifacts, SCENARIO, AuditSettings(("gender",)), baseline=baseline)
    )
    assert Scenario.from_dict(written["baseline"]) == baseline
    before = [row["before"] for row in written["tables"]["groups"]]
    assert all(map(same, before, wanted.groups["before"]))
    alone = AuditFigures(audit_scenario(tiny_artifacts, SCENARIO, AuditSettings(("gender",))))
    assert before != alone.groups["before"].tolist()
