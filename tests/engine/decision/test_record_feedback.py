"""A record carries what feedback says of the decision, and checking it finds that again."""

from __future__ import annotations

import copy
import json

import pytest

from engine.__main__ import main
from engine.data.naming import name_of
from engine.decision.check import check_record, read_record
from engine.decision.feedback import PARTS, find_feedback, read_asked
from engine.decision.older import METHODS
from engine.decision.record import record_text, seal_of
from engine.decision.report import record_html
from engine.errors import RecordError, ScenarioError
from engine.scenario import Scenario
from engine.studio import Studio

ASKED = {
    "year": {"rounds": 3, "seeds": 2, "explore": 1, "by": "gender"},
    "earned": {"visits": 2000, "seed": 4},
    "bandits": {"steps": 60, "runs": 2, "arms": "settings"},
}


@pytest.fixture(scope="module")
def record(tiny_artifacts):
    studio = Studio(tiny_artifacts)
    found = studio.decisions.compare([Scenario(name="A", diversity=0.3)])
    return json.loads(record_text(studio.decisions.record(found, feedback=ASKED)))


def test_every_part_has_its_settings_its_seed_and_what_was_found(record):
    parts = record["feedback"]
    assert list(parts) == list(PARTS)
    assert parts["year"]["settings"]["first_seed"] == 0
    assert parts["earned"]["settings"]["seed"] == 4
    assert parts["year"]["found"]["measures"]["gini"]["n"] == 2
    assert parts["earned"]["found"]["n_visits"] == 2000
    assert set(parts["bandits"]["found"]["policies"]["UCB1"]["shown"]) == {"Baseline", "A"}
    page = record_html(record)
    for words in ("If this runs for a year", "What it would have earned", "What learning would"):
        assert words in page


def test_checking_finds_it_again_and_an_edited_figure_is_named(record, tiny_artifacts):
    again = check_record(read_record(record_text(record)), tiny_artifacts, accept_unknown=True)
    assert again.differences == ()
    edited = copy.deepcopy(record)
    edited["feedback"]["year"]["found"]["measures"]["gini"]["after"] += 0.01
    edited["seal"] = seal_of(
        {name: one for name, one in edited.items() if name not in ("seal", "decided")}
    )
    found = check_record(edited, tiny_artifacts, accept_unknown=True).differences
    assert any("feedback.year.found.measures.gini.after" in one for one in found)
    edited["feedback"] = {"year": 3}
    with pytest.raises(RecordError, match="each with its `settings`"):
        check_record(edited, tiny_artifacts)


def test_a_record_of_before_a_bandit_was_added_comes_out_again(record, tiny_artifacts):
    old = copy.deepcopy(record)
    bandits = old["feedback"]["bandits"]["found"]
    del bandits["policies"]["UCB1"]
    bandits["words"] = ["Least was lost by another."]
    old["seal"] = seal_of(
        {name: one for name, one in old.items() if name not in ("seal", "decided")}
    )
    said = {name: one for name, one in old["decided"].items() if name != "seal"}
    old["decided"]["seal"] = seal_of({**old, "decided": said})
    found = check_record(old, tiny_artifacts, accept_unknown=True)
    assert found.differences == ()
    assert found.notes[0] == "feedback.bandits: not compared, for the record is older: UCB1"
    bandits["policies"]["Even"]["regret"] += 1.0
    found = check_record(old, tiny_artifacts, accept_unknown=True).differences
    assert any("feedback.bandits.found.policies.Even.regret" in one for one in found)


def as_of_before(record):
    """The record as it was written before records said by which methods: other words and ends."""
    old = copy.deepcopy(record)
    del old["methods"]
    old["verdicts"] = ["A passes its guardrail; clear: Diversity +0.031 higher.", "Else as it was."]
    earned = old["feedback"]["earned"]["found"]
    earned["words"] = [line.replace(", 95 % interval", " interval") for line in earned["words"]]
    for one in earned["first"]:
        one["low"], one["difference_high"] = one["value"] - 0.01, 0.5
        one["verdict"] = "no clear change"
    del old["feedback"]["year"]["settings"]["by"]
    del old["feedback"]["year"]["found"]["measures"]["gini"]
    del next(iter(old["figures"].values()))["ild"]
    return sealed(old)


