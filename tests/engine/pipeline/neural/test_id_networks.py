"""Networks over features and the numbers of items and groups: literal formulas, and what is new."""

from dataclasses import fields, replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is an extra: make setup NEURAL=1")

from engine.artifacts import open_artifacts
from engine.fit import fit
from engine.pipeline.neural.weights import put_weights
from engine.pipeline.ranking.blend import Blend
from engine.pipeline.ranking.dense_layers import column_gradients, logits
from engine.pipeline.ranking.dense_model import Dense
from engine.pipeline.ranking.dense_network import NUMPY_TOOLS, DenseRanker
from engine.pipeline.ranking.dense_weights import fresh_weights, inputs_of, weight_shapes
from engine.pipeline.ranking.folds import out_of_fold
from engine.pipeline.ranking.id_rows import IdRows, ReadRows, learn_id_rows
from engine.pipeline.ranking.listed import LAST_LIKED, N_GAPS, Listed, about
from engine.pipeline.ranking.ranker import TrainingSet
from engine.pipeline.ranking.registry import ALONE
from engine.rank_explanation import explain_ranks
from engine.what_if import what_if_candidates
from tests.conftest import TINY_CONFIG
from tests.engine.pipeline.ranking.test_rankers import CONFIG, NAMES
from tests.tiny_service import tiny_dataset

PARTS = {
    "wide_deep": ("deep",),
    "deep_fm": ("deep", "pairs"),
    "fm": ("pairs",),
    "fm3": ("pairs", "triples"),
    "dcn_v2": ("deep", "crosses"),
    "din": ("deep", "interest"),
    "bst": ("deep", "block"),
}
IDS = IdRows(np.array([2, 5, 6, 9], np.int32), np.array([2, 3]))
N, C = 7, 5


def rows(seed=0, n_people=3):
    rng = np.random.default_rng(seed)
    items = rng.integers(0, 11, (n_people, N)).astype(np.int32)
    groups = rng.integers(-1, 3, (n_people, 2)).astype(np.int16)
    liked = np.full((n_people, LAST_LIKED), -1, np.int32)
    liked[:, -4:] = rng.integers(0, 11, (n_people, 4))
    liked[0] = -1  # somebody who liked nothing
    gaps = rng.integers(0, N_GAPS, liked.shape).astype(np.int8)
    return IDS.read(Listed(items, groups, liked, gaps))


def some_weights(parts, ids=IDS, seed=1):
    rng = np.random.default_rng(seed)
    shapes = weight_shapes(C, ids, parts)
    fresh = fresh_weights(shapes, rng)
    return {
        k: (v + 0.3 * rng.standard_normal(v.shape)).astype(np.float32) for k, v in fresh.items()
    }


def over_zero(values):
    return np.maximum(values, 0)


def literal(w, x, item, groups, liked, gaps):
    """One candidate's logit, sum by sum; ``liked`` are rows of what is there, ``gaps`` theirs."""
    fields = [w["items"][item], *(w[f"group_{a}"][g] for a, g in enumerate(groups))]
    total = x @ w["wide_w"][:, 0] + w["out_b"][0] + w["bias_items"][item]
    total += sum(w[f"bias_group_{a}"][g] for a, g in enumerate(groups))
    if "attend_b" in w:
        fields.append(sum((attended(w, w["items"][row], fields[0]) for row in liked), np.zeros(8)))
    if "places" in w:
        fields.append(looked(w, w["items"][liked], gaps, fields[0]))
    x0 = np.concatenate([x, *fields])
    if "first_w" in w:
        hidden = over_zero(x0 @ w["first_w"] + w["first_b"])
        total += over_zero(hidden @ w["second_w"] + w["second_b"]) @ w["out_w"][:, 0]
    if "crossed_w" in w:
        crossed = x0
        for layer in range(2):
            matrix = (w[f"cross_in{layer}"] @ w[f"cross_out{layer}"]).T
            crossed = x0 * (matrix @ crossed + w[f"cross_b{layer}"]) + crossed
        total += crossed @ w["crossed_w"][:, 0]
    if "factors" in w:
        vectors = [*(x[:, None] * w["factors"]), *fields]
        total += sum(a @ b for a, b in combinations(vectors, 2))
        triples = sum((a * b * c).sum() for a, b, c in combinations(vectors, 3))
        total += w.get("triples_w", [0.0])[0] * triples
    return total


