"""Several networks of one source stand side by side: their scores add up."""

import dataclasses

import numpy as np
import pytest

from engine.pipeline.neural.settings import NeuMfConfig, SequenceConfig, TowerConfig
from engine.pipeline.retrieval import gru4rec, sasrec, two_towers
from engine.pipeline.retrieval.by_network import FAR, learned_together
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.progress import listening
from tests.engine.pipeline.retrieval.history_makers import plain_catalogue, random_histories

TOWERS = TowerConfig(factors=8, hidden=12, length=6, epochs=2, batch=64, threads=1)
SEQUENCES = SequenceConfig(factors=8, length=6, epochs=2, batch=16, threads=1)


def learned(seed):
    rng = np.random.default_rng(seed)
    weights = {"first.weight": rng.normal(size=(2, 3)).astype(np.float32)}
    return rng.normal(size=(5, 4)).astype(np.float32), weights, f"seed {seed}"


def test_of_one_nothing_is_changed():
    factors, weights, said = learned_together(learned, 1, 7)
    np.testing.assert_array_equal(factors, learned(7)[0])
    assert list(weights) == ["first.weight"]
    assert said == "seed 7"


def test_members_differ_by_seeds_that_lie_far_apart_and_stand_side_by_side():
    factors, weights, said = learned_together(learned, 3, 7)
    parts = [learned(7 + FAR * member) for member in range(3)]
    np.testing.assert_array_equal(factors, np.hstack([one[0] for one in parts]))
    assert len(weights) == 3
    for member, (_, own, _) in enumerate(parts):
        np.testing.assert_array_equal(weights[f"{member}/first.weight"], own["first.weight"])
    assert said == "3 networks; the first: seed 7"


def test_progress_is_that_of_all_members():
    heard = []

    def learn(seed):
        from engine.progress import told

        told(0.5)
        told(1.0)
        return learned(seed)

    with listening(heard.append):
        learned_together(learn, 2, 0)
    assert heard == pytest.approx([0.25, 0.5, 0.75, 1.0])


@pytest.mark.parametrize(
    ("module", "field", "small"),
    [
        (two_towers, "towers", TOWERS),
        (sasrec, "sasrec", SEQUENCES),
        (gru4rec, "gru", SEQUENCES),
    ],
)
def test_scores_are_the_sums_of_the_members_and_are_read_back(module, field, small, tmp_path):
    pytest.importorskip("torch", reason="PyTorch is an extra: make setup NEURAL=1")
    histories, catalogue = random_histories(0, 30, 20), plain_catalogue(20)

    def fitted(members, seed):
        config = dataclasses.replace(small, members=members)
        whole = dataclasses.replace(SourceConfig(), **{field: config})
        return module._fit(histories, catalogue, whole, seed), whole

    both, config = fitted(2, 5)
    apart = [fitted(1, seed)[0] for seed in (5, 5 + FAR)]
    total = sum(one.factors_of(histories) @ one.item_factors.T for one in apart)
    ours = both.factors_of(histories) @ both.item_factors.T
    np.testing.assert_allclose(ours, total, rtol=1e-4, atol=1e-4)
    assert not np.allclose(ours, 2 * apart[0].factors_of(histories) @ apart[0].item_factors.T)

    both.save(tmp_path)
    back = module._load(tmp_path, config)
    np.testing.assert_array_equal(back.factors_of(histories), both.factors_of(histories))
    proposed = both.source(None).propose(histories, 5)
    again = back.source(None).propose(histories, 5)
    np.testing.assert_array_equal(proposed.items, again.items)
    assert "2 networks" in both.report()["learned"]


def test_members_are_counted_from_one_and_neumf_is_one():
    for config in (TowerConfig, SequenceConfig):
        with pytest.raises(ValueError, match="`members` must be 1 or more"):
            config(members=0)
    with pytest.raises(ValueError, match="NeuMF is one network"):
        NeuMfConfig(members=2)
