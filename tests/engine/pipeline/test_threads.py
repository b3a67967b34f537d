"""Work beside other work: in order, with its share of the threads, and the same on any number."""

import threading
from functools import partial

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from engine.pipeline.ranking.ranker import TrainingSet
from engine.pipeline.ranking.registry import fit_ranker
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.pipeline.retrieval.stage import fit_retrieval
from engine.threads import THREADS_SETTING, side_by_side, thread_count
from tests.engine.pipeline.ranking.test_rankers import CONFIG, NAMES, lists_with_a_signal
from tests.engine.pipeline.retrieval.history_makers import plain_catalogue, random_histories


def blas_threads():
    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]


def test_pieces_run_at_once_and_give_their_results_in_order(monkeypatch):
    monkeypatch.setenv(THREADS_SETTING, "3")
    meet = threading.Barrier(3, timeout=60)  # breaks unless three are there together

    def piece(number):
        meet.wait()
        return number, thread_count(), threading.get_ident()

    found = list(side_by_side([partial(piece, number) for number in range(3)]))
    assert [number for number, *_ in found] == [0, 1, 2]
    assert {count for _, count, _ in found} == {1}
    assert len({ident for *_, ident in found}) == 3
    assert thread_count() == 3


def test_fewer_pieces_have_more_threads_each(monkeypatch):
    monkeypatch.setenv(THREADS_SETTING, "8")
    assert list(side_by_side([thread_count] * 2)) == [4, 4]
    assert list(side_by_side([thread_count])) == [8]
    assert list(side_by_side([thread_count] * 5, 2)) == [4] * 5
    assert list(side_by_side([])) == []


@pytest.mark.parametrize("threads", ["1", "2"])
def test_pieces_have_one_blas_thread_and_others_what_they_had(threads, monkeypatch):
    monkeypatch.setenv(THREADS_SETTING, threads)
    before = blas_threads()
    inside = list(side_by_side([lambda: list(side_by_side([blas_threads] * 2))] * 2))
    assert {count for pieces in inside for one in pieces for count in one} == {1}
    assert blas_threads() == before


def test_a_piece_that_fails_ends_the_rest(monkeypatch):
    monkeypatch.setenv(THREADS_SETTING, "2")
    ran, before = [], blas_threads()

    def piece(number):
        ran.append(number)
        if number == 0:
            raise ValueError("the first fails")
        threading.Event().wait(0.01)

    with pytest.raises(ValueError, match="the first fails"):
        list(side_by_side([partial(piece, number) for number in range(200)]))
    assert len(ran) < 200
    assert blas_threads() == before


def test_a_ranker_is_the_same_on_any_number_of_threads(monkeypatch):
    training = TrainingSet(*lists_with_a_signal(0, n_people=90), NAMES)
    scores, tables = [], []
    for threads in ("1", "3"):
        monkeypatch.setenv(THREADS_SETTING, threads)
        chosen = fit_ranker(("logistic", "listwise"), training, CONFIG, seed=0)
        scores.append(chosen.ranker.score(training.features, training.is_candidate))
        tables.append((chosen.table.rows, chosen.table.learning))
    np.testing.assert_array_equal(*scores)
    assert tables[0] == tables[1]


def test_sources_are_the_same_on_any_number_of_threads(monkeypatch):
    audience = random_histories(n_people=80, n_items=300, longest=40)
    catalogue, found = plain_catalogue(300, [{item % 4} for item in range(300)]), []
    for threads in ("1", "3"):
        monkeypatch.setenv(THREADS_SETTING, threads)
        retrieval = fit_retrieval(audience, catalogue, SourceConfig(), n_candidates=20, seed=0)
        found.append({name: one.scores for name, one in retrieval.propose(audience).items()})
        assert set(retrieval.seconds) == set(retrieval.models)
    assert list(found[0]) == list(found[1])
    for name, scores in found[0].items():
        np.testing.assert_array_equal(scores, found[1][name], name)
