"""The record of a decision: made the same everywhere, checked, and edits of it found."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.__main__ import main
from engine.data.naming import name_of
from engine.decision.check import check_record, read_record
from engine.decision.comparison import compare_scenarios
from engine.decision.record import RECORD_VERSION, make_record, record_text, seal_of
from engine.decision.report import record_html
from engine.decision.settings import DecisionSettings
from engine.errors import RecordError, StudioError
from engine.saved.records import Author
from engine.scenario import Cap, Scenario
from engine.studio import Studio

CHOSEN = Scenario(name="Variety", diversity=0.3, caps=(Cap("genre", None, 2, 5),))
OTHER = Scenario(name="Fresh", freshness=0.4)
SETTINGS = DecisionSettings(
    ("ndcg", "ild", "coverage"),
    ("ndcg loss <= 99%", "top_item_share <= 100%", "ndcg loss <= 99% for every gender"),
    attribute="gender",
)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def found(tiny_artifacts):
    return compare_scenarios(tiny_artifacts, [CHOSEN, OTHER], settings=SETTINGS)


@pytest.fixture(scope="module")
def record(found):
    return make_record(found, Author("Ana", "editors asked"), now=NOON)


@pytest.fixture
def home(tiny_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_folder)
    return tmp_path


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def resealed(record):
    """The record as somebody would leave it who edits on purpose."""
    content = {n: part for n, part in record.items() if n not in ("seal", "decided")}
    record["seal"] = seal_of(content)
    decided = {n: part for n, part in record["decided"].items() if n != "seal"}
    record["decided"]["seal"] = seal_of({**content, "seal": record["seal"], "decided": decided})
    return record


def test_the_record_holds_all_that_was_known(record, found, tiny_artifacts):
    assert record["scenario"] == CHOSEN.to_dict() | {"caps": record["scenario"]["caps"]}
    assert record["decided"] | {"seal": ""} == {
        "who": "Ana", "at": "2026-01-01T12:00:00Z", "why": "editors asked", "seal": ""
    }  # fmt: skip
    assert record["data"]["fingerprint"] == tiny_artifacts.manifest["fingerprint"]
    assert record["fit"]["id"] == tiny_artifacts.fit_id
    assert record["recipe"]["identity"] == tiny_artifacts.manifest["recipe"]["identity"]
    for rival in found.rivals:
        for name, figure in rival.figures.items():
            kept = record["figures"][rival.name][name]
            assert (kept["value"], kept["low"], kept["high"], kept["n"]) == (
                figure.value, figure.low, figure.high, figure.n
            )  # fmt: skip
            assert kept["verdict"] == str(figure.verdict)
            assert kept["margin"]["words"] == rival.equivalence[name].words
    sheet = record["transparency"]
    assert any("Diversity: weight 0.3" in line for line in sheet["main_parameters"])
    assert any("At most 2 per genre" in line for line in sheet["main_parameters"])
    assert [one["attribute"] for one in sheet["groups_examined"]] == ["gender"]
    others = [name for name in tiny_artifacts.attributes if name != "gender"]
    assert all(f"Groups by {name}." in sheet["not_examined"] for name in others)
    assert any("simulated" in line or "known" in line for line in record["known_limits"])


def test_two_records_of_one_comparison_differ_in_time_and_author_alone(found, record):
    again = make_record(found, Author("Bo", "another reason"))
    assert {n: part for n, part in again.items() if n != "decided"} == {
        n: part for n, part in record.items() if n != "decided"
    }
    assert again["decided"] != record["decided"]


def test_a_record_checks_against_the_fit_that_it_was_made_on(record, tiny_artifacts):
    kept = read_record(record_text(record))
    checked = check_record(kept, tiny_artifacts, accept_unknown=True)
    assert checked.differences == ()
    assert checked.notes == ()
    assert checked.n_compared > 200


def paths_to_numbers(value, path=()):
    if isinstance(value, dict):
        for name, part in value.items():
            yield from paths_to_numbers(part, (*path, name))
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from paths_to_numbers(part, (*path, at))
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and value:
        yield path


@pytest.mark.parametrize("part", ["figures", "guardrails", "who_pays", "audience"])
def test_any_figure_that_is_edited_is_found_even_where_the_seal_is_made_anew(
    record, tiny_artifacts, part
):
    paths = list(paths_to_numbers(record[part]))
    assert paths
    for path in paths[:: max(1, len(paths) // 4)]:
        edited = copy.deepcopy(record)
        place = edited[part]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] *= 1.001
        differences = check_record(resealed(edited), tiny_artifacts, accept_unknown=True)
        said = " ".join(differences.differences)
        assert f"{part}" in said
        assert f"{path[-1]}" in said
        assert "seal" not in said


def test_an_edit_without_a_new_seal_is_said(record, tiny_artifacts):
    edited = copy.deepcopy(record)
    edited["known_limits"] = []
    assert "was edited, or damaged" in check_record(edited, tiny_artifacts).differences[0]
    edited = copy.deepcopy(record)
    edited["decided"]["who"] = "Somebody else"
    assert (
        "who decided, when or why was edited" in check_record(edited, tiny_artifacts).differences[0]
    )


def test_what_the_figures_were_made_with_is_a_note_not_a_difference(record, tiny_artifacts):
    edited = copy.deepcopy(record)
    edited["versions"]["running"]["numpy"] = "1.0"
    edited["fit"]["id"] = "fit-of-yesterday"
    checked = check_record(resealed(edited), tiny_artifacts, accept_unknown=True)
    assert checked.differences == ()
    assert {note.partition(":")[0] for note in checked.notes} == {
        "versions.running.numpy", "fit.id"
    }  # fmt: skip


def test_a_guardrail_that_does_not_hold_is_a_difference(tiny_artifacts):
    settings = DecisionSettings(("ndcg",), ("ndcg >= 0.9999", "ndcg loss <= 0.01%"))
    found = compare_scenarios(tiny_artifacts, [CHOSEN], settings=settings)
    record = make_record(found)
    said = check_record(record, tiny_artifacts).differences
    assert any(one.startswith("guardrail broken: NDCG: at least") for one in said)
    lenient = check_record(record, tiny_artifacts, accept_unknown=True).differences
    assert [one for one in lenient if "broken" in one]
    assert not [one for one in lenient if "not shown to hold" in one]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "not valid JSON"), ("[]", "no record of a decision"), ("{}", "no record"),
        ('{"kind": "decision"}', "has version None"),
        (f'{{"kind": "decision", "record_version": {RECORD_VERSION + 1}}}', "or a newer one"),
        (f'{{"kind": "decision", "record_version": {RECORD_VERSION}}}', "lacks `verdicts`"),
    ],
)  # fmt: skip
def test_what_is_no_record_is_one_sentence(given, said):
    with pytest.raises(RecordError, match=re.escape(said)):
        read_record(given)


@pytest.mark.parametrize(
    "change",
    [
        {"scenario": {"version": 99}}, {"scenario": []}, {"also_considered": [1, 2, 3, 4]},
        {"also_considered": {}}, {"settings": {"margin": 9}}, {"baseline": None},
        {"scenario": {"rules": [{"action": "hide", "field": "genre", "values": ["gone"]}]}},
    ],
)  # fmt: skip
def test_a_record_whose_scenario_or_settings_cannot_be_is_one_sentence(
    record, tiny_artifacts, change
):
    with pytest.raises(StudioError) as told:
        check_record({**record, **change}, tiny_artifacts)
    assert "\n" not in str(told.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(st.sampled_from(["figures", "guardrails", "who_pays", "data", "decided", "verdicts"]),
       json_values)  # fmt: skip
def test_whatever_stands_in_a_records_figures_ends_in_differences_not_in_a_traceback(
    record, tiny_artifacts, found, name, value
):
    broken = {**record, name: value}
    with pytest.MonkeyPatch.context() as patch:  # the comparison is the same each time
        patch.setattr("engine.decision.check.compare_scenarios", lambda *_, **__: found)
        checked = check_record(broken, tiny_artifacts, accept_unknown=True)
    if record[name] != value:
        assert checked.differences or checked.notes


def test_python_and_the_command_line_write_the_same_bytes(home, capsys):
    files = {
        name: written(home, f"{name}.json", one.to_json())
        for name, one in (("chosen", CHOSEN), ("other", OTHER), ("settings", SETTINGS))
    }
    status = main([
        "record", "--data", "tiny", "--scenario", files["chosen"], "--also", files["other"],
        "--settings", files["settings"], "--who", "Ana", "--why", "x",
        "--json", str(home / "record.json"), "--html", str(home / "record.html"),
    ])  # fmt: skip
    assert status in (0, 1)
    by_command = json.loads((home / "record.json").read_text(encoding="utf-8"))
    studio = Studio.open("tiny")
    scenarios = [CHOSEN, OTHER]
    by_python = studio.decisions.record(
        studio.decisions.compare(scenarios, settings=SETTINGS), who="Bo"
    )
    decided = by_command.pop("decided")
    assert decided["who"] == "Ana"
    by_python.pop("decided")
    assert record_text(by_command) == record_text(by_python)
    assert "Variety" in capsys.readouterr().out


def test_check_ends_with_0_with_1_and_with_2(home, found, capsys):
    good = make_record(found, now=NOON)
    file = written(home, "record.json", record_text(good))
    command = ["check", file, "--data", "tiny", "--accept-unknown"]
    assert main(command) == 0
    assert "The record holds:" in capsys.readouterr().out
    edited = copy.deepcopy(good)
    edited["figures"]["Variety"]["ndcg"]["value"] += 0.01
    file = written(home, "edited.json", record_text(edited))
    assert main(["check", file, "--data", "tiny"]) == 1
    said = capsys.readouterr().out
    assert "difference: seal: the record was edited" in said
    assert "difference: figures.Variety.ndcg.value:" in said
    for wrong in (written(home, "x.json", "{}"), str(home / "nowhere.json")):
        assert main(["check", wrong, "--data", "tiny"]) == 2
        said = capsys.readouterr()
        assert said.err.startswith("error: ")
        assert said.err.count("\n") == 1
    good["data"]["fits"] = "../../etc"
    assert main(["check", written(home, "evil.json", record_text(good))]) == 2
    assert "say with --data" in capsys.readouterr().err


def test_the_page_to_read_stands_alone_and_shows_text_as_text(tiny_artifacts):
    evil = Scenario(name="<script>alert(1)</script>", diversity=0.2)
    found = compare_scenarios(tiny_artifacts, [evil], settings=SETTINGS)
    page = record_html(make_record(found, Author("<i>Ana</i>", "=1+1")))
    assert "<script>" not in page
    assert "<i>Ana" not in page
    assert "&lt;i&gt;Ana" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert 'src="' not in page
    for part in (
        "the ranker&#39;s order",
        "Guardrails",
        "Known limits",
        "What of people is used",
        "What reproduces it",
    ):
        assert part in page
