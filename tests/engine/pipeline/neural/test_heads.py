"""A network with a head for likes and one for each other objective."""

from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is an extra: make setup NEURAL=1")

from engine import fit_heads
from engine.artifacts import open_artifacts
from engine.fit import fit
from engine.objective_words import objective_lines
from engine.pipeline.neural.weights import put_weights
from engine.pipeline.ranking import dense_learning
from engine.pipeline.ranking.dense_layers import logits, one_head
from engine.pipeline.ranking.dense_model import Dense
from engine.pipeline.ranking.dense_network import NETWORK_FILE, NUMPY_TOOLS, DenseRanker
from engine.pipeline.ranking.dense_weights import fresh_weights, inputs_of, weight_shapes
from engine.pipeline.ranking.id_rows import ReadRows
from engine.pipeline.ranking.listed import about
from engine.pipeline.ranking.objective_rankers import BY_HEAD, BY_LINE
from engine.pipeline.ranking.registry import ALONE, load_ranker
from engine.pipeline.serving import serving_of
from engine.what_if import what_if_candidates
from tests.conftest import TINY_CONFIG
from tests.engine.pipeline.neural.test_id_networks import (
    IDS,
    PARTS,
    C,
    N,
    over_zero,
    rows,
    signed_lists,
)
from tests.engine.pipeline.neural.test_id_networks import some_weights as block_weights
from tests.engine.pipeline.ranking.test_rankers import CONFIG
from tests.tiny_service import tiny_dataset, tiny_with_finishes

AIMS = ("finished", "shared")


def some_weights(seed=1):
    rng = np.random.default_rng(seed)
    fresh = fresh_weights(weight_shapes(C, IDS, ("deep", "heads"), len(AIMS)), rng)
    return {
        k: (v + 0.3 * rng.standard_normal(v.shape)).astype(np.float32) for k, v in fresh.items()
    }


def literal(w, x, item, groups, head):
    """One candidate's logit by a head, 0 that of likes."""
    fields = [w["items"][item], *(w[f"group_{a}"][g] for a, g in enumerate(groups))]
    hidden = over_zero(np.concatenate([x, *fields]) @ w["first_w"] + w["first_b"])
    hidden = over_zero(hidden @ w["second_w"] + w["second_b"])
    if not head:
        own = x @ w["wide_w"][:, 0] + hidden @ w["out_w"][:, 0] + w["out_b"][0]
        return (
            own + w["bias_items"][item] + sum(w[f"bias_group_{a}"][g] for a, g in enumerate(groups))
        )
    at = head - 1
    own = x @ w["aim_wide"][:, at] + hidden @ w["aim_out"][:, at] + w["aim_b"][at]
    biases = [w[f"aim_bias_group_{a}"][g, at] for a, g in enumerate(groups)]
    return own + w["aim_bias_items"][item, at] + sum(biases)


def tensors(read):
    return ReadRows(**{f.name: torch.from_numpy(getattr(read, f.name)) for f in fields(read)})


def test_every_head_is_the_formula_in_pytorch_and_in_numpy():
    weights, read = some_weights(), rows()
    columns = np.random.default_rng(2).standard_normal((3, N, C)).astype(np.float32)
    model = Dense(weights).eval()
    put_weights(model, weights)
    with torch.no_grad():
        learned = model.heads(torch.from_numpy(columns), tensors(read))
        alone = model(torch.from_numpy(columns), tensors(read))
    assert len(learned) == 1 + len(AIMS)
    np.testing.assert_array_equal(learned[0], alone)
    exact = {key: values.astype(float) for key, values in weights.items()}
    for head, found in enumerate(learned):
        own = one_head(weights, head - 1) if head else weights
        served = logits(own, inputs_of(own, columns, read, NUMPY_TOOLS))
        assert served.dtype == np.float32
        np.testing.assert_allclose(served, found.numpy(), rtol=1e-5, atol=1e-5)
        for person in range(3):
            for place in range(N):
                x, item = columns[person, place].astype(float), read.items[person, place]
                by_hand = literal(exact, x, item, read.groups[person], head)
                np.testing.assert_allclose(served[person, place], by_hand, rtol=1e-4, atol=1e-4)


