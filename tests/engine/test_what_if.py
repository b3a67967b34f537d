import dataclasses

import numpy as np
import pytest

from engine.artifacts import open_artifacts
from engine.errors import ArtifactError, StudioError
from engine.fit import fit
from engine.pipeline.ranking.ordering import POPULAR
from engine.rank_explanation import explain_ranks
from engine.what_if import fold_in, what_if_candidates
from tests.conftest import TINY_CONFIG
from tests.tiny_service import dataset_of


def test_with_nothing_changed_the_answer_is_that_of_the_fit(tiny_artifacts):
    for user in range(0, tiny_artifacts.n_users, 6):
        answer = what_if_candidates(tiny_artifacts, user)
        np.testing.assert_allclose(answer.scores, tiny_artifacts.scores[user], atol=0.02)
        top = answer.candidates[:10].tolist()
        assert len(set(top) & set(tiny_artifacts.candidates[user, :10].tolist())) >= 9


def test_a_liked_item_leaves_the_candidates_and_moves_the_list(tiny_artifacts):
    before = what_if_candidates(tiny_artifacts, 3)
    liked = before.candidates[-3:].tolist()
    after = what_if_candidates(tiny_artifacts, 3, like=liked)
    assert not np.isin(after.candidates, liked).any()
    assert after.candidates[:10].tolist() != before.candidates[:10].tolist()
    assert "this person with 3 items liked" in after.label
    assert "stays as fitted" in after.label


def test_unliking_what_was_liked_keeps_it_seen(tiny_artifacts):
    part = slice(*tiny_artifacts.history.indptr[3:5])
    liked = tiny_artifacts.history.indices[part][tiny_artifacts.history_is_liked[part]]
    after = what_if_candidates(tiny_artifacts, 3, unlike=liked.tolist())
    assert not np.isin(after.candidates, liked).any()
    before = what_if_candidates(tiny_artifacts, 3)
    assert after.candidates[:10].tolist() != before.candidates[:10].tolist()


def test_what_is_not_kept_of_a_history_was_never_met(tiny_artifacts):
    history = tiny_artifacts.history.row(3)
    whole = what_if_candidates(tiny_artifacts, 3, keep=len(history))
    assert whole.candidates.tolist() == what_if_candidates(tiny_artifacts, 3).candidates.tolist()
    short = what_if_candidates(tiny_artifacts, 3, keep=2)
    assert not np.isin(history[-2:], short.candidates).any()
    assert np.isin(history[:-2], short.candidates).any()
    assert "only the latest 2 items of the history" in short.label


def test_likes_of_one_genre_bring_that_genre(tiny_artifacts):
    genres = np.asarray(tiny_artifacts.genre_matrix)
    of_one = [np.flatnonzero(genres[:, g] & (genres.sum(axis=1) == 1)) for g in range(2)]
    shares = []
    for items in of_one:
        top = what_if_candidates(tiny_artifacts, None, like=items[:8].tolist()).candidates[:10]
        shares.append(genres[top][:, :2].mean(axis=0))
    assert shares[0][0] > shares[1][0]
    assert shares[1][1] > shares[0][1]


def test_somebody_of_whom_nothing_is_known_gets_what_is_popular(tiny_artifacts):
    answer = what_if_candidates(tiny_artifacts, None)
    assert answer.leans_on == POPULAR
    liked = np.bincount(
        tiny_artifacts.history.indices[tiny_artifacts.history_is_liked],
        minlength=tiny_artifacts.n_items,
    )
    # popularity goes into the mix as log(1 + likes): the order is the same
    assert (np.diff(liked[answer.candidates]) <= 0).all()


