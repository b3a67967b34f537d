"""Nested findings: a part of a badly served group is not a finding of its own, a worse part is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.metrics.audience import Audience, describe
from engine.metrics.nested_groups import explained_by
from engine.metrics.worst_groups import worst_groups
from tests.engine.metrics.random_service import random_artifacts

N_USERS = 900


@pytest.fixture(scope="module")
def audience() -> Audience:
    rng = np.random.default_rng(0)
    codes = np.stack([rng.integers(0, 2, N_USERS), rng.integers(0, 3, N_USERS)], axis=1)
    plain = describe(random_artifacts(n_users=N_USERS, n_past=2, n_held=1, n_candidates=5))
    return replace(
        plain,
        user_groups=codes.astype(np.int16),
        attributes={"gender": ("man", "woman"), "age": ("young", "middle", "old")},
    )


def values_of(audience: Audience, *, extra: float = 0.0, seed: int = 1) -> np.ndarray:
    """Women are served worse by 0.3; old women by ``extra`` more."""
    rng = np.random.default_rng(seed)
    is_woman, is_old = audience.codes("gender") == 1, audience.codes("age") == 2
    return rng.normal(0.6, 0.2, N_USERS) - 0.3 * is_woman - extra * (is_woman & is_old)


def explanations(
    audience: Audience, values: np.ndarray, direction: str = "higher"
) -> dict[str, str]:
    found = worst_groups(audience, values, depth=2, direction=direction)
    said = explained_by(audience, values, found)
    return {one.label: why for one, why in zip(found, said, strict=True) if one.is_found}


def test_the_parts_of_one_badly_served_group_are_explained_by_it(audience: Audience):
    said = explanations(audience, values_of(audience))
    assert said["woman"] == ""
    parts = [said[f"woman · {age}"] for age in ("young", "middle", "old")]
    assert parts.count("woman") >= 2


def test_a_part_that_is_served_worse_still_stands_by_itself(audience: Audience):
    said = explanations(audience, values_of(audience, extra=0.3))
    assert said["woman · old"] == ""
    assert said["woman · young"] == "woman"


def test_parts_rarely_stand_by_themselves_where_nothing_more_is_planted(audience: Audience):
    """One-sided 5 %, corrected over all parts: at most 5 % of audits, and three errors of that."""
    stood = [
        said["woman · old"] == ""
        for said in (explanations(audience, values_of(audience, seed=seed)) for seed in range(60))
    ]
    assert np.mean(stood) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)


def test_the_direction_and_people_without_a_value_are_respected(audience: Audience):
    values = values_of(audience, extra=0.3)
    values[::7] = np.nan
    turned = explanations(audience, -values, direction="lower")
    assert turned == explanations(audience, values)
    users = np.arange(0, N_USERS, 2)
    some = worst_groups(audience, values[users], users=users, depth=2)
    said = explained_by(audience, values[users], some, users=users)
    assert len(said) == len(some)
    assert said[[one.label for one in some].index("woman")] == ""


def test_what_was_not_found_is_not_explained(audience: Audience):
    noise = np.random.default_rng(5).random(N_USERS)
    found = worst_groups(audience, noise, depth=2)
    assert set(explained_by(audience, noise, found)) <= {""}
