"""Whether a cap can be kept, against trying every set of a person's candidates."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from engine.reranking import cap_report, rerank
from engine.reranking.candidate_pool import pool_of
from engine.reranking.cap_room import capped_marks, no_room
from engine.scenario import Cap, Rule, Scenario
from tests.engine.reranking.worlds import make_world

CAPS = (
    Cap("genre", "Drama", at_most=0, top=3),
    Cap("genre", "Drama", at_most=1, top=5),
    Cap("provider", None, at_most=1, top=5),
    Cap("provider", "Bolt", at_most=0, top=8),
    Cap("genre", None, at_most=1, top=4),
    Cap("genre", None, at_most=0, top=2),
    Cap("genre", None, at_most=2, top=8),
)


def keeps(marks, cap, chosen):
    return (marks[list(chosen)].sum(axis=0) <= cap.at_most).all()


def cannot_by_trying(world, cap, k, is_hidden):
    """For whom no set of candidates that fills the places keeps the cap."""
    marks = capped_marks(pool_of(world), cap)
    out = []
    for row in world.candidates:
        live = [item for item in row if item >= 0 and not is_hidden[item]]
        n = min(cap.top, k, len(live))
        out.append(not any(keeps(marks, cap, chosen) for chosen in combinations(live, n)))
    return np.array(out)


@pytest.mark.parametrize("cap", CAPS)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_room_is_what_trying_every_set_finds(cap, seed):
    world = make_world(seed=seed, n_users=40, n_candidates=8, short_rows=True)
    is_hidden = np.arange(world.n_items) % 7 == 0
    found = no_room(pool_of(world), cap, 5, is_hidden)
    truth = cannot_by_trying(world, cap, 5, is_hidden)
    assert not (found & ~truth).any(), "nobody is reported who could keep it"
    if cap.kind == "provider" or cap.value is not None:
        assert (found == truth).all()
    elif cap.at_most < 2:  # where an item has several genres, proof is not always found
        assert found.sum() >= 0.7 * truth.sum()


def test_a_cap_that_nobody_can_keep_says_so():
    """Unsatisfiable caps were silent: lists broke them without a word."""
    world = make_world(seed=3, n_users=30, n_candidates=12)
    only_drama = replace(world, genre_matrix=np.eye(5, dtype=bool)[np.full(world.n_items, 2)])
    (report,) = cap_report(only_drama, Scenario(caps=(Cap("genre", None, 2, 5),)))
    assert report.n_impossible == report.n_broken == 30
    assert "cannot be kept in 100 %" in report.text


def test_a_cap_that_only_pins_break_cannot_be_kept():
    world = make_world(seed=3, n_users=30, n_candidates=20)
    scenario = Scenario(caps=(Cap("genre", "Drama", 0, 10),), rules=(Rule("pin", "item", ("i2",)),))
    (report,) = cap_report(world, scenario)
    lists = rerank(world, scenario)
    assert world.genre_matrix[2, 2]
    assert report.n_impossible == (lists.items[:, 0] == 2).sum() > 0


def test_a_cap_as_wide_as_its_places_binds_nowhere_and_says_so():
    world = make_world(seed=3)
    (report,) = cap_report(world, Scenario(k=5, caps=(Cap("genre", None, 5, 5),)))
    assert report.text == "Binds in no list."
