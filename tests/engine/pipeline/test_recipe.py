import dataclasses

from engine.fit_config import FitConfig, recipe_of
from engine.pipeline.recipe import difference


def test_the_same_settings_are_the_same_recipe_and_others_are_not():
    recipe = recipe_of(FitConfig())
    assert recipe.identity == recipe_of(FitConfig()).identity
    assert recipe_of(FitConfig(seed=1)).identity == recipe.identity  # another draw, no other recipe
    assert recipe_of(FitConfig(features=("sources", "agreement"))).identity != recipe.identity


def test_a_fit_of_this_recipe_differs_in_nothing():
    recipe = recipe_of(FitConfig())
    assert difference(recipe.as_dict(), recipe) == ""


def test_what_differs_is_named():
    now = recipe_of(FitConfig())
    sources = {name: depth for name, depth in now.sources.items() if name != "directed_ridge"}
    before = dataclasses.replace(now, sources={**sources, "oracle": 100, "als": 50})
    assert difference(before.as_dict(), now) == (
        "was made with other sources of candidates "
        "(new: directed_ridge; gone: oracle; changed: als)"
    )
    fewer = dataclasses.replace(now, features=now.features[1:])
    assert "other features of the ranker (new: sources)" in difference(fewer.as_dict(), now)
    wider = recipe_of(FitConfig(n_candidates=300))
    said = "was made with other settings (changed: n_candidates)"
    assert difference(wider.as_dict(), now) == said


def test_an_older_meaning_of_the_same_names_is_another_recipe():
    now = recipe_of(FitConfig())
    assert "the pipeline's meaning" in difference({**now.as_dict(), "version": 1}, now)
