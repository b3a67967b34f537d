import numpy as np
import pandas as pd

from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.popularity import Popularity, recent_popularity
from tests.engine.pipeline.retrieval.history_makers import histories_of


def test_items_become_arrays():
    items = pd.DataFrame(
        {
            "title": ["A", "B", "C"],
            "genres": ["Drama|Comedy", "", " Comedy | "],
            "released": pd.Series(["1970-01-11", None, "1969-12-31"]).astype("datetime64[s]"),
            "provider": ["Zeta", "", "Alpha"],
        }
    )
    catalogue = Catalogue.from_items(items)
    assert catalogue.genre_names == ("Comedy", "Drama")
    assert catalogue.genre_matrix.tolist() == [[True, True], [False, False], [True, False]]
    np.testing.assert_array_equal(catalogue.released_day, [10, np.nan, -1])
    assert catalogue.provider_names == ("Alpha", "Zeta")
    assert catalogue.provider_codes.tolist() == [1, -1, 0]
    assert catalogue.n_items == 3


def test_recent_popularity_counts_likes_of_the_last_days_only():
    histories = histories_of([[0, 1, 1], [1, 2]], [[1, 1, 0], [1, 1]], n_items=4)  # days 0 to 4
    assert recent_popularity(histories, 3).tolist() == [0, 2, 1, 0]
    assert recent_popularity(histories, 100).tolist() == [1, 2, 1, 0]


def test_popularity_is_the_same_for_everybody_but_for_what_they_have_seen():
    source = Popularity(np.array([3, 1, 0, 5], np.float32))
    proposed = source.propose(histories_of([[0], [3, 0], []], n_items=4), 3)
    assert proposed.items.tolist() == [[3, 1, -1], [1, -1, -1], [3, 0, 1]]
    assert proposed.scores.tolist() == [[5, 1, 0], [1, 0, 0], [5, 3, 1]]
    assert proposed.of_seen.tolist() == [3, 5, 3]
