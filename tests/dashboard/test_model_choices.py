"""Choices of the model on the page are those of the command that fits them."""

from __future__ import annotations

import argparse
import dataclasses

import pytest

from dashboard.pipeline.choices_panel import _lacking, chosen_fit, fit_arguments, source_words
from dashboard.pipeline.group_panel import readable_names
from engine.commands import fit
from engine.commands.fit_options import add_fit_options, arguments_of, config_of, kept_as
from engine.errors import DataError
from engine.fit_config import FitConfig


@pytest.mark.parametrize(
    ("sources", "rankers", "places", "ends"),
    [
        ([], ["logistic", "listwise"], 0, ""),
        (["bpr"], ["listwise", "logistic"], 0, "@with-bpr"),
        (["bpr", "similar_people"], ["pointwise"], 7, "@ranked-by-pointwise@keeping-bpr-7+"),
        ([], [], 0, ""),
    ],
)
def test_the_command_asks_for_what_was_chosen(tiny_artifacts, sources, rankers, places, ends):
    config = chosen_fit(tiny_artifacts, sources, rankers, places)
    parser = argparse.ArgumentParser()
    add_fit_options(parser)
    assert config_of(parser.parse_args(arguments_of(config))) == config
    assert config.sources.options == tuple(sources)
    assert dict(config.sources.quotas) == (dict.fromkeys(sources, places) if places else {})
    name = kept_as("films", config)
    assert ends in name
    assert (name == "films") == (config == FitConfig())


def test_the_second_stage_is_in_the_command_and_in_the_name(tiny_artifacts):
    config = chosen_fit(tiny_artifacts, [], [], 0, "prm")
    parser = argparse.ArgumentParser()
    add_fit_options(parser)
    assert config_of(parser.parse_args(arguments_of(config))) == config
    assert config.second == "prm"
    assert kept_as("films", config) == "films@then-prm"


def test_the_attribute_of_models_for_groups_is_in_the_command_and_in_the_name(tiny_artifacts):
    config = chosen_fit(tiny_artifacts, [], [], 0, for_groups="age band")
    parser = argparse.ArgumentParser()
    add_fit_options(parser)
    assert config_of(parser.parse_args(arguments_of(config))) == config
    assert config.for_groups == "age band"
    assert kept_as("films", config) == "films@for-groups-of-age-band"


@pytest.mark.parametrize(
    ("without", "readable"),
    [
        ((), ("gender", "age band")),
        (("Age",), ("gender",)),
        (("age_band", "gender"), ()),
        (("people-attributes",), ()),
    ],
)
def test_no_attribute_is_offered_that_a_fit_may_not_read(tiny_artifacts, without, readable):
    """Nor what people's histories say of them, which is no attribute of theirs."""
    manifest = {**tiny_artifacts.manifest, "without": list(without)}
    assert readable_names(dataclasses.replace(tiny_artifacts, manifest=manifest)) == readable


def test_features_that_are_left_out_are_not_in_the_fit_asked_for(tiny_artifacts):
    config = chosen_fit(tiny_artifacts, [], [], 0, features=["item", "moment"])
    assert config.features == ("sources", "agreement", "item", "moment")
    parser = argparse.ArgumentParser()
    add_fit_options(parser)
    assert config_of(parser.parse_args(arguments_of(config))) == config
    assert kept_as("films", config) == "films@reading-agreement+item+moment+sources"


@pytest.mark.parametrize("names", ["item", "sources,agreement,shoe size"])
def test_features_that_are_none_are_refused_in_a_sentence(names):
    parser = argparse.ArgumentParser()
    add_fit_options(parser)
    with pytest.raises(DataError, match=r"`features` of FitConfig must be among sources, "):
        config_of(parser.parse_args([f"--features={names}"]))


