"""People held back on purpose: what is known of them is what they are served by, and no more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arrays import Ragged
from engine.pipeline.report import cold_moment, cold_start
from engine.pipeline.report.cold_moment import COLD_LENGTHS
from engine.pipeline.report.cold_start import cold_start_curve, held_back, last_of
from tests.engine.pipeline.retrieval.history_makers import random_histories


@settings(max_examples=30)
@given(seed=st.integers(0, 1000), n=st.integers(0, 15))
def test_the_last_interactions_are_the_last_ones(seed, n):
    histories = random_histories(seed=seed)
    kept = last_of(histories, n)
    for person in range(histories.n_people):
        whole = histories.seen.row(person).tolist()
        assert kept.seen.row(person).tolist() == whole[max(len(whole) - n, 0) :]
    assert len(kept.day) == len(kept.is_liked) == len(kept.seen.indices)


@pytest.fixture(scope="module")
def curve(tiny_artifacts):
    return cold_start_curve(tiny_artifacts)


def test_each_length_is_measured_on_the_same_people(curve, tiny_artifacts):
    people = held_back(tiny_artifacts)
    assert [one.known for one in curve] == [*COLD_LENGTHS, -1]
    assert {one.ndcg.n for one in curve} == {len(people)}
    assert len(people) == tiny_artifacts.n_users // 5
    assert (tiny_artifacts.history.lengths()[people] >= 10).all()
    for one in curve:
        assert one.gain.value == pytest.approx(one.ndcg.value - one.popularity.value)
        assert one.leans == (0 <= one.known < 10)
        assert one.popularity == curve[0].popularity


def test_somebody_of_whom_nothing_is_known_gets_what_is_popular(curve):
    """Their candidates are led by what is popular lately; their order is by likes."""
    assert abs(curve[0].gain.value) < 0.02


def test_the_people_asked_about_teach_nothing(tiny_artifacts, monkeypatch):
    audiences = []
    make = cold_moment.make_moment
    monkeypatch.setattr(
        cold_moment,
        "make_moment",
        lambda audience, *a, **k: audiences.append(audience) or make(audience, *a, **k),
    )
    shown = []
    serve = cold_moment.serve_block
    monkeypatch.setattr(
        cold_moment,
        "serve_block",
        lambda m, r, known, c: shown.append(known) or serve(m, r, known, c),
    )
    cold_start_curve(tiny_artifacts, lengths=(2,))
    people = held_back(tiny_artifacts)
    assert audiences[0].n_people == tiny_artifacts.n_users - len(people)
    total = tiny_artifacts.history.lengths()
    assert len(audiences[0].seen.indices) == total.sum() - total[people].sum()
    assert (shown[0].seen.lengths() == 2).all()
    for row, person in enumerate(people):
        assert shown[0].seen.row(row).tolist() == tiny_artifacts.history.row(person)[-2:].tolist()


def test_a_list_is_measured_without_what_was_met_before():
    histories = random_histories(n_people=1, n_items=20, longest=6, seed=3)
    met = histories.seen.row(0)
    free = np.setdiff1d(np.arange(20), met)
    rows = np.concatenate([met, free[:3], [-1]])[None].astype(np.int32)
    found = cold_start._ndcg(rows, histories, Ragged.from_rows([[int(free[0])]]))
    assert found.tolist() == [1.0]
