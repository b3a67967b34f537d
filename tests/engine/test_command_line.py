"""The command line: one sentence for errors, a table for a fit, nothing twice."""

import json
import shutil

import pandas as pd
import pytest

from engine.__main__ import main
from engine.artifacts import open_artifacts
from engine.commands.bars import StageBars
from engine.pipeline.retrieval.registry import SOURCES
from engine.pipeline.serving import serving_of
from tests.tiny_service import tiny_dataset


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of one's own data, and a home for what is made of it."""
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path / "home"))
    dataset = tiny_dataset(40, 60, 20)
    own = tmp_path / "own-data"
    own.mkdir()
    dataset.interactions.to_csv(own / "interactions.csv", index=False)
    dataset.items.to_csv(own / "items.csv", index=False)
    dataset.users.to_csv(own / "users.csv", index=False)
    return own


def test_fit_prints_the_quality_of_each_stage(folder, tmp_path, capsys):
    out = tmp_path / "fitted"
    assert main(["fit", "--data", str(folder), "--out", str(out), "--liked", "4"]) == 0
    printed = capsys.readouterr()
    quality = open_artifacts(out).manifest["metrics"]["quality"]
    for name in ("popularity", "matrix factorisation alone", "full pipeline"):
        line = next(line for line in printed.out.splitlines() if line.startswith(name))
        assert f"{quality[name]['ndcg_at_10']:.4f}" in line
        assert f"{quality[name]['recall_at_200']:.4f}" in line
    assert "Ranker" in printed.err


def test_a_source_that_was_asked_for_and_is_of_no_use_is_said_with_the_reason(
    folder, tmp_path, capsys, monkeypatch
):
    """Whether texts are worth it is seen before a model is needed: none is read here."""
    monkeypatch.setattr("engine.pipeline.text.extra.has_sentences", lambda: True)
    items = pd.read_csv(folder / "items.csv")
    items["title"] = items["item_id"]
    items["colour"] = "red"
    items.to_csv(folder / "items.csv", index=False)
    out = tmp_path / "fitted"
    arguments = ["fit", "--data", str(folder), "--out", str(out), "--liked", "4"]
    assert main([*arguments, "--with", "sentences"]) == 0
    printed = capsys.readouterr().out
    n = len(items)
    assert (
        f"The source sentences was left out: texts say too little: 0 % of {n} items have a text "
        in printed
    )
    assert "Read beside the title" not in printed
    assert "sentences" in open_artifacts(out).manifest["metrics"]["left_out"]


def test_free_text_that_is_read_is_said(folder, tmp_path, capsys):
    items = pd.read_csv(folder / "items.csv")
    items["about"] = [f"What number {n} says of itself in words" for n in range(len(items))]
    items.to_csv(folder / "items.csv", index=False)
    out = tmp_path / "fitted"
    assert main(["fit", "--data", str(folder), "--out", str(out), "--liked", "4"]) == 0
    said = "Read beside the title, as free text of items: `about`."
    assert said in capsys.readouterr().out
    assert said in open_artifacts(out).manifest["notes"]


