"""A fit with models for groups: what serves is what the fit made, and who may be asked for."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from engine.arrays import PAD
from engine.artifacts import open_artifacts
from engine.commands import fit as fit_command
from engine.commands.fit_options import arguments_of, config_of, kept_as
from engine.errors import ArtifactError, DataError
from engine.fit import fit
from engine.fit_config import FitConfig, recipe_of
from engine.fit_words import reading_sentences
from engine.group_words import group_lines
from engine.last_ranker import near_last
from engine.pipeline.report.fits import fit_row
from engine.pipeline.serving import serving_of
from engine.rank_explanation import explain_ranks
from engine.stages_file import read_stages, with_stages
from engine.what_if import what_if_candidates
from tests.conftest import TINY_CONFIG


@pytest.fixture(scope="module")
def grouped(tiny_groups_folder):
    return open_artifacts(tiny_groups_folder)


@pytest.fixture(scope="module")
def codes(grouped):
    place = list(grouped.attributes).index("age band")
    return np.asarray(grouped.user_groups)[:, place]


def own_codes(grouped):
    said = grouped.manifest["metrics"]["for_groups"]
    return {number: one["serves"] for number, one in enumerate(said["groups"]) if one["serves"]}


def test_the_manifest_says_who_has_a_model_what_it_closes_and_its_price(grouped):
    said = grouped.manifest["metrics"]["for_groups"]
    assert said["attribute"] == grouped.manifest["recipe"]["for_groups"] == "age band"
    assert sorted(own_codes(grouped).values()) == ["separate", "shrunk"]
    assert said["before"]["n"] == 120
    assert said["n_own"] == sum(one["n"] for one in said["groups"] if one["serves"])
    assert said["change"]["value"] == pytest.approx(
        said["after"]["value"] - said["before"]["value"]
    )
    for one in said["groups"]:
        assert {kind["kind"] for kind in one["tried"]} in (set(), {"shrunk", "separate"})
    assert grouped.manifest["timings"]["Models for groups"] > 0
    assert grouped.manifest["recipe"]["asked"]["config"]["for_groups"] == "age"


def test_everybody_outside_keeps_the_list_that_the_one_ranker_gives(grouped, tiny_artifacts, codes):
    outside = ~np.isin(codes, list(own_codes(grouped)))
    for name in ("candidates", "scores"):
        before, after = (np.asarray(getattr(a, name)) for a in (tiny_artifacts, grouped))
        np.testing.assert_array_equal(after[outside], before[outside])
    changed = (np.asarray(grouped.candidates) != np.asarray(tiny_artifacts.candidates)).any(axis=1)
    for code in own_codes(grouped):
        assert changed[codes == code].mean() > 0.5


def test_somebody_served_anew_gets_the_fits_own_list(grouped, codes):
    for code in (*own_codes(grouped), int(codes[~np.isin(codes, list(own_codes(grouped)))][0])):
        user = int(np.flatnonzero(codes == code)[0])
        found = what_if_candidates(grouped, user)
        np.testing.assert_array_equal(found.candidates, grouped.candidates[user])
        np.testing.assert_array_equal(found.scores, grouped.scores[user])


def test_reasons_add_up_to_the_score_of_the_groups_own_model(grouped, codes):
    for code in own_codes(grouped):
        long = np.asarray(grouped.fallback) == 0
        user = int(np.flatnonzero((codes == code) & long)[0])
        parts = explain_ranks(grouped, user)
        known = grouped.candidates[user] != PAD
        np.testing.assert_allclose(
            parts.sum(axis=1)[known], grouped.scores[user][known], rtol=1e-4, atol=1e-4
        )


def test_it_is_named_as_other_stages_are(grouped):
    assert (
        fit_row("tiny", grouped.manifest).ranker == "listwise, with models for groups of age band"
    )
    said = " ".join(reading_sentences(grouped.manifest))
    assert "models of their own for" in said
    assert "must be allowed to use that attribute" in said
    lines = group_lines(grouped.manifest)
    assert "person by person" in " ".join(lines)
    assert "to the last bit" in " ".join(lines)
    assert not any("fair" in line.casefold().split() for line in lines)


def test_a_fit_that_was_not_asked_says_nothing_of_it(tiny_artifacts):
    assert group_lines(tiny_artifacts.manifest) == []
    assert "for_groups" not in tiny_artifacts.manifest["recipe"]
    assert "for_groups" not in recipe_of(FitConfig()).config


def test_models_that_are_not_there_are_refused_as_unreadable(grouped):
    recipe = {**grouped.manifest["recipe"]}
    del recipe["for_groups"]
    other = dataclasses.replace(grouped, manifest={**grouped.manifest, "recipe": recipe})
    with pytest.raises(ArtifactError, match="its models cannot be opened"):
        serving_of(other)


@pytest.mark.parametrize(
    ("asked", "changes", "said"),
    [
        ("shoe size", {}, "by 'shoe size', which is none that divides these people; .*gender, age"),
        ("gender", {"without": ("gender",)}, "may not be read in this fit; .* read age band: name"),
        ("age", {"without": ("people-attributes",)}, "may read no attribute of people"),
        ("age", {"features": ("sources", "agreement", "item")}, "may not be read in this fit"),
        ("activity", {}, "is none that divides these people"),
    ],
)
def test_an_attribute_that_may_not_be_used_is_refused_in_a_sentence(
    tiny_data, tmp_path, asked, changes, said
):
    config = dataclasses.replace(TINY_CONFIG, for_groups=asked, **changes)
    with pytest.raises(DataError, match=said) as error:
        fit(tiny_data, tmp_path / "out", config=config)
    assert str(error.value).count("\n") == 0
    assert not (tmp_path / "out" / "CURRENT").exists()


def test_the_command_the_file_and_the_name_ask_for_it(tmp_path):
    import argparse

    parser = argparse.ArgumentParser()
    fit_command.add_arguments(parser)
    config = config_of(parser.parse_args(["--data=films", "--for-groups", "age band"]))
    assert config.for_groups == "age band"
    assert config_of(parser.parse_args(["--data=films", *arguments_of(config)])) == config
    assert kept_as("films", config) == "films@for-groups-of-age-band"
    path = tmp_path / "stages.json"
    path.write_text(json.dumps({"for_groups": "age band"}))
    assert read_stages(path, FitConfig()) == config
    assert with_stages(config, {"for_groups": False}) == FitConfig()
    with pytest.raises(DataError, match="for_groups must name an attribute of people"):
        with_stages(FitConfig(), {"for_groups": ["age band"]})


@pytest.mark.slow
def test_a_second_stage_stands_behind_models_of_groups(tiny_data, tmp_path, monkeypatch):
    pytest.importorskip("torch")
    at = "engine.pipeline"
    monkeypatch.setattr(f"{at}.ranking.group_table.best_clear", lambda _: "shrunk")
    monkeypatch.setattr(f"{at}.second.registry.pays", lambda _gain, _weight: True)
    monkeypatch.setattr(
        f"{at}.second.registry.weighed", lambda taught, scores: (1.0, taught.ndcg(scores))
    )
    stage = dataclasses.replace(TINY_CONFIG.second_stage, first=20, members=1, width=8, epochs=2)
    config = dataclasses.replace(TINY_CONFIG, for_groups="age", second="prm", second_stage=stage)
    artifacts = open_artifacts(fit(tiny_data, tmp_path / "out", config=config).parent)
    assert fit_row("tiny", artifacts.manifest).ranker.endswith("of age band, then prm")
    found = what_if_candidates(artifacts, 3)
    np.testing.assert_array_equal(found.candidates, artifacts.candidates[3])


@pytest.mark.slow
def test_a_new_fit_can_stay_near_one_with_models_of_groups(grouped, tiny_data, tmp_path):
    """The last ranker's word is that of each person's own model."""
    heard = []

    def near(training, _before, _stay):
        heard.append(near_last(training, grouped.folder.parent, 0.5))
        return heard[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.fit.near_last", near)
        config = dataclasses.replace(TINY_CONFIG, stay=0.5)
        fit(tiny_data, tmp_path / "out", config=config)
    (training,) = heard
    ranker = serving_of(grouped).ranker
    everybody = ranker.ranker.score(training.features, training.is_candidate)
    differs = (training.last != np.where(training.is_candidate, everybody, 0)).any(axis=1)
    own = np.isin(training.listed.groups[:, ranker.place], list(own_codes(grouped)))
    np.testing.assert_array_equal(differs, own)
