"""What the People page hands out, of a fitted service and without a page around it."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.people import item_reasons
from dashboard.people.person_view import person_view
from dashboard.people.portrait import genre_frame, genre_mix_of
from engine.rank_explanation import explain_ranks
from engine.scenario import Scenario

USER = 17


def view_of(artifacts, item):
    listed = np.asarray(artifacts.candidates[USER, :10])
    item_id = artifacts.items["item_id"].iloc[item]
    return person_view(artifacts, USER, Scenario(), listed, listed, item_id=item_id)


def test_the_reasons_of_a_rank_add_up_to_the_rankers_own_scores(tiny_artifacts, monkeypatch):
    monkeypatch.setattr(
        item_reasons.cached_people, "rank_parts", lambda user: explain_ranks(tiny_artifacts, user)
    )
    place, n = 4, int(tiny_artifacts.n_valid[USER])
    scores = np.asarray(tiny_artifacts.scores[USER, :n], float)
    frame = item_reasons.reasons_frame(
        view_of(tiny_artifacts, int(tiny_artifacts.candidates[USER, place]))
    )
    assert len(frame) == len(tiny_artifacts.manifest["feature_names"])
    parts = frame["score against the mean candidate"]
    assert parts.sum() == pytest.approx(scores[place] - scores.mean(), abs=1e-3)
    assert parts.abs().is_monotonic_decreasing


def test_an_item_that_is_no_candidate_has_no_reasons(tiny_artifacts):
    seen = int(tiny_artifacts.history.row(USER)[0])
    assert item_reasons.reasons_frame(view_of(tiny_artifacts, seen)).empty


def test_the_genre_mix_as_a_table_holds_whole_lists(tiny_artifacts):
    listed = np.asarray(tiny_artifacts.candidates[USER, :10])
    frame = genre_frame(genre_mix_of(tiny_artifacts, USER, listed, listed[::-1]))
    assert frame["list before"].sum() == pytest.approx(1)
    np.testing.assert_allclose(frame["list before"], frame["list now"], rtol=1e-6)