def test_without_the_sentence_model_a_fit_that_asks_for_it_is_one_sentence(
    folder, capsys, monkeypatch
):
    monkeypatch.setattr("engine.pipeline.text.extra.has_sentences", lambda: False)
    assert main(["fit", "--data", str(folder), "--with", "sentences"]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert "The source sentences cannot be fitted: the sentence model is not installed" in said[0]
    assert "make setup TEXT=1" in said[0]


def test_prepare_fits_once_and_then_only_says_so(folder, capsys):
    assert main(["prepare", "--data", str(folder)]) == 0
    assert "full pipeline" in capsys.readouterr().out
    assert main(["prepare", "--data", str(folder)]) == 0
    again = capsys.readouterr()
    assert "is fitted already" in again.out
    assert "full pipeline" not in again.out
    assert not again.err


def test_prepare_fits_again_when_the_data_changed(folder, capsys):
    main(["prepare", "--data", str(folder)])
    capsys.readouterr()
    rows = (folder / "interactions.csv").read_text().splitlines()
    (folder / "interactions.csv").write_text("\n".join(rows[:-5]) + "\n")
    assert main(["prepare", "--data", str(folder)]) == 0
    assert "changed since it was fitted" in capsys.readouterr().out


def test_prepare_fits_again_when_the_pipeline_is_made_of_other_parts(folder, capsys, monkeypatch):
    main(["prepare", "--data", str(folder)])
    capsys.readouterr()
    fewer = {name: record for name, record in SOURCES.items() if name != "content"}
    monkeypatch.setattr("engine.pipeline.retrieval.registry.SOURCES", fewer)
    assert main(["prepare", "--data", str(folder)]) == 0
    said = "was made with other sources of candidates (gone: content); fitting again."
    assert said in capsys.readouterr().out


def test_prepare_fits_again_for_another_threshold_of_liked(folder, capsys):
    main(["prepare", "--data", str(folder), "--liked", "4"])
    capsys.readouterr()
    asked = ["prepare", "--data", str(folder), "--liked", "3"]
    assert main(asked) == 0
    printed = capsys.readouterr().out
    assert "was fitted with values from 4.0 on as liked, not from 3.0; fitting again." in printed
    assert "full pipeline" in printed
    assert main(asked) == 0
    assert "is fitted already" in capsys.readouterr().out


def test_a_fit_of_other_sources_and_rankers_stands_beside_the_usual_one(folder, tmp_path):
    choices = ["--with", "bm25_together", "--rankers", "logistic", "--quotas", "ease:30,content:5"]
    assert main(["fit", "--data", str(folder), *choices]) == 0
    (kept,) = (tmp_path / "home" / ".artifacts").iterdir()
    assert kept.name.endswith("@with-bm25_together@ranked-by-logistic@keeping-content-5+ease-30")
    artifacts = open_artifacts(kept)
    uses = {use["name"]: use for use in artifacts.manifest["recipe"]["sources"]}
    assert uses["bm25_together"]["depth"] == 200
    assert (uses["ease"]["quota"], uses["content"]["quota"], uses["als"]["quota"]) == (30, 5, 0)
    assert artifacts.manifest["recipe"]["ranker"] == "logistic"
    served = serving_of(artifacts).moment.retrieval
    assert [use.quota for use in served.uses if use.name == "ease"] == [30]


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        (["--with", "als"], "'als' is no optional source of candidates; there are"),
        (["--rankers", "best"], "'best', which is no ranker; there are logistic, listwise"),
        (["--quotas", "ease"], "--quotas needs SOURCE:PLACES, as ease:20; got 'ease'."),
        (["--quotas", "ease:150,als:51"], "at most the 200 candidates together"),
        (["--quotas", "bpr:5"], "'bpr', which is no source of this fit"),
    ],
)
def test_a_choice_that_there_is_not_is_a_sentence(folder, capsys, choices, said):
    assert main(["fit", "--data", str(folder), *choices]) == 2
    assert said in capsys.readouterr().err


def test_fits_of_both_splits_and_without_attributes_stand_side_by_side(folder, tmp_path, capsys):
    ways = (
        [],
        ["--split", "one-moment"],
        ["--without", "gender"],
        ["--split", "one-moment", "--without", "gender,age"],
    )
    said = []
    for way in ways:
        assert main(["prepare", "--data", str(folder), *way]) == 0
        said.append(capsys.readouterr().out)
        assert "full pipeline" in said[-1]
    assert "Split: per person." in said[0]
    assert "Split: one moment." in said[1]
    assert "The ranker reads gender, age band, together" in said[0]
    assert "The ranker reads age band, together" in said[2]
    assert "The ranker reads no attribute of people (fitted without gender, age)." in said[3]
    kept = [path.name for path in (tmp_path / "home" / ".artifacts").iterdir()]
    assert len(kept) == len(ways)
    for way in ways:
        assert main(["prepare", "--data", str(folder), *way]) == 0
        assert "is fitted already" in capsys.readouterr().out


def test_reads_says_what_the_ranker_reads(folder, capsys):
    assert main(["prepare", "--data", str(folder), "--split", "one-moment"]) == 0
    capsys.readouterr()
    assert main(["reads", "--data", f"{folder}@one-moment"]) == 0
    printed = capsys.readouterr().out
    assert "The ranker reads gender, age band, together" in printed
    assert "With another value of gender and everything else equal" in printed
    assert "95 % interval" in printed


