"""What the page says of a person, against the tables that the fit was made from."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.people.candidacy import candidacy
from dashboard.people.portrait import genre_mix_of, history_table, liked_items, portrait
from dashboard.people.stages import flow_of, person_stages, stage_table

USER = 7


def test_a_portrait_counts_history_and_names_groups(tiny_artifacts, tiny_data):
    who = portrait(tiny_artifacts, USER)
    row = tiny_data.users.set_index("user_id").loc[who.user_id]
    traits = dict(who.traits)
    assert traits["gender"] == row["gender"]
    assert traits["age band"] == row["age band"]
    done = tiny_data.interactions.query("user_id == @who.user_id")
    assert who.n_liked + who.n_held_out == (done["value"] >= 4).sum()
    assert who.n_history == len(tiny_artifacts.history.row(USER))


def test_a_portrait_in_words_says_when_nothing_is_held_out(tiny_artifacts):
    who = portrait(tiny_artifacts, USER)
    assert f"{who.n_history} items in the history" in who.history_in_words
    assert "nothing held out" in type(who)("x", (), 1, 1, 0, False).history_in_words


def test_genre_mixes_are_whole_and_ordered_by_what_was_liked(tiny_artifacts):
    before, after = tiny_artifacts.candidates[USER, :5], tiny_artifacts.candidates[USER, 5:10]
    mix = genre_mix_of(tiny_artifacts, USER, before, after)
    for shares in (mix.liked, mix.before, mix.after):
        assert shares.sum() == pytest.approx(1.0)
    assert (np.diff(mix.liked) <= 1e-9).all()
    genres = tiny_artifacts.items["genres"].str.split("|")
    top = mix.labels[0]
    shares = [
        (top in genres.iloc[i]) / len(genres.iloc[i]) for i in liked_items(tiny_artifacts, USER)
    ]
    assert mix.liked[0] == pytest.approx(np.mean(shares))


def test_the_history_is_listed_latest_first(tiny_artifacts):
    table = history_table(tiny_artifacts, USER)
    items = tiny_artifacts.history.row(USER)[::-1]
    assert table["title"].tolist() == tiny_artifacts.items["title"].iloc[items].tolist()
    assert table["liked"].sum() == len(liked_items(tiny_artifacts, USER))
    assert table["on"].is_monotonic_decreasing


def test_stages_follow_the_pipeline_and_what_was_seen_is_marked(tiny_artifacts):
    reranked = tiny_artifacts.candidates[USER, [2, 0, 1, 9, 4]]
    stages = person_stages(tiny_artifacts, USER, reranked, with_seen=True)
    assert [stage.name for stage in stages] == ["retrieved", "ranked", "reranked"]
    flow = flow_of(tiny_artifacts, USER, stages, 5)
    assert [one.item for one in flow[2].items] == reranked.tolist()
    assert [one.rank_before for one in flow[2].items] == [3, 1, 2, 10, 5]
    seen = set(tiny_artifacts.history.row(USER).tolist())
    assert [one.is_seen for one in flow[0].items] == [
        item in seen for item in tiny_artifacts.retrieved[USER, :5].tolist()
    ]
    assert not any(one.is_seen for one in flow[1].items)


def test_without_seen_items_retrieval_holds_what_ranking_was_given(tiny_artifacts):
    stages = person_stages(tiny_artifacts, USER, tiny_artifacts.candidates[USER, :5])
    assert sorted(stages[0].items.tolist()) == sorted(stages[1].items.tolist())


def test_held_out_items_are_marked_and_counted(tiny_artifacts):
    held_out = set(tiny_artifacts.holdout.row(USER).tolist())
    stages = person_stages(tiny_artifacts, USER, tiny_artifacts.candidates[USER, :10])
    ranked = flow_of(tiny_artifacts, USER, stages, 10)[1]
    expected = [item in held_out for item in tiny_artifacts.candidates[USER, :10].tolist()]
    assert [one.is_held_out for one in ranked.items] == expected
    retrieved = set(tiny_artifacts.filtered[USER, :10].tolist())
    n_kept = len(retrieved & set(tiny_artifacts.candidates[USER, :10].tolist()))
    assert ranked.note == f"{n_kept} kept · {sum(expected)} of {len(held_out)} ★"


def test_the_stages_as_a_table(tiny_artifacts):
    stages = person_stages(tiny_artifacts, USER, tiny_artifacts.candidates[USER, :3])
    table = stage_table(flow_of(tiny_artifacts, USER, stages, 4))
    assert table["rank"].tolist() == [1, 2, 3, 4]
    assert table["re-ranked"].tolist()[3] == ""
    assert table["ranked"].tolist()[:3] == table["re-ranked"].tolist()[:3]


def test_a_candidate_names_its_sources_and_what_it_is_like(tiny_artifacts):
    item = int(tiny_artifacts.candidates[USER, 3])
    why = candidacy(tiny_artifacts, USER, item)
    bits = f"{int(tiny_artifacts.source_masks[USER, 3]):b}".count("1")
    assert len(why.sources) == bits > 0
    assert (why.rank, why.is_seen) == (4, False)
    factors = tiny_artifacts.item_factors
    likeness = {
        int(i): float(factors[i] @ factors[item]) for i in liked_items(tiny_artifacts, USER)
    }
    best = max(likeness, key=likeness.__getitem__)
    assert why.alike[0] == (
        tiny_artifacts.items["title"].iloc[best],
        pytest.approx(likeness[best], abs=1e-6),
    )


def test_an_item_already_seen_is_no_candidate_and_says_so(tiny_artifacts):
    item = int(liked_items(tiny_artifacts, USER)[0])
    why = candidacy(tiny_artifacts, USER, item)
    assert (why.sources, why.rank, why.is_seen) == ((), None, True)