def test_the_split_and_what_is_not_read_stay(tiny_artifacts):
    manifest = {**tiny_artifacts.manifest, "without": ["gender", "city, state"]}
    manifest["split"] = {**manifest["split"], "name": "one moment"}
    artifacts = dataclasses.replace(tiny_artifacts, manifest=manifest)
    config = chosen_fit(artifacts, [], [], 0)
    parser = argparse.ArgumentParser()
    add_fit_options(parser)
    again = config_of(parser.parse_args(arguments_of(config)))
    assert again == config
    assert (again.split, again.without) == ("one moment", ("gender", "city, state"))


def test_what_nobody_is_offered_stays_out_of_a_fit_of_other_choices(tiny_artifacts, tmp_path):
    """A fit from the page offered what the fit beside it had blocked."""
    given = {"blocked": ["f1", "f2"], "near_duplicates": 0.8, "moderation": ["word:war, peace"]}
    config = {**tiny_artifacts.manifest["config"], "filters": given}
    artifacts = dataclasses.replace(
        tiny_artifacts, manifest={**tiny_artifacts.manifest, "config": config}
    )
    chosen = chosen_fit(artifacts, ["bpr"], [], 0)
    assert chosen.filters.blocked == ("f1", "f2")
    ids = tmp_path / "blocked.txt"
    ids.write_text("f1\nf2", encoding="utf-8")
    parser = argparse.ArgumentParser()
    add_fit_options(parser)
    assert config_of(parser.parse_args(arguments_of(chosen, blocked=ids))) == chosen
    assert "@filtered-" in kept_as("films", chosen)


@pytest.mark.parametrize(("liked", "seed"), [(3.5, 0), (0.1, 7), (-1.0, 3)])
def test_what_counts_as_liked_and_the_seed_stay_in_a_fit_of_other_choices(
    tiny_artifacts, liked, seed
):
    """A fit from the page went back to the usual threshold of what is liked."""
    config = {**tiny_artifacts.manifest["config"], "seed": seed}
    manifest = {**tiny_artifacts.manifest, "config": config, "liked_threshold": liked}
    artifacts = dataclasses.replace(tiny_artifacts, manifest=manifest)
    chosen = chosen_fit(artifacts, ["bpr"], [], 0)
    parser = argparse.ArgumentParser()
    fit.add_arguments(parser)
    asked = parser.parse_args(["--data=films", *fit_arguments(artifacts, chosen, None)])
    assert (asked.liked, asked.seed) == (liked, seed)
    assert config_of(asked) == chosen


def test_what_needs_pytorch_is_named_so_where_it_is_not_here(monkeypatch):
    monkeypatch.setattr("engine.pipeline.retrieval.registry.has_torch", lambda: False)
    assert source_words("sasrec").endswith("(SASRec) (needs PyTorch, which is not here)")
    assert "PyTorch" not in source_words("bpr")
    monkeypatch.setattr("engine.pipeline.retrieval.registry.has_torch", lambda: True)
    assert source_words("sasrec").endswith("(SASRec)")


def test_what_needs_the_sentence_model_is_named_so_and_each_lack_has_its_own_sentence(monkeypatch):
    registry = "engine.pipeline.retrieval.registry"
    monkeypatch.setattr(f"{registry}.has_sentences", lambda: False)
    monkeypatch.setattr(f"{registry}.has_torch", lambda: False)
    said = source_words("sentences")
    assert said == (
        "texts of like meaning (sentence model) (needs the sentence model, which is not here)"
    )
    lacking = _lacking(["bpr", "sentences", "sasrec"], [])
    assert list(lacking.values()) == [
        ["texts of like meaning (sentence model)"],
        [source_words("sasrec").removesuffix(" (needs PyTorch, which is not here)")],
    ]
    assert ["TEXT=1" in missing for missing in lacking] == [True, False]
    monkeypatch.setattr(f"{registry}.has_sentences", lambda: True)
    assert source_words("sentences") == "texts of like meaning (sentence model)"