def sealed(record):
    record["seal"] = seal_of(
        {name: one for name, one in record.items() if name not in ("seal", "decided")}
    )
    said = {name: one for name, one in record["decided"].items() if name != "seal"}
    record["decided"]["seal"] = seal_of({**record, "decided": said})
    return record


def test_a_record_as_an_earlier_version_wrote_it_is_made_again_and_what_is_not_compared_said(
    record, tiny_artifacts
):
    found = check_record(read_record(record_text(as_of_before(record))), tiny_artifacts,
                         accept_unknown=True)  # fmt: skip
    assert found.differences == ()
    said = [note.split(":")[0] for note in found.notes]
    assert said == [
        "sentences",
        "feedback.earned",
        "not compared, for the record is older and lacks it",
    ]
    for name in ("figures.A.ild", "feedback.year.settings.by", "feedback.year.found.measures.gini"):
        assert name in found.notes[2]


@pytest.mark.parametrize("part", ["value", "n_visits", "figures", "rival"])
def test_an_estimate_of_an_older_record_that_does_not_come_out_is_a_difference(
    record, tiny_artifacts, part
):
    old = as_of_before(record)
    earned = old["feedback"]["earned"]["found"]
    if part == "value":
        earned["first"][1]["value"] += 0.001
    elif part == "n_visits":
        earned["n_visits"] += 1
    elif part == "figures":
        old["figures"]["A"]["ndcg"]["low"] += 0.001
    else:
        del old["figures"]["A"]
    found = check_record(sealed(old), tiny_artifacts, accept_unknown=True)
    assert len(found.differences) == 1
    assert {"rival": "figures.A"}.get(part, part) in found.differences[0]


def test_a_record_of_today_is_held_to_its_words_and_its_intervals(record, tiny_artifacts):
    assert record["methods"] == METHODS
    edited = copy.deepcopy(record)
    edited["verdicts"][0] = "A passes everything."
    edited["feedback"]["earned"]["found"]["first"][1]["low"] += 0.01
    found = check_record(sealed(edited), tiny_artifacts, accept_unknown=True).differences
    assert [one.split(":")[0] for one in found] == [
        "verdicts[0]",
        "feedback.earned.found.first[1].low",
    ]


def test_without_feedback_a_record_is_as_it_was(tiny_artifacts):
    studio = Studio(tiny_artifacts)
    record = studio.decisions.record(studio.decisions.compare([Scenario(name="A", diversity=0.3)]))
    assert "feedback" not in record


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"moon": {}}, "'moon' is nothing that feedback can be asked for: give year"),
        ({"year": {"moons": 3}}, "'moons' is no setting of `year`"),
        ({"year": {"rounds": "many"}}, "`rounds` of `year` must be like 50; got 'many'"),
        ({"year": {"rounds": 3.5}}, "`rounds` of `year` must be like 50"),
        ({"year": {"rounds": 0}}, "`rounds` of a simulated year must be from 1"),
        ({"earned": 3}, "3 is no setting of `earned`"),
        ([], "must be an object"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(asked, said):
    with pytest.raises(ScenarioError, match=said):
        read_asked(asked)


def test_a_group_or_a_log_that_is_not_there_is_refused(tiny_artifacts):
    for part, said in (({"year": {"by": "shoe"}}, "`by`"), ({"earned": {"log": "x"}}, "`log` is")):
        with pytest.raises(ScenarioError, match=said):
            find_feedback(tiny_artifacts, Scenario(), Scenario(), part)


def test_the_command_records_and_checks_it(tiny_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_folder)
    (tmp_path / "a.json").write_text(Scenario(name="A", diversity=0.2).to_json(), encoding="utf-8")
    asked = ["record", "--data", "tiny", "--scenario", "a.json", "--json", "record.json"]
    asked += ["--such-that", "ndcg loss <= 99%", "--with", "earned visits=1500 temperature=2.0"]
    assert main(asked) == 0
    assert "First place" in capsys.readouterr().out
    assert main(["check", "record.json", "--accept-unknown"]) == 0
    assert main([*asked, "--with", "year rounds"]) == 2
    assert "such as rounds=50" in capsys.readouterr().err