def attended(w, h, c):
    sides = (h * c) @ w["attend_pairs"] + c @ w["attend_asked"] + h @ w["attend_liked"]
    return (over_zero(sides + w["attend_b"]) @ w["attend_out"][:, 0]) * h / LAST_LIKED


def looked(w, likes, gaps, c):
    """Look from the candidate at the likes, oldest first, and at itself: what the block gives."""
    first = LAST_LIKED - len(likes)
    tokens = [h + w["places"][first + j] + w["gaps"][gaps[j]] for j, h in enumerate(likes)]
    tokens.append(c + w["places"][LAST_LIKED])
    q, k, v = (np.array(tokens) @ w[f"block_{one}"] for one in ("asks", "keys", "values"))
    heads = []
    for half in (slice(0, 4), slice(4, 8)):
        raised = np.exp(k[:, half] @ q[-1, half] / 2.0)
        heads.append(raised @ v[:, half] / raised.sum())
    s = normal(tokens[-1] + np.concatenate(heads) @ w["block_out"], w, 1)
    hidden = s @ w["block_first"] + w["block_first_b"]
    hidden = np.where(hidden > 0, hidden, 0.01 * hidden)
    return normal(s + hidden @ w["block_second"] + w["block_second_b"], w, 2)


def normal(x, w, at):
    standard = (x - x.mean()) / np.sqrt(x.var() + 1e-5)
    return standard * (1 + w[f"block_scale{at}"]) + w[f"block_shift{at}"]


