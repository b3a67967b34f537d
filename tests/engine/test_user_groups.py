import numpy as np
import pandas as pd

from engine.user_groups import (
    activity_groups,
    demographic_groups,
    short_head,
    stacked_codes,
    taste_groups,
)
from tests.engine.pipeline.retrieval.history_makers import histories_of, random_histories


def test_age_bands_are_in_age_order_and_unknown_is_last():
    bands = ["56+", "under 18", "18-24", "unknown", "25-34", None]
    groups = demographic_groups(pd.DataFrame({"age_band": bands}), ("age_band",))
    assert groups[0].name == "age band"
    assert groups[0].labels == ("under 18", "18-24", "25-34", "56+", "unknown")
    assert groups[0].codes.tolist() == [3, 0, 1, 4, 2, 4]


def test_attributes_that_divide_nobody_or_everybody_are_left_out():
    users = pd.DataFrame(
        {"all": ["x"] * 60, "postcode": [str(n) for n in range(60)], "sex": ["f", "m"] * 30}
    )
    groups = demographic_groups(users, ("all", "postcode", "sex"))
    assert [group.name for group in groups] == ["sex"]


def test_the_short_head_is_the_fewest_items_with_four_fifths():
    popularity = np.array([1, 50, 5, 30, 14])
    assert short_head(popularity).tolist() == [False, True, False, True, False]
    assert short_head(np.array([10, 10, 10, 10, 10])).sum() == 4


def test_taste_groups_have_the_published_sizes_and_sides():
    histories = random_histories(n_people=100, n_items=40)
    taste = taste_groups(histories)
    assert np.bincount(taste.codes).tolist() == [20, 60, 20]
    tail = ~short_head(histories.popularity)
    share = [tail[row].mean() if len(row) else 0 for row in map(histories.seen.row, range(100))]
    means = [np.mean(np.array(share)[taste.codes == group]) for group in range(3)]
    assert taste.labels == ("niche", "diverse", "blockbuster")
    assert means[0] > means[1] > means[2]


def test_activity_is_in_thirds():
    histories = histories_of([[0] * n for n in (5, 1, 9, 2, 7, 3)])
    groups = activity_groups(histories)
    assert [groups.labels[code] for code in groups.codes] == [
        "medium",
        "light",
        "heavy",
        "light",
        "heavy",
        "medium",
    ]


def test_without_attributes_the_stack_has_no_columns():
    assert stacked_codes((), 4).shape == (4, 0)
