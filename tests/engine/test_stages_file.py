"""The stages of a fit as a file: what it changes, what the recipe says, and every refusal."""

from __future__ import annotations

import argparse
import json

import pytest

from engine.artifacts import open_artifacts
from engine.commands.fit_options import add_fit_options, config_of, kept_as
from engine.errors import DataError
from engine.fit import fit
from engine.fit_config import FitConfig, recipe_of
from engine.pipeline.serving import serving_of
from engine.stages_file import read_stages, with_stages
from tests.conftest import TINY_CONFIG


def asked(tmp_path, stages, *further):
    path = tmp_path / "stages.json"
    path.write_text(stages if isinstance(stages, str) else json.dumps(stages), "utf-8")
    parser = argparse.ArgumentParser()
    add_fit_options(parser)
    return config_of(parser.parse_args([f"--stages={path}", *further]))


def test_sources_rankers_and_settings_are_as_the_file_says_and_all_else_stays(tmp_path):
    config = asked(
        tmp_path,
        {
            "sources": {"bpr": True, "popular": 7, "next_seen_20": False, "ridge_last_3": 30},
            "rankers": ["listwise"],
            "candidates": 150,
            "settings": {"als": {"factors": 8}, "ranker": {"n_trees": 9, "learning_rate": 1}},
        },
        "--without=gender",
    )
    assert (config.rankers, config.n_candidates, config.without) == (
        ("listwise",),
        150,
        ("gender",),
    )
    assert (config.sources.als.factors, config.sources.als.alpha) == (8, 10.0)
    assert (config.ranker.n_trees, config.ranker.learning_rate) == (9, 1.0)
    usual, sources = recipe_of(FitConfig()).sources, recipe_of(config).sources
    changed = {name: depth for name, depth in sources.items() if usual.get(name) != depth}
    assert changed == {"bpr": 200, "popular": 7, "ridge_last_3": 30}
    assert usual.keys() - sources.keys() == {"next_seen_20"}


def test_a_file_that_asks_for_what_is_usual_changes_neither_recipe_nor_name(tmp_path):
    config = asked(tmp_path, {"sources": {"als": True}, "settings": {"ranker": {}}})
    assert config == FitConfig()
    assert kept_as("films", config) == "films"
    other = asked(tmp_path, {"settings": {"als": {"factors": 8}}})
    assert recipe_of(other).identity != recipe_of(config).identity
    assert kept_as("films", other).startswith("films@staged-")
    assert kept_as("films", asked(tmp_path, {"sources": {"bpr": True}})) == "films@with-bpr"


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ("[", "--stages: .*stages.json"),
        ([], "the file must be a JSON object with any of sources, rankers"),
        ({"source": {}}, "the file name 'source', which is not known; there are sources"),
        ({"sources": {"oracle": True}}, "sources name 'oracle', which is not known"),
        ({"sources": {"als": False}}, "als cannot be left out, .* give it a depth"),
        ({"sources": {"bpr": 2.5}}, "the depth of bpr must be a whole number from 1 to 1000"),
        ({"sources": {"bpr": "deep"}}, "the depth of bpr must be a whole number"),
        ({"rankers": "listwise"}, "rankers must be a list of logistic, listwise"),
        ({"rankers": ["listwise", "listwise"]}, "rankers must be different ones of"),
        ({"second": "third"}, "second must be one of .*got 'third'"),
        ({"candidates": 20}, "must be from 50 to 1000; got 20"),
        ({"settings": {"als": {"factor": 3}}}, "settings of als name 'factor'.* are factors"),
        ({"settings": {"als": {"factors": 2.5}}}, "factors of als must be a whole number from 0"),
        ({"settings": {"als": {"alpha": True}}}, "alpha of als must be a number from 0 on"),
        ({"settings": {"sasrec": {"dropout": 1}}}, r"`dropout` must be in \[0, 1\); got 1.0"),
        ({"settings": {"sasrec": {"heads": 3}}}, "`factors` must be a multiple of `heads`"),
        ({"settings": {"towers": {"rate": 0}}}, "`rate` must be above 0"),
    ],
)
def test_what_cannot_be_is_one_sentence(tmp_path, stages, said):
    with pytest.raises(DataError, match=said) as caught:
        asked(tmp_path, stages)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(DataError, match=r"nothing\.json cannot be read .*give a file of JSON"):
        read_stages(tmp_path / "nothing.json", FitConfig())


@pytest.mark.slow
def test_a_fit_of_such_a_file_has_these_stages_and_is_opened_again(tiny_data, tmp_path):
    pytest.importorskip("torch", reason="PyTorch is an extra: make setup NEURAL=1")
    quick = {"factors": 8, "length": 10, "epochs": 2, "threads": 1}
    stages = {
        "sources": {"sasrec": 40, "two_towers": True, "ease_seen_last_5": False},
        "settings": {"sasrec": quick, "towers": quick},
    }
    told = []
    config = with_stages(TINY_CONFIG, stages)
    folder = fit(tiny_data, tmp_path, config=config, on_stage=lambda *step: told.append(step))
    artifacts = open_artifacts(folder.parent)
    recipe = artifacts.manifest["recipe"]
    uses = {use["name"]: use["depth"] for use in recipe["sources"]}
    assert (uses["sasrec"], uses["two_towers"]) == (40, 200)
    assert "ease_seen_last_5" not in uses
    assert recipe["identity"] == recipe_of(config).identity
    assert {"sasrec score", "two_towers rank"} <= set(artifacts.manifest["feature_names"])
    assert "best after" in artifacts.manifest["metrics"]["models"]["sasrec"]["learned"]
    shares = [share for name, share in told if name == "Sources, whole history"]
    assert shares == sorted(shares)
    assert len(shares) > 20  # within the networks, too
    serving = serving_of(artifacts)
    assert serving.moment.retrieval.sources["sasrec"].config == config.sources.sasrec
