"""Choices of the model on the page are those of the command that fits them."""

from __future__ import annotations

import argparse
import dataclasses

import pytest

from dashboard.pipeline.choices_panel import chosen_fit, command_of
from engine.commands.fit_options import add_fit_options, config_of, kept_as
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
    assert config_of(parser.parse_args(command_of(config))) == config
    assert config.sources.options == tuple(sources)
    assert dict(config.sources.quotas) == (dict.fromkeys(sources, places) if places else {})
    name = kept_as("films", config)
    assert ends in name
    assert (name == "films") == (config == FitConfig())


def test_the_split_and_what_is_not_read_stay(tiny_artifacts):
    manifest = {**tiny_artifacts.manifest, "without": ["gender", "city, state"]}
    manifest["split"] = {**manifest["split"], "name": "one moment"}
    artifacts = dataclasses.replace(tiny_artifacts, manifest=manifest)
    config = chosen_fit(artifacts, [], [], 0)
    parser = argparse.ArgumentParser()
    add_fit_options(parser)
    again = config_of(parser.parse_args(command_of(config)))
    assert again == config
    assert (again.split, again.without) == ("one moment", ("gender", "city, state"))
