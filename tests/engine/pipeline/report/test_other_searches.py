"""Searches that are only compared: without slack a tree finds the exact best, and hashing some."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pipeline.report.other_searches import Hashing, lengthened, other_searches


@settings(max_examples=30)
@given(seed=st.integers(0, 1000), n=st.integers(1, 30), d=st.integers(1, 5))
def test_the_nearest_lengthened_vector_is_the_one_with_the_largest_product(seed, n, d):
    rng = np.random.default_rng(seed)
    vectors, query = rng.normal(size=(n, d)).astype(np.float32), rng.normal(size=d)
    longer = lengthened(vectors)
    np.testing.assert_allclose((longer**2).sum(axis=1), (vectors**2).sum(axis=1).max(), rtol=1e-4)
    nearest = ((longer - np.append(query, 0)) ** 2).sum(axis=1).argmin()
    products = vectors @ query
    assert products[nearest] == pytest.approx(products.max(), abs=1e-4)


def test_a_tree_without_slack_is_exact_and_with_slack_finds_no_more():
    rng = np.random.default_rng(0)
    vectors, people = (rng.normal(size=(n, 6)).astype(np.float32) for n in (300, 20))
    exact = np.argsort(-(people @ vectors.T), axis=1)[:, :10]
    shares = {}
    for name, setting, search in other_searches(vectors):
        found = search(people, 10)
        assert found.shape == (20, 10)
        same = [len(np.intersect1d(*rows)) for rows in zip(found, exact, strict=True)]
        shares[name, setting] = np.mean(same) / 10
    assert shares["KD-tree", "slack 0"] == 1.0
    assert shares["KD-tree", "slack 2"] <= shares["KD-tree", "slack 0.5"] <= 1.0


def test_hashing_finds_more_with_more_bits():
    rng = np.random.default_rng(0)
    vectors, people = (rng.normal(size=(n, 6)).astype(np.float32) for n in (300, 20))
    exact = np.argsort(-(people @ vectors.T), axis=1)[:, :10]
    found = {s: search(people, 10) for name, s, search in other_searches(vectors) if name == "LSH"}
    few, many = (
        np.mean([len(np.intersect1d(*rows)) for rows in zip(found[bits], exact, strict=True)])
        for bits in ("64 bits", "1024 bits")
    )
    assert many > few > 1


@settings(max_examples=20)
@given(seed=st.integers(0, 1000), n=st.integers(1, 10))
def test_hashing_looks_at_the_items_that_share_most_bits_and_orders_them_exactly(seed, n):
    rng = np.random.default_rng(seed)
    items, people = rng.normal(size=(60, 5)).astype(np.float32), rng.normal(size=(3, 4))
    hashing = Hashing.build(items, 64, seed=seed)
    found = hashing.search(people.astype(np.float32), n)
    for person, row in zip(people, found, strict=True):
        asked = np.append(person, 0).astype(np.float32)
        share = ((items @ hashing.planes > 0) == (asked @ hashing.planes > 0)).sum(axis=1)
        products = items @ asked
        assert len(set(row.tolist())) == n
        least = np.sort(share)[::-1][min(4 * n, 60) - 1]
        assert (share[row] >= least).all()
        assert (np.diff(products[row]) <= 1e-6).all()
        sure = np.flatnonzero(share > least)  # looked at, however ties fall
        missed = np.setdiff1d(sure, row)
        assert (products[missed] <= products[row[-1]] + 1e-6).all()
