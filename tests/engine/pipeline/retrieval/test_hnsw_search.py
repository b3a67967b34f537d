import threading

import numpy as np
import pytest

from engine.arrays import PAD, Ragged
from engine.pipeline.retrieval.factor_search import exact_best, indexed_best, pair_scores
from engine.pipeline.retrieval.hnsw_search import HnswIndex, search_recall
from engine.pipeline.retrieval.index_measure import measured_index

N_ITEMS, DIM = 600, 12


@pytest.fixture(scope="module")
def vectors():
    """Factors whose lengths differ tenfold, as those of popular and of rare items do."""
    rng = np.random.default_rng(0)
    lengths = np.exp(rng.uniform(0, 2.3, (N_ITEMS, 1)))
    return (rng.normal(size=(N_ITEMS, DIM)) * lengths).astype(np.float32)


@pytest.fixture(scope="module")
def queries():
    return np.random.default_rng(1).normal(size=(80, DIM)).astype(np.float32)


@pytest.fixture(scope="module")
def index(vectors):
    return HnswIndex.build(vectors)


def seen_by(n_people, n_each=40, seed=2):
    rng = np.random.default_rng(seed)
    return Ragged.from_rows([rng.choice(N_ITEMS, n_each, False) for _ in range(n_people)])


def literal_best(queries, vectors, seen, n):
    """Sort all unseen items with a positive product."""
    best = np.full((len(queries), n), PAD)
    for person, row in enumerate(queries.astype(np.float64) @ vectors.T):
        row[seen.row(person)] = -1
        order = np.argsort(-row, kind="stable")[:n]
        best[person, : (row[order] > 0).sum()] = order[row[order] > 0]
    return best


def test_a_wide_search_is_the_exact_search(index, vectors, queries):
    exact = np.argsort(-(queries.astype(np.float64) @ vectors.T), axis=1)[:, :20]
    assert search_recall(index.search(queries, 20, ef=N_ITEMS), exact) > 0.999


@pytest.mark.parametrize("cells", [1, 5000, 4_000_000])
def test_the_exact_search_sorts_the_unseen_whatever_its_blocks(
    vectors, queries, cells, monkeypatch
):
    monkeypatch.setattr("engine.pipeline.retrieval.factor_search.BLOCK_CELLS", cells)
    seen = seen_by(len(queries))
    items, scores = exact_best(queries[:20], vectors, seen.take(np.arange(20)), 30)
    np.testing.assert_array_equal(items, literal_best(queries[:20], vectors, seen, 30))
    expected = pair_scores(queries[:20], vectors, Ragged(np.arange(21) * 30, items.ravel()))
    np.testing.assert_array_equal(scores.ravel(), expected)


def test_through_the_index_the_unseen_best_are_found_and_no_seen_one(index, vectors, queries):
    seen = seen_by(len(queries))
    items, scores = indexed_best(queries, vectors, seen, 30, index)
    assert search_recall(items, literal_best(queries, vectors, seen, 30)) > 0.98
    for person in range(len(queries)):
        assert not np.isin(items[person], seen.row(person)).any()
    assert (np.diff(scores, axis=1) <= 0).all()


@pytest.mark.usefixtures("exact_is_slow")
def test_the_index_reaches_its_goal_and_says_what_it_measured(vectors, queries):
    index, report = measured_index(vectors, queries, use_from=0, seed=0)
    assert report.recall_at_200 >= 0.99
    assert report.ef == index.default_ef
    exact = literal_best(queries, vectors, seen_by(len(queries), 0), 200)
    assert search_recall(index.search(queries, 200), exact) >= 0.99
    assert report.is_used == (report.queries_per_second > report.exact_queries_per_second)
    assert not measured_index(vectors, queries, use_from=N_ITEMS + 1, seed=0)[1].is_used


def test_a_saved_index_answers_the_same(index, queries, tmp_path):
    index.save(tmp_path / "items.hnsw")
    loaded = HnswIndex.load(tmp_path / "items.hnsw", dim=DIM, default_ef=50)
    assert loaded.n_items == N_ITEMS
    np.testing.assert_array_equal(
        loaded.search(queries, 10, ef=80), index.search(queries, 10, ef=80)
    )


