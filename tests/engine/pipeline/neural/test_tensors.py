"""Histories of one width and missing values; none of it needs PyTorch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arrays import PAD, Ragged
from engine.errors import DataError, ScoreError
from engine.pipeline.neural import extra
from engine.pipeline.neural.tensors import Filling, blocks_within, finite, last_items
from engine.pipeline.retrieval import registry
from engine.pipeline.retrieval.source import SourceRecord

ROWS = st.lists(st.lists(st.integers(0, 9), max_size=7), max_size=6)


@given(rows=ROWS, width=st.integers(1, 8))
def test_the_last_items_stand_at_the_right_and_a_wider_table_only_adds_padding(rows, width):
    found = last_items(Ragged.from_rows(rows), width)
    assert found.shape == (len(rows), width)
    for row, items in zip(rows, found.tolist(), strict=True):
        own = row[-width:]
        assert items == [PAD] * (width - len(own)) + own
    wider = last_items(Ragged.from_rows(rows), width + 8)
    assert (wider[:, 8:][found != PAD] == found[found != PAD]).all()


def test_what_is_missing_is_filled_with_the_mean_and_marked():
    values = np.array([[1.0, 5.0, np.nan], [3.0, 5.0, 2.0], [np.inf, 5.0, 4.0]])
    filling = Filling.learn(values)
    assert filling.marked.tolist() == [0, 2]
    assert filling.n_inputs == 5
    expected = [[-1, 0, 0, 0, 1], [1, 0, -1, 0, 0], [0, 0, 1, 1, 0]]
    np.testing.assert_allclose(filling.apply(values), expected, atol=1e-6)
    nothing = Filling.learn(np.full((2, 2), np.nan))
    np.testing.assert_array_equal(nothing.apply(np.full((1, 2), np.nan)), [[0, 0, 1, 1]])


@given(n=st.integers(0, 50), row=st.integers(0, 30), most=st.integers(1, 100))
def test_blocks_cover_all_rows_once_and_stay_small(n, row, most):
    blocks = list(blocks_within(n, row, most))
    assert [i for start, stop in blocks for i in range(start, stop)] == list(range(n))
    assert all(stop - start == 1 or (stop - start) * row <= most for start, stop in blocks)


def test_scores_that_are_no_numbers_are_refused_with_their_count():
    assert finite(np.ones(3), "It").sum() == 3
    with pytest.raises(ScoreError, match="It gave 2 of 3 scores that are not finite"):
        finite(np.array([np.nan, 1, np.inf]), "It")


def test_without_pytorch_one_sentence_says_what_is_missing_and_how_to_get_it(monkeypatch):
    record = SourceRecord("deep", "deep", 5, "deep", is_option=True, is_neural=True)
    monkeypatch.setattr(registry, "SOURCES", {**registry.SOURCES, "deep": record})
    monkeypatch.setattr(extra, "has_torch", lambda: False)
    registry.refuse_unlearnable(("bpr",))
    with pytest.raises(DataError, match=r"The source deep cannot be fitted: PyTorch .*NEURAL=1"):
        registry.refuse_unlearnable(("bpr", "deep"))
    monkeypatch.setattr(extra, "has_torch", lambda: True)
    registry.refuse_unlearnable(("deep",))
