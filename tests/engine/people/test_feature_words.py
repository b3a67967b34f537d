"""Every feature of the ranker has plain words, and adding up loses nothing."""

from __future__ import annotations

import numpy as np
import pytest

from engine.people.feature_words import OTHER, family_of, in_families
from engine.pipeline.retrieval.registry import SOURCES


def test_every_feature_of_a_fit_has_words(tiny_artifacts):
    unnamed = [
        name for name in tiny_artifacts.manifest["feature_names"] if family_of(name) == OTHER
    ]
    assert unnamed == []


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_has_words_also_where_it_is_an_option(source):
    assert family_of(f"{source} score") == family_of(f"{source} rank") != OTHER


def test_families_add_up_to_the_whole():
    names = ["als score", "als rank", "release year", "shoe size"]
    parts = np.array([[1.0, 2.0, 4.0, 8.0]])
    families, sums = in_families(names, parts)
    assert families == (
        "Matches their taste (factors)",
        "Its year, against the years they like",
        OTHER,
    )
    assert sums.tolist() == [[1.0 + 2.0, 4.0, 8.0]]


@pytest.mark.parametrize(
    ("feature", "word"),
    [("next_seen_20 rank", "next"), ("lift in age band", "groups"), ("liked share", "reputation")],
)
def test_words_of_a_feature(feature, word):
    assert word in family_of(feature)