def test_prepare_fits_again_when_the_split_asked_for_differs(folder, tmp_path, capsys):
    asked = ["prepare", "--data", str(folder)]
    main(asked)
    made = next((tmp_path / "home" / ".artifacts").iterdir())
    made.rename(made.with_name(f"{made.name}@one-moment"))
    capsys.readouterr()
    assert main([*asked, "--split", "one-moment"]) == 0
    printed = capsys.readouterr().out
    assert "was fitted with the split per person, not one moment; fitting again." in printed


def test_folders_of_one_name_do_not_share_a_fit(folder, tmp_path, capsys):
    twin = shutil.copytree(folder, tmp_path / "elsewhere" / folder.name)
    for own in (folder, twin):
        assert main(["prepare", "--data", str(own)]) == 0
        assert "full pipeline" in capsys.readouterr().out
    for own in (folder, twin):
        assert main(["prepare", "--data", str(own)]) == 0
        assert "is fitted already" in capsys.readouterr().out


def test_an_error_of_the_input_is_one_sentence_and_status_2(tmp_path, capsys):
    assert main(["fit", "--data", str(tmp_path / "nothing-here")]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("error: ")
    assert "Traceback" not in printed.err
    assert not printed.out


def test_help_lists_the_commands(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert "fit" in text
    assert "prepare" in text


def test_bars_end_at_their_total_even_when_told_late(capsys):
    with StageBars() as bars:
        bars("one", 0.0)
        bars("one", 0.4)
        bars("two", 0.0)
        bars("one", 1.0)
        bars("two", 1.5)
    assert "100 %" in capsys.readouterr().err


def test_a_first_prepare_says_what_it_costs_and_never_to_run_what_it_runs(folder, capsys):
    assert main(["prepare", "--data", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "is not fitted yet" in printed
    assert "No fitted pipeline" not in printed
    assert "Ctrl+C stops it" in printed
    assert "liked where its value is" in printed


def test_what_was_done_to_the_data_is_printed_and_in_the_json(folder, tmp_path, capsys):
    rows = (folder / "interactions.csv").read_text().splitlines()
    fields = rows[1].split(",")
    fields[rows[0].split(",").index("timestamp")] = "2198-01-01"
    (folder / "interactions.csv").write_text("\n".join([rows[0], ",".join(fields), *rows[2:]]))
    assert main(["fit", "--data", str(folder), "--liked", "3"]) == 0
    printed = capsys.readouterr().out
    assert "value is 3 or more (as asked for)" in printed
    assert "Left out: 1 row of interactions.csv (`timestamp`): a time far from all" in printed
    out = tmp_path / "out.json"
    assert main(["evaluate", "--data", str(folder), "--json", str(out)]) == 0
    assert "Liked: values from 3 on." in capsys.readouterr().out
    said = json.loads(out.read_text())["fit"]
    assert said["liked_threshold"] == 3.0
    assert any("3 or more" in note for note in said["notes"])
    assert said["drops"][0]["n_rows"] == 1


def test_a_hundred_and_twenty_genres_can_be_fitted_and_evaluated(folder, capsys):
    items = pd.read_csv(folder / "items.csv")
    items["genres"] = [f"tag{n % 120}|tag{n * 7 % 120}" for n in range(len(items))]
    items.loc[:59, "genres"] = [f"tag{2 * n}|tag{2 * n + 1}" for n in range(60)]
    items.to_csv(folder / "items.csv", index=False)
    assert main(["prepare", "--data", str(folder)]) == 0
    scenario = folder / "capped.json"
    cap = {"kind": "genre", "value": None, "at_most": 1, "top": 5}
    scenario.write_text(json.dumps({"caps": [cap], "diversity": 0.2}))
    capsys.readouterr()
    assert main(["evaluate", "--data", str(folder), "--scenario", str(scenario)]) == 0
    assert "NDCG" in capsys.readouterr().out


def test_help_has_no_marks_of_markup(capsys):
    for words in (["--help"], ["fit", "--help"], ["prepare", "--help"], ["evaluate", "--help"]):
        with pytest.raises(SystemExit):
            main(words)
        assert "``" not in capsys.readouterr().out
