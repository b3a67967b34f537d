"""What long benchmarks share: the figures against literal ones, and pieces that are kept."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.paper_figures import by_person, figures, over_seeds
from tests.benchmarks.pieces import read_pieces, run_pieces


def average_precision(hits: list[bool], k: int) -> float:
    """Mean, over the labels of the list, of the share of labels down to each; of at most ``k``."""
    gained = [sum(hits[: at + 1]) / (at + 1) for at, hit in enumerate(hits[:k]) if hit]
    return sum(gained) / min(sum(hits), k)


@given(st.lists(st.booleans(), min_size=12, max_size=12))
def test_the_papers_figures_are_the_literal_ones_and_nan_without_a_label(hits: list[bool]) -> None:
    found = {name: float(values[0]) for name, values in figures(np.array([hits])).items()}
    if not any(hits):
        assert all(np.isnan(value) for value in found.values())
        return
    expected = {
        "P@5": sum(hits[:5]) / 5,
        "P@10": sum(hits[:10]) / 10,
        "MAP@5": average_precision(hits, 5),
        "MAP@10": average_precision(hits, 10),
        "MAP": average_precision(hits, 12),
    }
    assert found == pytest.approx(expected)


def test_lists_are_averaged_by_person_and_people_over_the_seeds_that_know_them() -> None:
    nan = np.nan
    found = by_person(np.array([1.0, nan, 0.0, 0.5, nan]), np.array([0, 0, 2, 2, 1]), 4)
    np.testing.assert_array_equal(found, [1.0, nan, 0.25, nan])
    found = over_seeds([np.array([1.0, nan, nan]), np.array([0.0, 0.5, nan])])
    np.testing.assert_array_equal(found, [0.5, 0.5, nan])


def squared(value: int) -> dict[str, np.ndarray]:
    return {"square": np.array(value**2)}


def broken() -> dict[str, np.ndarray]:
    raise ValueError("nothing comes of this one")


def test_pieces_are_kept_not_measured_again_and_a_broken_one_is_told(tmp_path, capsys) -> None:
    run_pieces({"one, seed 3": partial(squared, 3), "broken": broken}, tmp_path)
    assert "nothing comes of this one" in capsys.readouterr().out
    again = {"one, seed 3": broken, "two": partial(squared, 4), "broken": broken}
    run_pieces({name: piece for name, piece in again.items() if name != "broken"}, tmp_path)
    found = read_pieces(again, tmp_path)
    assert {name: int(arrays["square"]) for name, arrays in found.items()} == {
        "one, seed 3": 9,
        "two": 16,
    }
    assert all(arrays["seconds"] >= 0 for arrays in found.values())
