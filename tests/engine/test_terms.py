"""One record a term: the scenario's fields, its file, links, ledger, effort and notes follow it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, replace

import numpy as np
import pytest

from dashboard.people.item_moves import PART_LOOKS
from dashboard.session import KEYS
from engine.controls import CONTROLS, FIELDS, Choice, Named
from engine.errors import ScenarioError
from engine.reranking import effective_weights, effort_curve, inert_reasons, prepare, rerank
from engine.reranking.ledger import PARTS
from engine.reranking.person import Person
from engine.scenario import Scenario
from engine.terms import IN_SUM, TERMS, WEIGHTS, WITH_EFFORT
from engine.terms.diversity_methods import DIVERSITY_METHODS, METHOD_CODES, OFF
from tests.engine.reranking.worlds import make_world


def test_the_fields_of_a_scenario_are_the_records():
    own = [field.name for field in fields(Scenario)]
    assert sorted(own) == sorted(["name", *FIELDS, "caps", "rules"])
    assert own[-2:] == ["caps", "rules"]
    for name, control in FIELDS.items():
        assert getattr(Scenario(), name) == control.default
        assert KEYS[name] == control.key


def test_a_scenario_file_keeps_its_order():
    """Files, and what is derived from their text, stay as they were."""
    assert list(Scenario().to_dict()) == [
        "version",
        "name",
        "k",
        "diversity",
        "diversity_method",
        "likeness",
        "likeness_mix",
        "diversity_window",
        "freshness",
        "half_life_days",
        "item_fairness",
        "item_fairness_method",
        "item_fairness_group",
        "item_fairness_target",
        "fair_star_alpha",
        "people_fairness",
        "people_attribute",
        "calibration",
        "popularity_penalty",
        "finished",
        "bought",
        "shared",
        "came_back",
        "caps",
        "rules",
    ]


@pytest.mark.parametrize("name", [n for n, c in FIELDS.items() if isinstance(c, Named)])
def test_a_name_that_no_data_set_could_have_is_refused_by_name(name):
    for bad in (3, "\ud800", "x" * 400, *(["genre"] if FIELDS[name].prefixes else [])):
        with pytest.raises(ScenarioError, match=f"`{name}` of the scenario must be .*; got "):
            Scenario.from_dict({name: bad})


def test_parts_of_the_ledger_and_their_colours_are_the_records():
    of_terms = [term.part.name for term in TERMS.values() if term.part]
    assert ("relevance", *of_terms, "boost", "cap", "pin", "hide") == PARTS
    assert set(PART_LOOKS) == set(PARTS)
    in_sum = [PART_LOOKS[part] for part in ("relevance", *of_terms)]
    assert len(set(in_sum)) == len(in_sum)  # no two terms look alike


def test_effective_weights_are_of_the_terms_that_add_up():
    shares = effective_weights(Scenario(**dict.fromkeys(WEIGHTS, 0.5)))
    assert set(shares) == {"relevance", *(n for n, term in TERMS.items() if term.part)}
    assert sum(shares.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("term", IN_SUM, ids=lambda term: term.name)
def test_a_term_lies_between_minus_one_and_one_and_moves_lists(term):
    world = make_world(seed=5, n_users=30)
    scenario = Scenario(k=8, **{term.name: 1.0})
    person = Person(prepare(world, scenario), 3)
    values = person.unweighted(term, [0, 2])
    assert values.shape == (len(person.items),)
    assert (np.abs(values) <= 1.0).all()
    assert np.ptp(values) > 0.0
    assert (rerank(world, scenario).items != rerank(world, Scenario(k=8)).items).any()


@pytest.mark.parametrize("name", [name for name in WEIGHTS if name not in WITH_EFFORT])
def test_a_weight_without_effort_of_its_own_is_refused(name):
    with pytest.raises(ScenarioError, match=f"'{name}' has no effort of its own"):
        effort_curve(make_world(n_users=5), Scenario(), name)


def test_finer_controls_belong_to_one_term_and_matter_to_it_alone():
    finer = [control.name for term in TERMS.values() for control in term.finer]
    assert len(finer) == len(set(finer))
    world = make_world(n_users=20)
    for term in TERMS.values():
        for control in term.finer:
            if isinstance(control, Choice):
                others = [replace(Scenario(k=5), **{control.name: w}) for w in control.options]
                lists = {rerank(world, other).items.tobytes() for other in others}
                assert len(lists) == 1  # no finer control does anything at weight 0


def test_options_and_codes_of_the_method_are_the_records():
    control = CONTROLS["diversity_method"]
    assert isinstance(control, Choice)
    assert control.options == {
        name: f"{method.label}: {method.help}" for name, method in DIVERSITY_METHODS.items()
    }
    assert sorted([OFF, *METHOD_CODES.values()]) == list(range(len(DIVERSITY_METHODS) + 1))


@pytest.mark.parametrize("name", DIVERSITY_METHODS)
def test_a_method_starts_at_one_exactly_where_its_record_says(name):
    world = make_world(seed=2, n_users=6)
    plan = prepare(world, Scenario(diversity=0.5, diversity_method=name))
    first = Person(plan, 0).unweighted(TERMS["diversity"], [])
    assert bool((first == 1.0).all()) == DIVERSITY_METHODS[name].starts_at_one


def test_notes_name_the_methods_that_the_records_mean(tiny_artifacts, monkeypatch):
    note = inert_reasons(tiny_artifacts, Scenario(diversity=0.3))["diversity_window"]
    assert note == "Only DPP and SSD have a window."
    msd = replace(DIVERSITY_METHODS["msd"], has_window=True)
    monkeypatch.setitem(DIVERSITY_METHODS, "msd", msd)
    note = inert_reasons(tiny_artifacts, Scenario(diversity=0.3))["diversity_window"]
    assert note == "Only MSD and DPP and SSD have a window."


def test_a_method_without_a_branch_of_the_kernel_fails_at_import():
    words = (
        "from engine.terms import diversity_methods as known\n"
        "known.DIVERSITY_METHODS['novel'] = known.DIVERSITY_METHODS['mmr']\n"
        "known.METHOD_CODES['novel'] = 9\n"
        "import engine.reranking.kernel.diversity\n"
    )
    run = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True)
    assert "ImportError: The diversity method novel needs both a record" in run.stderr
