"""Exposure by item group, each formula written out over people, places and items."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from engine.errors import ScenarioError
from engine.metrics.audience import describe
from engine.metrics.exposure_shares import exposure_shares
from engine.metrics.item_group_exposure import FORMULAS, group_exposure, item_group_figures
from engine.metrics.item_groups import popularity_bands
from engine.metrics.rank_weights import attention_weights
from engine.metrics.registry import AUDIENCE_METRICS, METRICS
from engine.metrics.targets import group_shares
from engine.metrics.user_matrix import measure
from tests.engine.metrics.random_service import random_artifacts

K = 8


@pytest.fixture(scope="module")
def artifacts():
    return random_artifacts(150, 40, n_held=6, seed=8)


@pytest.fixture(scope="module")
def audience(artifacts):
    return describe(artifacts)


@pytest.fixture(scope="module")
def lists(artifacts):
    """Every third list from the top of the candidates, the others from further down."""
    rows = np.arange(150)[:, None] % 3 == 0
    return np.where(rows, artifacts.candidates[:, :K], artifacts.candidates[:, 6 : 6 + K])


@pytest.fixture(scope="module")
def measured(audience, lists):
    return measure(audience, lists)


class Group:
    """Sums of one group of items, counted pair by pair."""

    def __init__(self, artifacts, lists, weight_of):
        weights = attention_weights("log", K)
        self.attention = self.clicks = self.slots = self.hits = self.held = self.unseen = 0.0
        self.size = sum(weight_of(i) for i in range(artifacts.n_items))
        for user in range(artifacts.n_users):
            held = {int(i) for i in artifacts.holdout.row(user)}
            past = {int(i) for i in artifacts.history.row(user)}
            self.held += sum(weight_of(i) for i in held)
            self.unseen += sum(weight_of(i) for i in range(artifacts.n_items) if i not in past)
            for place, item in enumerate(lists[user]):
                if item < 0:
                    continue
                share = weight_of(int(item))
                self.attention += weights[place] * share
                self.slots += share
                if item in held:
                    self.clicks += weights[place] * share
                    self.hits += share


def membership(artifacts, audience, name):
    """One function per group: how much of an item belongs to it."""
    if name == "genre":
        own = [set(np.flatnonzero(row)) for row in artifacts.genre_matrix]
        functions = [
            lambda i, g=g: (g in own[i]) / len(own[i]) if own[i] else 0.0
            for g in range(artifacts.genre_matrix.shape[1])
        ]
        return [*functions, lambda i: float(not own[i])]
    codes = audience.item_groups[name].codes
    return [lambda i, c=c: float(codes[i] == c) for c in range(audience.item_groups[name].n_groups)]


def literal(groups, target):
    total = sum(g.attention for g in groups)
    share = [g.attention / total for g in groups]

    def least_over_most(rates):
        return min(rates) / max(rates)

    def spread(rates):
        return np.std(rates) / np.mean(rates)

    wanted = [g for g in groups if g.held > 0]
    by_need = sorted(range(len(groups)), key=lambda c: share[c] / target[c])
    return {
        "exposure_divergence": sum(e * log(e / t) for e, t in zip(share, target, strict=True) if e),
        "exposure_parity": least_over_most([g.attention / g.size for g in groups]),
        "disparate_treatment": least_over_most([g.attention / g.held for g in wanted]),
        "disparate_impact": least_over_most([g.clicks / g.held for g in wanted]),
        "rank_parity_spread": spread([g.slots / g.unseen for g in groups]),
        "equal_opportunity_spread": spread([g.hits / g.held for g in wanted]),
        "max_min_exposure": min(e / t for e, t in zip(share, target, strict=True)),
        "worst_half_exposure": sum(share[c] for c in by_need[: len(groups) // 2]),
    }


@pytest.mark.parametrize("target", ["catalogue", "history", "merit"])
@pytest.mark.parametrize("name", ["popularity_band", "head_tail", "genre", "provider", "decade"])
def test_each_figure_is_its_formula(name, target, artifacts, audience, lists, measured):
    grouping = audience.item_groups[name]
    shares = group_shares(audience, grouping, target)
    assert shares.sum() == pytest.approx(1)
    if (shares == 0).any():
        pytest.skip("a group without any target has no ratio to it")
    groups = [Group(artifacts, lists, own) for own in membership(artifacts, audience, name)]
    expected = literal(groups, shares)
    found = item_group_figures(group_exposure(measured.blocks, grouping, shares))[0]
    assert dict(zip(FORMULAS, found, strict=True)) == pytest.approx(expected, rel=1e-9)


def test_the_registry_names_them():
    assert set(FORMULAS) < set(AUDIENCE_METRICS)
    assert all(METRICS[name].scope == "audience" for name in FORMULAS)


def test_shares_of_exposure_have_intervals_and_a_paired_change(audience, measured, artifacts):
    before = measure(audience, artifacts.candidates[:, :K])
    shares = exposure_shares(audience, measured, "popularity_band", baseline=before)
    assert shares.share.sum() == pytest.approx(1)
    assert (shares.low <= shares.share).all()
    assert (shares.share <= shares.high).all()
    old = exposure_shares(audience, before, "popularity_band").share
    np.testing.assert_allclose(shares.change, shares.share - old, atol=1e-12)
    assert shares.n == 150
    same = exposure_shares(audience, before, "popularity_band", baseline=before)
    assert (same.change == 0).all()
    assert {one.word for one in same.judged("catalogue")} == {"as before"}


def test_bands_cut_history_into_fifths():
    popularity = np.random.default_rng(0).zipf(1.6, 500).clip(0, 300)
    bands = popularity_bands(popularity)
    shares = np.bincount(bands, popularity, 5) / popularity.sum()
    assert shares == pytest.approx(0.2, abs=0.06)
    assert popularity[bands == 0].min() >= popularity[bands == 4].max()


def test_the_last_band_is_the_long_tail(artifacts, audience):
    codes = audience.item_groups["popularity_band"].codes
    np.testing.assert_array_equal(codes == 4, artifacts.is_long_tail)


def test_an_unknown_target_is_refused(audience):
    with pytest.raises(ScenarioError, match="`target` must be one of catalogue, history, merit"):
        group_shares(audience, audience.item_groups["genre"], "wealth")
