import numpy as np

from engine.pipeline.ranking.item_statistics import PRIOR_LIKES, item_statistics
from tests.engine.pipeline.retrieval.history_makers import histories_of, random_histories


def test_counts_by_hand():
    histories = histories_of([[0, 1, 2], [1, 0], [1]], [[1, 0, 1], [1, 1], [0]], n_items=4)
    statistics = item_statistics(histories, np.zeros((3, 0), np.int16))
    assert statistics.seen.tolist() == [2, 3, 1, 0]
    assert statistics.liked.tolist() == [2, 1, 1, 0]
    # places in sequence: item 1 is met second of three, first of two, first of one
    np.testing.assert_allclose(statistics.position, [(0 + 1) / 2, (1 / 2 + 0 + 0) / 3, 1, 0.5])
    expected = [(0 + np.log(2)) / 2, np.log(2) / 3, np.log(3)]
    np.testing.assert_allclose(statistics.log_position[:3], expected, rtol=1e-6)
    mean_share = 4 / 6
    np.testing.assert_allclose(
        statistics.liked_share,
        (np.array([2, 1, 1, 0]) + 10 * mean_share) / np.array([12, 13, 11, 10]),
    )


def test_only_the_last_days_are_recent():
    histories = histories_of([[0, 1], [2, 0]], n_items=3)  # one day apart each, days 0 to 3
    assert item_statistics(
        histories, np.zeros((2, 0), np.int16), recent_days=1
    ).recent.tolist() == [
        1,
        0,
        1,
    ]


def test_group_lift_is_a_ratio_of_shares_drawn_towards_one():
    histories = random_histories(n_people=40, n_items=6)
    codes = (np.arange(40) % 2).astype(np.int16)
    lift = item_statistics(histories, codes[:, None]).group_lift[0]
    counts = np.zeros((2, 6))
    for person in range(40):
        for item in histories.liked.row(person):
            counts[codes[person], item] += 1
    overall = (counts.sum(axis=0) + 0.5) / (counts.sum() + 0.5 * 6)
    for group in range(2):
        share = (counts[group] + PRIOR_LIKES * overall) / (counts[group].sum() + PRIOR_LIKES)
        np.testing.assert_allclose(lift[group], share / overall, rtol=1e-5)
    np.testing.assert_array_equal(lift[-1], np.ones(6))  # somebody of no known group


def test_an_empty_audience_has_finite_statistics():
    histories = histories_of([[], []], n_items=3)
    statistics = item_statistics(histories, np.zeros((2, 1), np.int16))
    for name, values in vars(statistics).items():
        for array in values if name == "group_lift" else (values,):
            assert np.isfinite(array).all(), name