def with_events(seed=0):
    """Lists where the first third of the items is liked and the last third is finished."""
    training = signed_lists(seed)
    return replace(training, aims={"finished": training.listed.items >= 16})


@cache
def fitted():
    return ALONE["heads"].fit(with_events(), CONFIG, 0)


def first_three(ranker, asked):
    scores = about(ranker, asked.listed).score(asked.features, asked.is_candidate)
    return np.argsort(-scores, axis=1)[:, :3]


def test_each_head_finds_its_own_and_all_of_it_is_read_back(tmp_path):
    asked, ranker = with_events(1), fitted()
    assert ranker.aims == ("finished",)
    for found, truth in (
        (ranker, asked.is_label),
        (ranker.head("finished"), asked.aims["finished"]),
    ):
        hits = np.take_along_axis(truth, first_three(found, asked), axis=1)
        assert hits.mean() > 0.9  # features say nothing: a third by chance
    (tmp_path / "head").mkdir()
    ranker.save(tmp_path)
    ranker.head("finished").save(tmp_path / "head")
    again = load_ranker("heads", tmp_path)
    pairs = (
        (again, ranker),
        (again.head("finished"), ranker.head("finished")),
        (DenseRanker.load(tmp_path / "head"), ranker.head("finished")),
    )
    one = asked.take(np.array([4]))
    for read, kept in pairs:
        told, known = about(read, one.listed), about(kept, one.listed)
        scores = told.score(one.features, one.is_candidate)
        np.testing.assert_array_equal(scores, known.score(one.features, one.is_candidate))
        parts = told.contributions(one.features[0], one.is_candidate[0])
        np.testing.assert_allclose(parts.sum(axis=1), scores[0], rtol=1e-4, atol=1e-4)


def test_heads_of_other_shapes_are_refused_and_networks_of_before_have_none(tmp_path):
    ranker = fitted()
    replace(ranker, aims=("finished", "shared")).save(tmp_path)
    with pytest.raises(ValueError, match="not of its shapes"):
        DenseRanker.load(tmp_path)
    ranker.head("finished").save(tmp_path)
    with np.load(tmp_path / NETWORK_FILE) as file:
        before = {name: values for name, values in file.items() if name != "aims"}
    np.savez(tmp_path / NETWORK_FILE, **before)
    assert DenseRanker.load(tmp_path).aims == ()


def test_the_same_seed_gives_the_same_weights_of_every_head():
    again = ALONE["heads"].fit(with_events(), CONFIG, 0)
    for one, other in zip(again.members, fitted().members, strict=True):
        assert set(one) == set(other)
        for name in one:
            np.testing.assert_array_equal(one[name], other[name])


def test_without_events_it_is_the_plain_network_and_without_some_they_are_masked():
    """An objective that nobody did anything of has no part in the loss: likes are learned alike."""
    training, asked = signed_lists(0), signed_lists(1, n_people=4)
    nothing = np.zeros(training.is_label.shape, bool)
    found = [
        ALONE[name].fit(taught, CONFIG, 0)
        for name, taught in (
            ("wide_deep", training),
            ("heads", training),
            ("heads", replace(training, aims={"finished": nothing})),
        )
    ]
    assert [one.aims for one in found] == [(), (), ("finished",)]
    scores = [about(one, asked.listed).score(asked.features, asked.is_candidate) for one in found]
    np.testing.assert_array_equal(scores[1], scores[0])
    np.testing.assert_array_equal(scores[2], scores[0])
    assert not found[2].members[0]["aim_wide"].any()  # it began at 0, and nothing moved it


def test_events_at_padding_teach_nothing():
    training = with_events()
    is_candidate = training.is_candidate.copy()
    is_candidate[:, -2:] = False
    thin = replace(training, is_candidate=is_candidate, is_label=training.is_label & is_candidate)
    one, other = (
        ALONE["heads"].fit(replace(thin, aims={"finished": events}), CONFIG, 0)
        for events in (training.aims["finished"], training.aims["finished"] & is_candidate)
    )
    np.testing.assert_array_equal(one.members[0]["aim_wide"], other.members[0]["aim_wide"])