def test_one_width_never_changes_the_answers_of_another(index, queries):
    widths = (10, 40, 400)
    alone = {ef: index.search(queries, 10, ef=ef) for ef in widths}
    assert not np.array_equal(alone[10], alone[400])  # else the test could not fail
    wrong = []

    def ask(ef):
        for _ in range(15):
            if not np.array_equal(index.search(queries, 10, ef=ef), alone[ef]):
                wrong.append(ef)

    threads = [threading.Thread(target=ask, args=(ef,)) for ef in widths * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("n_items", [0, 1, 3])
def test_few_or_no_items(n_items):
    vectors, queries = np.ones((n_items, 4), np.float32), np.ones((2, 4), np.float32)
    index, report = measured_index(vectors, queries, use_from=0, seed=0)
    assert index.search(queries, 5).shape == (2, n_items)
    assert np.isnan(report.recall_at_200) if n_items == 0 else report.recall_at_200 == 1
    nothing = Ragged(np.zeros(3, np.int64), np.empty(0, np.int32))
    items, _ = exact_best(queries, vectors, nothing, 5)
    assert items.tolist() == [list(range(n_items))] * 2


def test_equal_products_keep_the_lower_item_whatever_was_seen_and_however_many_are_asked_for():
    rng = np.random.default_rng(3)
    vectors = rng.integers(-2, 3, (60, 3)).astype(np.float32)  # many ties
    people = rng.integers(-2, 3, (25, 3)).astype(np.float32)
    lengths = rng.integers(0, 20, 25)
    seen = Ragged(
        np.r_[0, np.cumsum(lengths)],
        np.concatenate([np.sort(rng.permutation(60)[:n]) for n in lengths]).astype(np.int32),
    )
    for n in (1, 7, 59, 60, 80):
        items, _ = exact_best(people, vectors, seen, n)
        for row in range(25):
            products = people[row] @ vectors.T
            products[seen.row(row)] = 0
            order = np.lexsort((np.arange(60), -products))
            expected = [item for item in order if products[item] > 0][:n]
            assert items[row][items[row] >= 0].tolist() == expected


def test_equally_long_vectors_are_searched_by_the_same_products(vectors, queries, tmp_path):
    exact = np.argsort(-(queries.astype(np.float64) @ vectors.T), axis=1)[:, :20]
    made = HnswIndex.build(vectors, is_lengthened=True)
    found = made.search(queries, 20, ef=N_ITEMS)
    assert search_recall(found, exact) > 0.999
    assert (found == exact).mean() > 0.99
    made.save(tmp_path / "items.hnsw")
    again = HnswIndex.load(tmp_path / "items.hnsw", dim=DIM, default_ef=N_ITEMS, is_lengthened=True)
    np.testing.assert_array_equal(again.search(queries, 20), found)
    nothing = HnswIndex.build(np.empty((0, DIM), np.float32), is_lengthened=True)
    assert nothing.search(queries, 5).shape == (len(queries), 0)


@pytest.mark.parametrize("serves", ["neither", "first", "second"])
def test_the_second_graph_is_tried_where_the_first_does_not_serve(
    vectors, queries, serves, monkeypatch
):
    """Recall and time as they are made up: the better of the two that reaches the goal serves."""
    at = "engine.pipeline.retrieval.index_measure._widened"
    tried = []

    def made_up(index, *_):
        tried.append(index.is_lengthened)
        return (1.0 if index.is_lengthened == (serves == "second") else 0.5), 0.0

    monkeypatch.setattr(at, made_up if serves != "neither" else lambda *_: (0.5, 0.0))
    index, report = measured_index(vectors, queries, use_from=N_ITEMS, seed=0)
    assert index.is_lengthened == report.is_lengthened == (serves == "second")
    assert report.is_used == (serves != "neither")
    assert tried == {"neither": [], "first": [False], "second": [False, True]}[serves]
    measured_index(vectors, queries, use_from=N_ITEMS + 1, seed=0)
    assert tried.count(True) == (serves == "second")
