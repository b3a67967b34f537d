"""What people did beside liking: by literal loops, at the cuts, nothing later than they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.objective_events import objective_events
from engine.data.split import ONE_MOMENT, PER_PERSON, RANDOM, split
from engine.objectives import OBJECTIVES, objectives_of_word
from tests.tiny_service import dataset_of

DAY = 86_400
WORDS = ("view", "finish", "purchase", "share", "refund", "impression")

rows = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 5),
        st.integers(0, 40),
        st.sampled_from(WORDS),
        st.integers(1, 5),
    ),
    min_size=1,
    max_size=60,
)


def service(drawn):
    """A data set of drawn rows: person, item, quarter of a day, event, value."""
    table = pd.DataFrame(drawn, columns=["user", "item", "quarter", "event", "value"])
    interactions = pd.DataFrame(
        {
            "user_id": [f"u{one}" for one in table["user"]],
            "item_id": [f"i{one}" for one in table["item"]],
            "timestamp": (table["quarter"] * DAY // 4).to_numpy().astype("datetime64[s]"),
            "event": table["event"],
            "value": np.where(table["event"] == "refund", -1.0, table["value"]),
        }
    )
    items = pd.DataFrame({"item_id": [f"i{i}" for i in range(6)], "title": list("abcdef")})
    users = pd.DataFrame({"user_id": [f"u{u}" for u in range(4)]})
    return dataset_of(interactions, items, users)


def second(stamp) -> int:
    return int(stamp.timestamp())


def done_at(data, user, name):
    """(item, second) of an objective's events of one person, from the table, row by row."""
    table = data.interactions
    own = table[(table["user_id"] == user) & (table["event"] != "impression")]
    if name == "came_back":
        own = own[own["value"] >= 0]
        first: dict[str, int] = {}
        for item, at in zip(own["item_id"], own["timestamp"], strict=True):
            first[item] = min(first.get(item, second(at)), second(at))
        return [
            (item, second(at))
            for item, at in zip(own["item_id"], own["timestamp"], strict=True)
            if second(at) >= first[item] + DAY
        ]
    word = {"finished": "finish", "bought": "purchase", "shared": "share"}[name]
    own = own[own["event"] == word]
    return [(i, second(at)) for i, at in zip(own["item_id"], own["timestamp"], strict=True)]


@settings(max_examples=150)
@given(drawn=rows, how=st.sampled_from([PER_PERSON, ONE_MOMENT]), again=st.booleans())
def test_events_are_parted_as_row_by_row(drawn, how, again):
    data = service(drawn)
    parts = split(data, how=how, again=again)
    events = objective_events(data, parts, again=again)
    assert set(events.found) | set(events.missing) == set(OBJECTIVES)
    for name in OBJECTIVES:
        for row, user in enumerate(parts.user_ids):
            done = [(int(i[1:]), at) for i, at in done_at(data, user, name)]
            begins, ends = parts.label_begins[row], parts.test_begins[row]
            seen = [int(i) for i in parts.seen.row(row)]
            labels = sorted({i for i, at in done if begins <= at < ends})
            held = sorted({i for i, at in done if at >= ends and (again or i not in seen)})
            if name in events.missing:
                assert not done
                continue
            sliced = events.found[name]
            assert sliced.labels.row(row).tolist() == labels
            assert sliced.holdout.row(row).tolist() == held
            for rows, marks, until in (
                (parts.train, sliced.in_train, begins),
                (parts.seen, sliced.in_seen, ends),
            ):
                own = marks[rows.indptr[row] : rows.indptr[row + 1]]
                known = [any(i == j and at < until for j, at in done) for i in rows.row(row)]
                assert own.tolist() == known


@settings(max_examples=100)
@given(drawn=rows, how=st.sampled_from([PER_PERSON, ONE_MOMENT]))
def test_the_windows_are_those_of_the_split(drawn, how):
    """Every like of the labels lies in the labels' time, and every held-out one in the test's."""
    data = service(drawn)
    parts = split(data, how=how)
    at = {}
    for line in data.interactions.itertuples():
        if line.value >= data.liked_threshold and line.event != "impression":
            at.setdefault((line.user_id, line.item_id), []).append(second(line.timestamp))
    for row, user in enumerate(parts.user_ids):
        assert parts.label_begins[row] <= parts.test_begins[row]
        for item in parts.labels.row(row):
            times = at[user, f"i{item}"]
            assert any(parts.label_begins[row] <= t <= parts.test_begins[row] for t in times)
        for item in parts.holdout.row(row):
            assert any(t >= parts.test_begins[row] for t in at[user, f"i{item}"])


def test_data_without_time_have_no_objectives_and_say_why():
    data = replace(service([(0, 0, 1, "finish", 5), (0, 1, 2, "finish", 5)]), has_time=False)
    events = objective_events(data, split(data, how=RANDOM))
    assert not events.found
    assert all("no time" in reason for reason in events.missing.values())


def test_a_value_stands_for_finishing_where_that_was_said():
    drawn = [(0, 0, 0, "view", 5), (0, 1, 4, "view", 2), (0, 2, 9, "view", 5), (0, 3, 9, "view", 4)]
    data = service(drawn)
    parts = split(data)
    assert "finished" in objective_events(data, parts).missing
    sliced = objective_events(data, parts, finished_from=5).found["finished"]
    known = dict(zip(parts.seen.row(0).tolist(), sliced.in_seen.tolist(), strict=True))
    assert known[0]
    assert not known[1]
    assert 3 not in sliced.labels.indices


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ("finish", ("finished",)),
        ("Watched_To_End", ("finished",)),
        ("purchase", ("bought",)),
        ("Order Completed", ("bought",)),
        ("shareVideo", ("shared",)),
        ("order cancelled", ()),
        ("refund", ()),
        ("impression", ()),
        ("view", ()),
        ("nan", ()),
    ],
)
def test_words_of_events(word, kinds):
    assert objectives_of_word(word) == kinds
