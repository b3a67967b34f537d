"""The card's figures, derived another way from the tables of the tiny service."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.data.split import split
from engine.data_card import activity_frame, card_frame, carries, genre_frame, group_frame


def history_of(dataset) -> pd.DataFrame:
    parts = split(dataset)
    who = np.repeat(np.arange(parts.n_users), parts.seen.lengths())
    return pd.DataFrame({"user": who, "item": parts.seen.indices, "liked": parts.seen_is_liked})


def test_sizes_sparsity_tail_and_activity_are_those_of_the_history(tiny_artifacts, tiny_data):
    card = card_frame(tiny_artifacts).set_index(["part", "what"])["value"]
    history = history_of(tiny_data)
    assert card["Size", "interactions in histories"] == f"{len(history):,}"
    share = 100 * len(history) / (history["user"].nunique() * 80)
    assert card["Sparsity", "pairs that are known"] == f"{share:.3g} %"
    assert card["Activity", "liked"] == f"{100 * history['liked'].mean():.3g} %"
    middle = history.groupby("user").size().median()
    assert card["Activity", "interactions a person, middle"] == f"{middle:g}"
    counts = history["item"].value_counts().to_numpy()
    n_head = int((np.cumsum(counts) - counts < 0.8 * counts.sum()).sum())
    assert card["Long tail", "items that make up 80 % of history"] == f"{n_head:,}"
    assert card["Origin", "hash of the tables (SHA-256)"] == tiny_data.fingerprint


def test_genres_and_groups_count_each_once(tiny_artifacts, tiny_data):
    genres = genre_frame(tiny_artifacts).set_index("genre")["items"]
    expected = tiny_data.items["genres"].str.split("|").explode().value_counts()
    assert genres.to_dict() == expected.to_dict()
    groups = group_frame(tiny_artifacts)
    men = groups[(groups["attribute"] == "gender") & (groups["group"] == "man")]["people"].item()
    assert men == (tiny_artifacts.users["gender"] == "man").sum()
    assert not ((groups["people"] < 20) & ~groups["group"].str.contains("small group")).any()


def test_everybody_has_a_bar_of_their_activity(tiny_artifacts, tiny_data):
    frame = activity_frame(tiny_artifacts)
    lengths = history_of(tiny_data).groupby("user").size()
    for start, end, people in frame.itertuples(index=False):
        assert people == lengths.between(start, end).sum()
    assert frame["people"].sum() == len(lengths)


def test_what_the_data_carry_has_a_reason_either_way(tiny_artifacts):
    found = {one.what: one for one in carries(tiny_artifacts)}
    earned = found["What another setting would have earned"]
    assert earned.is_carried
    assert "places shown is kept" in earned.why
    assert found["Genre caps, calibration, genres as likeness"].is_carried
    assert found["Freshness"].why == "80 items of 80 with a release date"
    assert not found["What comes later"].is_carried
    assert all(one.why for one in found.values())
