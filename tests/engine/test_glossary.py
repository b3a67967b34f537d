"""The glossary holds every word of the registries, and every acronym is spelled."""

from __future__ import annotations

import re

import pytest

from engine.acronyms import ACRONYMS, acronyms_in, spelled
from engine.controls import FIELDS
from engine.glossary import KINDS, entries, found
from engine.metrics.registry import METRICS
from engine.pipeline.ranking.registry import ALONE
from engine.pipeline.retrieval.registry import SOURCES
from engine.terms.diversity_methods import DIVERSITY_METHODS

CAPITALS = re.compile(r"\b[A-Z][A-Za-z]?[A-Z*]+[A-Z0-9]*\b")


def test_every_metric_control_method_and_source_is_in_it_once():
    words = [(one.kind, one.word) for one in entries()]
    assert len(set(words)) == len(words)
    assert {kind for kind, _ in words} == {*KINDS}
    of = {kind: {word for found_kind, word in words if found_kind == kind} for kind in KINDS}
    assert of["Metrics"] == {metric.label for metric in METRICS.values()}
    assert len(of["Controls"]) == len(FIELDS)
    for control in FIELDS.values():
        assert any(word.startswith(control.label) for word in of["Controls"])
    assert of["Methods"] == {method.label for method in DIVERSITY_METHODS.values()}
    assert of["Sources of candidates"] == {source.label for source in SOURCES.values()}
    assert of["Rankers"] == {ranker.label for ranker in ALONE.values()}


@pytest.mark.parametrize("entry", entries(), ids=lambda one: f"{one.kind}: {one.word}")
def test_every_entry_says_something_and_ends_as_a_sentence(entry):
    assert entry.plain.strip().endswith((".", "%)."))
    assert "  " not in entry.plain


def test_every_acronym_in_a_name_is_spelled():
    names = [
        *(one.label for one in METRICS.values()),
        *(one.label for one in DIVERSITY_METHODS.values()),
        *(one.label for one in SOURCES.values()),
        *(one.label for one in ALONE.values()),
    ]
    used = {word for name in names for word in CAPITALS.findall(name)}
    assert used - {*ACRONYMS} == set()
    assert {"NDCG", "MMR", "ILD"} <= used


def test_an_acronym_inside_a_word_is_none():
    assert acronyms_in("MAPLE, map, alpha-NDCG") == ("NDCG",)
    assert spelled("NDCG and NDCG").count("cumulative") == 1


@pytest.mark.parametrize(
    ("words", "first"),
    [("ndcg", "NDCG"), ("intra-list", "Diversity (ILD)"), ("gini", "Gini of exposure")],
)
def test_what_is_looked_for_comes_first(words, first):
    assert found(words)[0].word == first
    assert all(one.holds(words) for one in found(words))


def test_nothing_is_found_for_what_is_not_there():
    assert found("no such word at all") == ()
