"""The one training loop: what it keeps, when it ends, and what it refuses."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is an extra: make setup NEURAL=1")

from engine.analysis.trials import CancelledError
from engine.errors import DataError, ScoreError
from engine.pipeline.neural.training import Schedule, seeded, train
from engine.pipeline.neural.weights import load_weights, put_weights, save_weights, weights_of
from engine.progress import listening

X = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
TRUTH = np.array([[1.0], [-2.0], [0.5]], np.float32)
QUICK = Schedule(epochs=60, batch=16, rate=0.05, threads=1)


def learned(schedule=QUICK, *, seed=0, figure=None, targets=None):
    with seeded(seed, schedule.threads) as device:
        model = torch.nn.Linear(3, 1).to(device)
        x = torch.from_numpy(X).to(device)
        y = torch.from_numpy(X @ TRUTH if targets is None else targets).to(device)
        found = train(
            model,
            lambda rows: ((model(x[rows]) - y[rows]) ** 2).mean(),
            len(X),
            schedule,
            seed=seed,
            name="A line",
            figure=figure and (lambda: figure(model)),
        )
    return model, found


def test_a_line_is_found_and_the_loss_falls_to_nothing():
    model, found = learned()
    np.testing.assert_allclose(found.weights["weight"], TRUTH.T, atol=1e-3)
    assert found.losses[-1] < 1e-5 < found.losses[0]
    assert len(found.losses) == 60
    assert np.isnan(found.best)
    assert not model.training


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    first, again, other = (learned(seed=seed)[1].weights["weight"] for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_what_is_drawn_elsewhere_is_the_same_before_and_after_and_so_are_the_threads():
    torch.manual_seed(5)
    expected, threads = torch.rand(2), torch.get_num_threads()
    torch.manual_seed(5)
    learned()
    assert torch.equal(torch.rand(2), expected)
    with pytest.raises(RuntimeError), seeded(0, 1):
        raise RuntimeError
    assert torch.get_num_threads() == threads


def test_it_ends_after_looks_without_a_better_figure_and_keeps_the_best_weights():
    seen, kept = iter([1.0, 3.0, 2.0, 2.5, 9.0]), []

    def figure(model):
        assert not model.training
        kept.append(weights_of(model))
        return next(seen)

    model, found = learned(Schedule(epochs=50, patience=2, threads=1), figure=figure)
    assert found.figures == (1.0, 3.0, 2.0, 2.5)
    assert (found.epochs, found.best) == (2, 3.0)
    for name, values in weights_of(model).items():
        np.testing.assert_array_equal(values, kept[1][name])


def test_progress_rises_to_the_end_and_a_listener_stops_it():
    shares = []
    with listening(shares.append, begins=0.2, ends=0.6):
        learned(Schedule(epochs=4, batch=16, threads=1))
    assert shares == sorted(shares)
    assert shares[0] == 0.2
    assert shares[-1] == pytest.approx(0.6)

    def stop(share):
        if share > 0.3:
            raise CancelledError("Stopped.")

    threads = torch.get_num_threads()
    with pytest.raises(CancelledError), listening(stop):
        learned()
    assert torch.get_num_threads() == threads


def test_a_loss_or_figure_that_is_no_number_is_one_sentence():
    bad = X @ TRUTH
    bad[7] = np.nan
    with pytest.raises(DataError, match=r"^A line was stopped in epoch 1: its loss is nan"):
        learned(targets=bad)
    with pytest.raises(DataError, match="its figure is inf"):
        learned(figure=lambda _: float("inf"))
    with pytest.raises(DataError, match="nothing to learn from"), seeded(0):
        train(torch.nn.Linear(1, 1), lambda rows: rows, 0, QUICK, seed=0, name="A line")


def test_weights_are_read_back_to_the_bit_and_hold_no_code(tmp_path):
    model, found = learned()
    save_weights(tmp_path, found.weights)
    assert [path.name for path in tmp_path.iterdir()] == ["weights.npz"]
    again = load_weights(tmp_path)
    assert {array.dtype for array in again.values()} == {np.dtype("float32")}
    other = torch.nn.Linear(3, 1)
    put_weights(other, again)
    for name, values in weights_of(other).items():
        np.testing.assert_array_equal(values, weights_of(model)[name])
    model.weight.data[0, 0] = float("nan")
    with pytest.raises(ScoreError, match="Learning weight gave 1 of 3 scores that are not finite"):
        weights_of(model)


def test_a_rate_that_falls_rises_first_and_ends_at_nothing():
    """Adam's steps along a slope that stays the same are as long as the rate."""
    with seeded(0, 1):
        model = torch.nn.Linear(1, 1, bias=False)
        seen = []

        def figure():
            seen.append(model.weight.item())
            return float(len(seen))

        schedule = Schedule(epochs=400, batch=1, rate=0.01, falls=True, threads=1)
        train(model, lambda _: model.weight.sum(), 1, schedule, seed=0, name="A slope",
              figure=figure)  # fmt: skip
    steps = -np.diff(seen) / 0.01
    assert steps[:20].max() < 0.25
    assert steps.argmax() == pytest.approx(100, abs=10)
    np.testing.assert_allclose(steps[200:], 0.5 * (1 + np.cos(np.pi * np.arange(201, 400) / 400)),
                               atol=0.01)  # fmt: skip
    assert steps[-1] < 0.001
