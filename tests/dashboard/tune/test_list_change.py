"""One person's list before and after, row by row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dashboard.tune.list_change import list_change
from dashboard.tune.list_panel import left_in_words
from engine.arrays import PAD
from engine.reranking import neutral_lists, rerank
from engine.scenario import Scenario


def test_nothing_moves_under_neutral(tiny_artifacts):
    lists = neutral_lists(tiny_artifacts, 5)
    frame = list_change(tiny_artifacts, 3, lists, lists, {})
    assert frame["before"].tolist() == frame["after"].tolist()
    assert left_in_words(frame) == "Nothing left the list."
    assert frame["now"].tolist() == ["1", "2", "3", "4", "5"]
    assert set(frame["move"]) == {"same"}


def test_moves_count_from_the_rankers_order(tiny_artifacts):
    before = neutral_lists(tiny_artifacts, 6)
    after = rerank(tiny_artifacts, Scenario(k=6, diversity=0.8))
    row = int(np.flatnonzero((before.items != after.items).any(axis=1))[0])
    frame = list_change(tiny_artifacts, row, before, after, {})
    ranker = tiny_artifacts.candidates[row].tolist()
    titles = tiny_artifacts.items["title"]
    for place, (item, move) in enumerate(zip(after.items[row], frame["move"], strict=True)):
        rise = ranker.index(item) - place
        assert frame["after"][place] == titles.iloc[item]
        assert move == ("same" if rise == 0 else f"▲ {rise}" if rise > 0 else f"▼ {-rise}")


def test_reasons_stand_beside_the_moves(tiny_artifacts):
    before = neutral_lists(tiny_artifacts, 3)
    gone = int(before.items[0][0])
    items = before.items.copy()
    items[0, 0] = tiny_artifacts.candidates[0][7]
    positions = before.positions.copy()
    positions[0, 0] = 7
    after = replace(before, items=items, positions=positions)
    reasons = {gone: "cap: Drama", int(items[0, 0]): "diversity"}
    frame = list_change(tiny_artifacts, 0, before, after, reasons)
    assert frame["now"][0] == "out  cap: Drama"
    title = tiny_artifacts.items["title"].iloc[gone]
    assert left_in_words(frame) == f"Left the list: {title} (cap: Drama)."
    assert frame["move"][0] == "▲ 7  diversity"


def test_a_short_list_has_empty_rows(tiny_artifacts):
    lists = neutral_lists(tiny_artifacts, 4)
    items, positions = lists.items.copy(), lists.positions.copy()
    items[0, 2:], positions[0, 2:] = PAD, PAD
    short = replace(lists, items=items, positions=positions)
    frame = list_change(tiny_artifacts, 0, lists, short, {})
    assert frame["after"].tolist()[2:] == ["", ""]
    assert frame["now"].tolist() == ["1", "2", "out", "out"]


@pytest.mark.parametrize("column", ["year", "genres"])
def test_the_new_item_is_described(tiny_artifacts, column):
    lists = neutral_lists(tiny_artifacts, 3)
    item = tiny_artifacts.items.iloc[int(lists.items[0][0])]
    expected = {
        "year": str(item["released"].year),
        "genres": item["genres"].replace("|", ", "),
    }
    frame = list_change(tiny_artifacts, 0, lists, lists, {})
    assert frame[column][0] == expected[column]
