"""Every model of factors is searched through the index by one rule: large enough, and faster."""

import dataclasses

import numpy as np
import pytest

from engine.pipeline.retrieval import als, bpr, factor_index, weighted_als
from engine.pipeline.retrieval.factor_index import Indexable, with_index
from engine.pipeline.retrieval.registry import learnable
from engine.pipeline.retrieval.source_config import AlsConfig, SourceConfig
from engine.pipeline.retrieval.stage import fit_retrieval
from tests.engine.pipeline.retrieval.history_makers import plain_catalogue, random_histories
from tests.engine.pipeline.retrieval.test_sources import CONFIG

N_ITEMS = 300
LARGE = SourceConfig(als=AlsConfig(factors=8), index_from=N_ITEMS)


@pytest.fixture(scope="module")
def audience():
    return random_histories(n_people=80, n_items=N_ITEMS, longest=30)


@pytest.mark.usefixtures("exact_is_slow")
@pytest.mark.parametrize("module", [als, weighted_als, bpr])
def test_a_used_index_proposes_what_the_exact_search_does(module, audience, tmp_path):
    model = module._fit(audience, plain_catalogue(N_ITEMS), LARGE, 0)
    found = with_index(model, audience, LARGE, 0)
    assert found.index_report.recall_at_200 > 0.9
    assert found.index_report.is_used == (found.index_report.recall_at_200 >= 0.99)
    used = dataclasses.replace(
        found, index_report=dataclasses.replace(found.index_report, is_used=True)
    )
    exact, near = model.propose(audience, 20), used.propose(audience, 20)
    assert (exact.items == near.items).mean() > 0.9
    assert (model.report()["search"], used.report()["search"]) == ("exact", "index")
    used.save(tmp_path)
    again = module._load(tmp_path, LARGE)
    np.testing.assert_array_equal(again.propose(audience, 20).items, near.items)
    assert again.report() == used.report()


def test_the_rule_is_one_for_all_and_only_from_the_size_on(audience):
    names = learnable(("bpr", "sasrec", "two_towers", "lightgcn", "neumf"))
    small = dataclasses.replace(CONFIG, options=names, depths=(), index_from=N_ITEMS + 1)

    def models(config):
        catalogue = plain_catalogue(N_ITEMS, [{item % 3} for item in range(N_ITEMS)])
        return fit_retrieval(audience, catalogue, config, n_candidates=25, seed=0).models

    below = models(small)
    above = models(dataclasses.replace(small, index_from=N_ITEMS))
    products = {n for n, m in above.items() if isinstance(m, Indexable) and m.is_product}
    assert products == {"als", "weighted_als", *names} - {"neumf"}
    for name in products:
        assert below[name].report()["search"] == "exact"
        assert below[name].index is None
        report = above[name].report()
        assert report["index"]["n_items"] == N_ITEMS
        assert report["search"] == ("index" if report["index"]["is_used"] else "exact")
    if "neumf" in above:  # layers over both sides are no product: it is searched exactly
        assert above["neumf"].report()["search"] == "exact"
        assert above["neumf"].index is None


def test_what_has_an_index_or_cannot_have_one_stays_as_it_is(audience):
    model = als._fit(audience, plain_catalogue(N_ITEMS), LARGE, 0)
    once = with_index(model, audience, LARGE, 0)
    assert with_index(once, audience, LARGE, 0) is once
    nothing = object()
    assert with_index(nothing, audience, LARGE, 0) is nothing
    assert factor_index.INDEX_FILE.endswith(".hnsw")
