"""Nobody can work out a suppressed group from all that is shown: solved for by linear algebra."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from engine.metrics.audience import Audience, describe
from engine.metrics.crossing import cross, margins_of
from engine.metrics.statistics.disclosure import hidden_groups
from engine.metrics.worst_groups import worst_groups
from tests.engine.metrics.random_service import random_artifacts

N = 400
LEAST = 20


def audience_of(seed: int) -> Audience:
    """Three attributes of 2, 4 and 3 groups, some of them rare, and not independent."""
    rng = np.random.default_rng(seed)
    gender = rng.random(N) < 0.3
    age = rng.choice(4, N, p=[0.45, 0.3, 0.2, 0.05])
    taste = np.where(rng.random(N) < 0.3, age % 3, rng.choice(3, N, p=[0.5, 0.4, 0.1]))
    plain = describe(random_artifacts(N, 20, n_past=2, n_held=1, seed=0))
    return replace(
        plain,
        user_groups=np.stack([gender, age, taste], axis=1).astype(np.int16),
        attributes={"g": ("m", "w"), "a": tuple("1234"), "t": tuple("xyz")},
    )


def tables(audience: Audience) -> list[tuple[tuple[str, ...], np.ndarray, np.ndarray]]:
    """Every table of one to three attributes: names, codes, which groups are hidden."""
    out = []
    for size in (1, 2, 3):
        for chosen in combinations(audience.attributes, size):
            labels, codes = cross(audience, chosen)
            n = np.bincount(codes, minlength=len(labels))
            out.append((chosen, codes, hidden_groups(n, LEAST, margins_of(audience, chosen))))
    return out


def is_solvable(shown: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether a sum over people follows from the sums shown (rows), everybody's included."""
    found, *_ = np.linalg.lstsq(shown.T, wanted, rcond=None)
    return bool(np.abs(shown.T @ found - wanted).max() < 1e-6)


@pytest.mark.parametrize("seed", range(25))
def test_no_small_group_can_be_solved_for_from_all_tables_together(seed: int):
    audience = audience_of(seed)
    shown, small = [np.ones(N)], []
    for _, codes, hidden in tables(audience):
        for group in range(len(hidden)):
            member = (codes == group).astype(float)
            if hidden[group]:
                small += [member] if 0 < member.sum() < LEAST else []
            else:
                shown.append(member)
    assert small
    assert len(shown) > 5
    assert not any(is_solvable(np.array(shown), one) for one in small)


def test_without_complementary_suppression_they_can():
    """The test above can fail: hiding the small groups alone gives some of them away."""
    audience = audience_of(0)
    shown, small = [np.ones(N)], []
    for _, codes, _ in tables(audience):
        for group in range(codes.max() + 1):
            member = (codes == group).astype(float)
            (small if 0 < member.sum() < LEAST else shown).append(member)
    assert any(is_solvable(np.array(shown), one) for one in small)


def test_the_finder_of_worst_groups_shows_none_that_a_table_hides():
    audience = audience_of(3)
    values = np.random.default_rng(0).random(N)
    hidden = {
        (chosen, label)
        for chosen, codes, is_hidden in tables(audience)
        for label, one in zip(cross(audience, chosen)[0], is_hidden, strict=True)
        if one
    }
    assert hidden
    assert not hidden & {(one.attributes, one.label) for one in worst_groups(audience, values)}


def test_one_small_group_takes_the_smallest_other_along():
    assert hidden_groups(np.array([300, 200, 5]), LEAST).tolist() == [False, True, True]
    assert hidden_groups(np.array([300, 5]), LEAST).tolist() == [True, True]
    # Two that are small together as well: their mean together would be a small group's.
    assert hidden_groups(np.array([300, 200, 5, 6]), LEAST).tolist() == [False, True, True, True]
    assert hidden_groups(np.array([300, 200, 15, 6]), LEAST).tolist() == [False, False, True, True]
    assert hidden_groups(np.array([300, 200, 0]), LEAST).tolist() == [False, False, True]