def test_folding_in_a_history_gives_the_fitted_factor(tiny_artifacts):
    for user in (0, 17, 60):
        part = slice(*tiny_artifacts.history.indptr[user : user + 2])
        liked = tiny_artifacts.history.indices[part][tiny_artifacts.history_is_liked[part]]
        factor = fold_in(tiny_artifacts, liked.tolist())
        np.testing.assert_allclose(factor, tiny_artifacts.mf_user_factors[user], atol=1e-6)
    assert not fold_in(tiny_artifacts, []).any()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"user": 0, "like": [99999]}, "no item 99999: items are numbered 0 to 79"),
        ({"user": 0, "unlike": [-1]}, "no item -1"),
        ({"user": 500}, "no person 500: people are numbered 0 to 119"),
        ({"user": 0, "like": [1], "unlike": [1]}, "Item 1 cannot be both"),
        ({"user": 0, "keep": -1}, "`keep` must be 0 or more"),
    ],
)
def test_impossible_questions_are_refused_with_a_sentence(tiny_artifacts, arguments, sentence):
    with pytest.raises(StudioError, match=sentence):
        what_if_candidates(tiny_artifacts, arguments.pop("user"), **arguments)


def test_contributions_add_up_to_the_scores(tiny_artifacts):
    user = int(np.argmax(tiny_artifacts.history.lengths()))
    parts = explain_ranks(tiny_artifacts, user)
    assert parts.shape == (50, len(tiny_artifacts.manifest["feature_names"]) + 1)
    is_item = tiny_artifacts.candidates[user] >= 0
    np.testing.assert_allclose(
        parts[is_item].sum(axis=1), tiny_artifacts.scores[user][is_item], atol=1e-5
    )
    assert np.isnan(parts[~is_item]).all()


@pytest.mark.parametrize("names", [("logistic",), ("pointwise",), ("logistic", "listwise")])
def test_whatever_ranker_serves_can_be_asked_again_and_explains_itself(tiny_data, tmp_path, names):
    """Only the listwise ranker could be opened: what-if and reasons died with any other."""
    config = dataclasses.replace(TINY_CONFIG, rankers=names)
    artifacts = open_artifacts(fit(tiny_data, tmp_path, config=config).parent)
    for user in (0, 50):
        answer = what_if_candidates(artifacts, user)
        np.testing.assert_array_equal(answer.candidates, artifacts.candidates[user])
        np.testing.assert_allclose(answer.scores, artifacts.scores[user], atol=1e-4)
        is_item = artifacts.candidates[user] >= 0
        if artifacts.fallback[user] == 0:
            parts = explain_ranks(artifacts, user)[is_item]
            np.testing.assert_allclose(
                parts.sum(axis=1), artifacts.scores[user][is_item], atol=1e-3
            )


def test_where_nothing_was_learned_the_retrieved_order_explains_itself(tiny_data, tmp_path):
    few = tiny_data.interactions.groupby("user_id").head(1)
    dataset = dataset_of(few, tiny_data.items, tiny_data.users, liked_threshold=1.0)
    artifacts = open_artifacts(fit(dataset, tmp_path, config=TINY_CONFIG).parent)
    assert artifacts.manifest["recipe"]["ranker"] == "retrieved order"
    parts = explain_ranks(artifacts, 0)
    names = artifacts.manifest["feature_names"]
    assert set(np.flatnonzero(np.nansum(np.abs(parts), axis=0))) <= {names.index("fused place")}


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"ranker": "oracle"}, "a ranker named 'oracle'"),
        ({"features": ["sources", "horoscope"]}, "features named 'horoscope'"),
        ({"sources": [{"name": "dice", "depth": 9, "weight": 1.0}]}, "a source named 'dice'"),
    ],
)
def test_a_fit_with_a_part_that_this_program_lacks_is_refused(tiny_artifacts, part, words):
    manifest = {**tiny_artifacts.manifest}
    manifest["recipe"] = {**manifest["recipe"], **part}
    other = dataclasses.replace(tiny_artifacts, manifest=manifest)
    with pytest.raises(ArtifactError, match=f"used {words}, which .* run `python -m engine fit`"):
        explain_ranks(other, 0)