def test_thinning_keeps_what_people_did_where_it_is_asked_to():
    training = with_events()
    events = training.aims["finished"]
    kept = training.thinned(400, seed=0, with_aims=True)
    assert kept.is_candidate[events | training.is_label].all()
    assert not kept.is_candidate.all()
    plain = training.thinned(400, seed=0)
    np.testing.assert_array_equal(
        plain.is_candidate, replace(training, aims={}).thinned(400, seed=0).is_candidate
    )
    narrow = kept.narrowed()
    np.testing.assert_array_equal(
        narrow.aims["finished"][narrow.is_candidate], events[kept.is_candidate]
    )


def test_a_few_lists_are_learned_by_heart_by_every_head():
    read, columns = rows(n_people=4), torch.zeros(4, N, C)
    shapes = weight_shapes(C, IDS, ("deep", "heads"), 1)
    model = Dense(fresh_weights(shapes, np.random.default_rng(0))).eval()
    # equal items cannot be told apart, so all of the highest, and of the lowest, are wanted
    wanted = [
        torch.from_numpy(read.items == end(read.items, axis=1, keepdims=True))
        for end in (np.max, np.min)
    ]
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(200):
        losses = [
            -found.log_softmax(dim=1).masked_fill(~own, -torch.inf).logsumexp(dim=1).mean()
            for found, own in zip(model.heads(columns, tensors(read)), wanted, strict=True)
        ]
        optimiser.zero_grad()
        torch.stack(losses).sum().backward()
        optimiser.step()
    assert max(loss.item() for loss in losses) < 1e-2


def test_golden_scores():
    """Of weights drawn by NumPy: what changes them changes every fit that is kept."""
    weights, read = some_weights(7), rows(7)
    columns = np.random.default_rng(7).standard_normal((3, N, C)).astype(np.float32)
    block = block_weights(PARTS["bst"], seed=7)
    for own, expected in zip((weights, one_head(weights, 1), block), GOLDEN, strict=True):
        found = logits(own, inputs_of(own, columns, read, NUMPY_TOOLS))[1, :3]
        np.testing.assert_allclose(found, expected, atol=1e-4)


GOLDEN = ((1.3825, 1.64644, 3.90631), (-0.53766, 0.75784, -0.45996), (8.3124, 6.03369, 5.70272))


def asked_for_heads(dataset, folder):
    config = replace(TINY_CONFIG, rankers=("heads",))
    return open_artifacts(fit(dataset, folder, config=config).parent)


@pytest.mark.parametrize("serves", [True, False])
def test_a_fit_says_which_ranker_an_objective_has_and_serves_by_it(tmp_path, monkeypatch, serves):
    monkeypatch.setattr(fit_heads, "does_as_well", lambda _: serves)
    monkeypatch.setattr(dense_learning, "MEMBERS", 1)
    artifacts = asked_for_heads(tiny_with_finishes(), tmp_path)
    (said,) = artifacts.manifest["metrics"]["objectives"]
    assert said["ranker"] == (BY_HEAD if serves else BY_LINE)
    assert said["head_n"] == said["n"]
    first, line = objective_lines(artifacts.manifest)
    assert first.endswith("a head each for liked and finished; that of likes ranks.")
    assert ("In its place serves the head" in line) == serves
    monkeypatch.setitem(__import__("sys").modules, "torch", None)  # opens and serves without
    (ranker,) = serving_of(artifacts).objectives.rankers
    assert ranker.how == said["ranker"]
    for user in (0, 7, 31):
        again = what_if_candidates(artifacts, user)
        np.testing.assert_array_equal(again.objectives, artifacts.objectives[user])
    is_even, is_candidate = artifacts.candidates % 2 == 0, artifacts.candidates >= 0
    scores = artifacts.objectives[:, :, 0]  # an even item is finished nine times in ten
    assert scores[is_candidate & is_even].mean() > scores[is_candidate & ~is_even].mean() + 0.1


def test_a_fit_of_data_without_other_objectives_says_that_it_is_the_plain_network(tmp_path):
    config = replace(TINY_CONFIG, rankers=("heads",))
    artifacts = open_artifacts(fit(tiny_dataset(60, 60, 20), tmp_path, config=config).parent)
    (line,) = objective_lines(artifacts.manifest)
    assert "one alone, for likes" in line
    assert artifacts.manifest["recipe"]["ranker"] == "heads"
