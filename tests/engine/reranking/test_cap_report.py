"""What caps do to an audience, against counting by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.reranking import cap_report, relevance_kept, rerank
from engine.scenario import Cap, Rule, Scenario
from tests.engine.reranking.worlds import make_world


@pytest.fixture(scope="module")
def world():
    return make_world(seed=40, n_users=60, n_candidates=12)


def test_binding_price_and_breaking_by_hand(world):
    caps = (Cap("genre", at_most=1, top=4), Cap("genre", "Drama", at_most=0, top=8))
    scenario = Scenario(k=8, diversity=0.2, caps=caps)
    lists = rerank(world, scenario)
    reports = cap_report(world, scenario, lists, metric=lambda x: relevance_kept(world, x))
    for index, report in enumerate(reports):
        others = rerank(world, replace(scenario, caps=(caps[1 - index],)))
        differs = [a.tolist() != b.tolist() for a, b in zip(others.items, lists.items, strict=True)]
        assert report.n_binding == sum(differs)
        assert report.share_binding == sum(differs) / 60
        gain = relevance_kept(world, others).astype(float) - relevance_kept(world, lists)
        assert report.price == pytest.approx(np.nanmean(gain))
        assert report.price_error == pytest.approx(np.std(gain, ddof=1) / np.sqrt(60))
        assert report.priced_at == pytest.approx(relevance_kept(world, lists).mean())
        assert report.n_priced == 60
        assert report.n_broken == (lists.relaxed[:, index] > 0).sum()
        assert report.n_short == 0


def test_the_first_setting_that_no_list_breaks(world):
    scenario = Scenario(k=8, caps=(Cap("genre", at_most=1, top=8),))
    (report,) = cap_report(world, scenario)
    assert report.n_broken > 0
    for at_most in range(2, 9):
        caps = (Cap("genre", at_most=at_most, top=8),)
        is_kept = not rerank(world, replace(scenario, caps=caps)).relaxed.any()
        assert is_kept == (at_most >= report.helps_at)
    assert np.isnan(report.price)


def test_a_loose_cap_needs_no_help_and_short_lists_are_counted(world):
    scenario = Scenario(
        k=12, caps=(Cap("genre", at_most=12, top=12),), rules=(Rule("hide", "genre", ("Drama",)),)
    )
    (report,) = cap_report(world, scenario)
    assert (report.n_binding, report.n_broken, report.helps_at) == (0, 0, None)
    has_drama = world.genre_matrix[:, 2][world.candidates].any(axis=1)
    assert report.n_short == has_drama.sum()
