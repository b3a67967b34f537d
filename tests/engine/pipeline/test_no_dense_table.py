"""A catalogue of 200,000 items: whatever has an entry for every person and item would not fit."""

import tracemalloc

import numpy as np

from engine.arrays import Ragged
from engine.pipeline.lists import serve_everybody
from engine.pipeline.moment import make_moment
from engine.pipeline.ranking.candidate_features import FEATURE_FAMILIES
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.source_config import AlsConfig, RidgeConfig, SourceConfig
from engine.pipeline.teaching import teaching_lists
from tests.engine.pipeline.test_moment import ByPlace, silent

N_PEOPLE, N_ITEMS, N_EACH = 3000, 200_000, 12


def test_between_data_and_lists_there_is_no_table_of_people_and_items():
    rng = np.random.default_rng(0)
    seen = Ragged.from_rows([np.unique(rng.zipf(1.3, N_EACH) % N_ITEMS) for _ in range(N_PEOPLE)])
    n = len(seen.indices)
    audience = Histories(N_ITEMS, seen, rng.random(n) < 0.7, np.arange(n) / 100)
    genres = rng.random((N_ITEMS, 8)) < 0.2
    catalogue = Catalogue(
        texts=("",) * N_ITEMS,
        genre_names=tuple("abcdefgh"),
        genre_matrix=genres,
        released_day=rng.uniform(0, 20_000, N_ITEMS),
        provider_names=(),
        provider_codes=np.full(N_ITEMS, -1, np.int16),
    )
    config = SourceConfig(
        als=AlsConfig(factors=8, iterations=2), ridge=RidgeConfig(max_items=300), index_from=10**9
    )
    codes = np.zeros((N_PEOPLE, 1), np.int16)
    labels = Ragged.from_rows([[0]] * N_PEOPLE)
    tracemalloc.start()
    try:
        moment = make_moment(
            audience,
            catalogue,
            codes,
            ("group",),
            config,
            families=tuple(FEATURE_FAMILIES),
            n_candidates=100,
            seed=0,
        )
        taught = teaching_lists(moment, audience, codes, labels, max_bytes=10**7, tell=silent)
        ranker = ByPlace(taught.training.feature_names, -1)
        served = serve_everybody(moment, ranker, audience, codes, max_feature_bytes=0, tell=silent)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (served.candidates >= 0).all()
    one_table = 4 * N_PEOPLE * N_ITEMS
    assert peak < 0.25 * one_table, f"{peak / 1e6:.0f} MB against {one_table / 1e6:.0f}"