@pytest.mark.parametrize("name", PARTS)
def test_numpy_equals_pytorch_and_the_formula(name):
    weights, read = some_weights(PARTS[name]), rows()
    columns = np.random.default_rng(2).standard_normal((3, N, C)).astype(np.float32)
    model = Dense(weights).eval()
    put_weights(model, weights)
    tensors = ReadRows(**{f.name: torch.from_numpy(getattr(read, f.name)) for f in fields(read)})
    with torch.no_grad():
        expected = model(torch.from_numpy(columns), tensors).numpy()
    found = logits(weights, inputs_of(weights, columns, read, NUMPY_TOOLS))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    exact = {key: values.astype(float) for key, values in weights.items()}
    for person in range(3):
        liked = read.liked[person][read.is_liked[person]]
        gaps = read.gaps[person][read.is_liked[person]]
        for place in range(N):
            by_hand = literal(
                exact,
                columns[person, place].astype(float),
                read.items[person, place],
                read.groups[person],
                liked,
                gaps,
            )
            np.testing.assert_allclose(found[person, place], by_hand, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", PARTS)
def test_gradients_are_those_of_small_steps(name):
    weights = {k: v.astype(float) for k, v in some_weights(PARTS[name]).items()}
    read = rows()
    one = ReadRows(*(getattr(read, f.name)[1] for f in fields(read)))
    columns = np.random.default_rng(3).standard_normal((N, C))
    found = column_gradients(weights, inputs_of(weights, columns, one, NUMPY_TOOLS))
    for column in range(C):
        step = 1e-6 * (np.arange(C) == column)
        up, down = (
            logits(weights, inputs_of(weights, columns + s, one, NUMPY_TOOLS))
            for s in (step, -step)
        )
        np.testing.assert_allclose(found[:, column], (up - down) / 2e-6, rtol=1e-4, atol=1e-5)


def test_what_is_new_falls_to_the_shared_row():
    read = IDS.read(
        Listed(
            np.array([[2, 9, 4, 10, -1]], np.int32),
            np.array([[1, 5]], np.int16),  # a group that learning never met
            np.full((1, LAST_LIKED), -1, np.int32),
        )
    )
    assert read.items.tolist() == [[1, 4, 0, 0, 0]]
    assert read.groups.tolist() == [[2, 0]]
    assert not read.is_liked.any()


def signed_lists(seed=0, n_people=60, n=12, n_items=24):
    """Only the item's number says what is liked: the first third of them, whatever the features."""
    rng = np.random.default_rng(seed)
    items = np.stack([rng.choice(n_items, n, replace=False) for _ in range(n_people)])
    features = rng.normal(size=(n_people, n, 4)).astype(np.float32)
    features[:, :, 3] = np.arange(n)
    liked = np.full((n_people, LAST_LIKED), -1, np.int32)
    groups = rng.integers(0, 2, (n_people, 1)).astype(np.int16)
    listed = Listed(items.astype(np.int32), groups, liked)
    is_label = items < n_items // 3
    return TrainingSet(features, np.ones(is_label.shape, bool), is_label, NAMES, listed=listed)


@cache
def fitted(name):
    return ALONE[name].fit(signed_lists(0), CONFIG, 0)


def hit(ranker, asked):
    scores = about(ranker, asked.listed).score(asked.features, asked.is_candidate)
    first = np.argsort(-scores, axis=1)[:, :3]
    return np.take_along_axis(asked.is_label, first, axis=1).mean()


@pytest.mark.parametrize("name", PARTS)
def test_numbers_of_items_are_learned_explained_and_read_back(name, tmp_path):
    asked, ranker = signed_lists(1), fitted(name)
    assert hit(ranker, asked) > 0.9  # features alone say nothing: .33 by chance
    told = about(ranker, asked.listed)
    scores = told.score(asked.features, asked.is_candidate)
    one = asked.take(np.array([5]))
    alone = about(ranker, one.listed)
    np.testing.assert_array_equal(alone.score(one.features, one.is_candidate)[0], scores[5])
    parts = alone.contributions(one.features[0], one.is_candidate[0])
    np.testing.assert_allclose(parts.sum(axis=1), scores[5], rtol=1e-4, atol=1e-4)
    assert parts[:, -1].std() > 2 * parts[:, :-1].sum(axis=1).std()
    ranker.save(tmp_path)
    again = about(DenseRanker.load(tmp_path), asked.listed)
    np.testing.assert_array_equal(again.score(asked.features, asked.is_candidate), scores)
    with pytest.raises(ValueError, match="tell it whose"):
        ranker.score(asked.features, asked.is_candidate)


@pytest.mark.parametrize("name", ["din", "bst"])
def test_the_order_of_candidates_and_padding_change_no_score(name):
    asked, ranker = signed_lists(1, n_people=4), fitted(name)
    scores = about(ranker, asked.listed).score(asked.features, asked.is_candidate)
    turn = np.tile(np.arange(12)[::-1], (4, 1))
    turned = Listed(asked.listed.items[:, ::-1], asked.listed.groups, asked.listed.liked)
    back = about(ranker, turned).score(asked.features[:, ::-1], asked.is_candidate)
    np.testing.assert_allclose(np.take_along_axis(back, turn, axis=1), scores, atol=1e-5)
    wide = np.pad(asked.features, ((0, 0), (0, 3), (0, 0)))
    padded = replace(
        asked.listed, items=np.pad(asked.listed.items, ((0, 0), (0, 3)), constant_values=-1)
    )
    found = about(ranker, padded).score(wide, np.pad(asked.is_candidate, ((0, 0), (0, 3))))
    np.testing.assert_allclose(found[:, :12], scores, atol=1e-5)


def test_a_taste_shown_by_history_is_learned_by_attention_alone():
    """People like even or odd items; what they liked says which, and no feature does."""
    vectors = np.random.default_rng(2).normal(size=(20, 12)).astype(np.float32)
    vectors[:, 0] += 3 * (np.arange(20) % 2)

    def lists(seed, n_people=120):
        rng = np.random.default_rng(seed)
        taste = rng.integers(0, 2, n_people)
        items = np.stack([rng.choice(20, 10, replace=False) for _ in range(n_people)])
        liked = 2 * rng.integers(0, 10, (n_people, LAST_LIKED)) + taste[:, None]
        listed = Listed(
            items.astype(np.int32), np.zeros((n_people, 0), np.int16), liked.astype(np.int32)
        )
        is_label = items % 2 == taste[:, None]
        features = rng.normal(size=(n_people, 10, 4)).astype(np.float32)
        everything = np.ones(is_label.shape, bool)
        return TrainingSet(features, everything, is_label, NAMES, listed=listed, vectors=vectors)

    training, asked = lists(0), lists(1)
    for name in ("din", "bst"):
        assert hit(ALONE[name].fit(training, CONFIG, 0), asked) > 0.8
    assert hit(ALONE["wide_deep"].fit(training, CONFIG, 0), asked) < 0.65


@pytest.mark.parametrize("name", ["fm", "bst", "heads"])
def test_out_of_fold_nobody_is_scored_by_an_item_that_only_their_own_label_shows(name):
    """A planted copy of the label: each person's own private item is their one label."""
    n_people = 90
    rng = np.random.default_rng(0)
    items = rng.integers(0, 20, (n_people, 8)).astype(np.int32)
    items[:, 0] = 1000 + np.arange(n_people) // 6  # in six lists: two of them of the same fold
    is_label = np.zeros(items.shape, bool)
    is_label[:, 0] = np.arange(n_people) % 3 == 0  # a label in the lists of one fold alone
    is_label[:, 1] = ~is_label[:, 0]
    features = rng.normal(size=(*items.shape, 4)).astype(np.float32)
    listed = Listed(items, np.zeros((n_people, 0), np.int16), np.full((n_people, 20), -1, np.int32))
    training = TrainingSet(
        features,
        np.ones(items.shape, bool),
        is_label,
        NAMES,
        listed=listed,
        aims={"finished": is_label},  # a copy, too: heads are taught by others' alone
    )

    def taught_by(some):
        return ALONE[name].fit(some, CONFIG, 0)

    ranker = about(taught_by(training), listed)
    inside = ranker.score(features, training.is_candidate)
    outside = out_of_fold(taught_by, training)
    own = np.arange(n_people) % 3 == 0
    above = [(scores[own, 1:] > scores[own, :1]).mean() for scores in (inside, outside)]
    assert above[0] < above[1] - 0.1


def test_a_blend_tells_its_members_whose_lists_they_are():
    asked = signed_lists(1, n_people=6)
    members = tuple((name, fitted(name)) for name in ("fm", "logistic"))
    blend = Blend(members, np.array([0.8, 0.2]))
    assert hit(blend, asked) > 0.8
    told = about(blend, asked.listed)
    parts = about(blend, asked.take(np.array([2])).listed).contributions(
        asked.features[2], asked.is_candidate[2]
    )
    scores = told.score(asked.features, asked.is_candidate)[2]
    np.testing.assert_allclose(parts.sum(axis=1), scores, rtol=1e-4, atol=1e-4)


def test_narrowing_moves_candidates_to_the_front_with_all_that_is_theirs():
    whole = signed_lists(0, n_people=10)
    is_candidate = np.random.default_rng(0).random(whole.is_label.shape) < 0.5
    thin = replace(whole, is_candidate=is_candidate, last=whole.features[:, :, 0])
    found = thin.narrowed()
    assert found.is_label.shape[1] == is_candidate.sum(axis=1).max() < 12
    np.testing.assert_array_equal(found.rows(), thin.rows())
    kept = found.is_candidate
    np.testing.assert_array_equal(found.listed.items[kept], whole.listed.items[is_candidate])
    np.testing.assert_array_equal(found.last[kept], thin.last[is_candidate])
    np.testing.assert_array_equal(found.labels(), whole.is_label[is_candidate])


def test_items_in_few_lists_have_no_row_of_their_own():
    listed = Listed(
        np.array([[1, 2]] * 5 + [[3, 3]] * 2, np.int32),
        np.array([[0]] * 6 + [[2]], np.int16),
        np.full((7, LAST_LIKED), -1, np.int32),
    )
    found = learn_id_rows(listed, np.ones((7, 2), bool))
    assert (found.items.tolist(), found.groups.tolist()) == ([1, 2], [3])
    assert learn_id_rows(None, np.ones((7, 2), bool)).is_empty


@pytest.mark.parametrize("name", ["din", "bst"])
def test_a_fit_serves_explains_and_flips_by_a_network_that_knows_items(tmp_path, name):
    config = replace(TINY_CONFIG, rankers=(name,))
    artifacts = open_artifacts(fit(tiny_dataset(60, 60, 20), tmp_path, config=config).parent)
    assert artifacts.manifest["recipe"]["ranker"] == name
    assert [flip["attribute"] for flip in artifacts.manifest["attribute_flips"]]
    full = np.flatnonzero(np.asarray(artifacts.fallback) == 0)
    assert len(full) > 20
    for user in full[:5]:
        is_there = np.asarray(artifacts.candidates[user]) >= 0
        parts = explain_ranks(artifacts, int(user))[is_there]
        scores = np.asarray(artifacts.scores[user])[is_there]
        np.testing.assert_allclose(parts.sum(axis=1), scores, rtol=1e-3, atol=1e-3)
        assert np.ptp(parts[:, -1]) > 1e-6  # what it learned of the items themselves
        again = what_if_candidates(artifacts, int(user))
        np.testing.assert_array_equal(again.candidates, artifacts.candidates[user])
        np.testing.assert_array_equal(again.scores, artifacts.scores[user])
