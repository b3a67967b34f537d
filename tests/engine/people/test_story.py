"""Who a person is, in a sentence."""

from __future__ import annotations

import numpy as np

from engine.artifacts import Artifacts
from engine.people.story import introduction


def test_a_story_names_the_person_and_what_they_like_most(tiny_artifacts):
    user = tiny_artifacts.user_index["u17"]
    part = slice(*tiny_artifacts.history.indptr[user : user + 2])
    liked = tiny_artifacts.history.indices[part][tiny_artifacts.history_is_liked[part]]
    genres = np.asarray(tiny_artifacts.genre_matrix, float)[liked]
    shares = (genres / genres.sum(axis=1, keepdims=True)).mean(axis=0)
    favourite = tiny_artifacts.genre_names[int(shares.argmax())]
    told = introduction(tiny_artifacts, user)
    known = tiny_artifacts.users.iloc[user]
    assert told.startswith("Person u17 (")
    assert str(known["gender"]) in told
    assert f"likes {favourite} most: {100 * shares.max():.0f} %" in told


def test_without_genres_a_story_says_how_much_they_liked(tiny_artifacts, monkeypatch):
    monkeypatch.setattr(Artifacts, "genre_names", ())
    told = introduction(tiny_artifacts, 0)
    assert " liked " in told
    assert "most" not in told
