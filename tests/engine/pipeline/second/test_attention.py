"""The transformer in NumPy: against a literal one, against PyTorch, and what may not move it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.pipeline.second.attention import Shape, encoded, fresh_weights, weight_shapes
from tests.engine.pipeline.second import literal

N, N_INPUTS = 7, 5


def drawn(seed, **sizes):
    """Weights away from their first values, so that every one of them moves something."""
    shape = Shape(**{"n_inputs": N_INPUTS, "n_places": N, "width": 8, "heads": 2, **sizes})
    rng = np.random.default_rng(seed)
    weights = {
        name: (values + 0.3 * rng.standard_normal(values.shape)).astype(np.float32)
        for name, values in fresh_weights(shape, rng).items()
    }
    inputs = rng.standard_normal((4, N, N_INPUTS)).astype(np.float32)
    return shape, weights, inputs


@pytest.mark.parametrize("has_distances", [True, False])
@pytest.mark.parametrize(("heads", "blocks"), [(1, 1), (2, 1), (3, 2), (4, 3)])
def test_it_is_what_a_few_literal_lines_say(heads, blocks, has_distances):
    shape, weights, inputs = drawn(1, heads=heads, blocks=blocks, has_distances=has_distances)
    logits, attention = encoded(weights, shape, inputs, np.ones((4, N), bool))
    expected = [literal.prm(weights, rows, heads=heads, blocks=blocks) for rows in inputs]
    np.testing.assert_allclose(logits, [one for one, _ in expected], atol=2e-5)
    if blocks == 1:
        np.testing.assert_allclose(attention, [looked for _, looked in expected], atol=1e-6)


@pytest.mark.parametrize("has_places", [True, False])
@pytest.mark.parametrize("has_residual", [True, False])
@pytest.mark.parametrize("has_distances", [True, False])
@pytest.mark.parametrize(("heads", "blocks"), [(1, 1), (3, 2)])
def test_it_is_what_pytorch_says(has_places, has_residual, has_distances, heads, blocks):
    torch = pytest.importorskip("torch")
    from engine.pipeline.neural.weights import put_weights
    from engine.pipeline.second.prm_learning import Encoder

    parts = {"has_places": has_places, "has_residual": has_residual}
    parts |= {"has_distances": has_distances}
    shape, weights, inputs = drawn(2, **parts, heads=heads, blocks=blocks)
    is_candidate = np.ones((4, N), bool)
    is_candidate[1, 4:] = is_candidate[2, 1:] = False
    model = Encoder(shape, 0.5, np.random.default_rng(0)).eval()
    put_weights(model, weights)
    with torch.no_grad():
        expected = model(torch.from_numpy(inputs), torch.from_numpy(is_candidate)).numpy()
    found, _ = encoded(weights, shape, inputs, is_candidate)
    np.testing.assert_allclose(found[is_candidate], expected[is_candidate], rtol=1e-5, atol=1e-5)


@given(st.integers(0, 2**31), st.integers(1, N))
def test_padding_moves_nothing(seed, n):
    shape, weights, inputs = drawn(seed, has_distances=True)
    is_candidate = np.broadcast_to(np.arange(N) < n, (4, N))
    padded, looked = encoded(weights, shape, inputs, is_candidate)
    other = inputs.copy()
    other[:, n:] = 99.0
    np.testing.assert_array_equal(
        padded[:, :n], encoded(weights, shape, other, is_candidate)[0][:, :n]
    )
    short, _ = encoded(weights, shape, inputs[:, :n], is_candidate[:, :n])
    np.testing.assert_allclose(padded[:, :n], short, atol=1e-5)
    assert (looked[:, :n, n:] == 0).all()
    np.testing.assert_allclose(looked[:, :n].sum(axis=2), 1, atol=1e-5)


def test_somebody_without_candidates_gets_numbers_that_nobody_reads():
    shape, weights, inputs = drawn(3)
    found, looked = encoded(weights, shape, inputs, np.zeros((4, N), bool))
    assert np.isfinite(found).all()
    assert np.isfinite(looked).all()


def test_a_list_scores_to_the_bit_the_same_alone_and_among_others():
    shape, weights, _ = drawn(4, has_distances=True)
    inputs = np.random.default_rng(5).standard_normal((64, N, N_INPUTS)).astype(np.float32)
    is_candidate = np.ones((64, N), bool)
    together, looked = encoded(weights, shape, inputs, is_candidate)
    back, _ = encoded(weights, shape, inputs[::-1], is_candidate)
    np.testing.assert_array_equal(back[::-1], together)
    for row in (0, 17, 63):
        part = slice(row, row + 1)
        alone = encoded(weights, shape, inputs[part], is_candidate[part])
        np.testing.assert_array_equal(alone[0][0], together[row])
        np.testing.assert_array_equal(alone[1][0], looked[row])


def test_without_places_the_order_of_the_list_is_nothing_to_it():
    shape, weights, inputs = drawn(6, has_places=False)
    is_candidate = np.ones((4, N), bool)
    order = np.random.default_rng(7).permutation(N)
    found, _ = encoded(weights, shape, inputs[:, order], is_candidate)
    straight, _ = encoded(weights, shape, inputs, is_candidate)
    np.testing.assert_allclose(found, straight[:, order], atol=1e-5)
    shape, weights, inputs = drawn(6)
    found, _ = encoded(weights, shape, inputs[:, order], is_candidate)
    straight, _ = encoded(weights, shape, inputs, is_candidate)
    assert np.abs(found - straight[:, order]).max() > 0.01


def test_the_small_configuration_has_about_twelve_thousand_weights():
    shapes = weight_shapes(Shape(n_inputs=64, n_places=50, width=32, heads=2))
    assert 10_000 < sum(int(np.prod(size)) for size in shapes.values()) < 14_000


def test_a_shape_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="`heads` of Shape must be from 1 to 4; got 5"):
        Shape(n_inputs=3, n_places=5, width=4, heads=5)
    with pytest.raises(ValueError, match="`blocks` of Shape must be 1 or more; got 0"):
        Shape(n_inputs=3, n_places=5, blocks=0)
