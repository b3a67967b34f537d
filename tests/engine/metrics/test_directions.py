"""Which way is better belongs to the metric; a target can be passed, and that is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.evaluation import evaluate, evaluate_scenario
from engine.metrics.audience import audience_of
from engine.metrics.figures import judge_together
from engine.metrics.metric import metric
from engine.metrics.overshoot import passed
from engine.metrics.registry import METRICS
from engine.metrics.settings import Settings
from engine.metrics.targets import tail_targets
from engine.metrics.user_matrix import measure
from engine.scenario import Scenario
from tests.engine.metrics.random_service import random_artifacts

K = 6


@pytest.fixture(scope="module")
def artifacts():
    return random_artifacts(300, 80, n_candidates=40, n_held=6, seed=3)


def lists_of(artifacts, tail_places, seed):
    """Lists with so many places of the long tail, at random."""
    rng = np.random.default_rng(seed)
    tail, head = (np.flatnonzero(artifacts.is_long_tail == side) for side in (True, False))
    rows = [
        np.concatenate(
            [
                rng.choice(tail, tail_places, replace=False),
                rng.choice(head, K - tail_places, replace=False),
            ]
        )
        for _ in range(artifacts.n_users)
    ]
    return rng.permuted(np.array(rows, np.int32), axis=1)


def change(artifacts, before, after):
    """Figures of lists with ``after`` places of the tail, against ones with ``before``."""
    audience = audience_of(artifacts)
    settings = Settings(item_groups="head_tail")
    base = measure(audience, lists_of(artifacts, before, 1), settings=settings)
    return evaluate(audience, lists_of(artifacts, after, 2), base).figures


def test_a_metric_that_random_lists_would_top_is_never_called_better_or_worse(artifacts):
    """Chance spreads exposure and varies lists most; only hits make a list better."""
    audience = audience_of(artifacts)
    base = measure(audience, artifacts.candidates[:, :K])
    found = evaluate(audience, lists_of(artifacts, 4, 9), base).figures
    for name in ("ild", "genre_entropy", "coverage", "n90", "gini", "personalisation", "novelty"):
        assert found[name].verdict not in ("better", "worse", "nearer", "further"), name
    assert {str(found[name].verdict) for name in ("gini", "ild")} & {"higher", "lower"}


def test_only_what_counts_hits_has_a_better_direction():
    better = {name for name, one in METRICS.items() if one.direction in ("higher", "lower")}
    hits = {name for name, one in METRICS.items() if one.family == "relevance"} - {"unjudged"}
    hits -= {"dislike_rate"}  # lists that nobody judged would have the best of it
    hits -= {"repeat_share"}  # what was met before is no better for that
    assert better == hits | {"epc", "efd", "serendipity", "rank_serendipity"}


def test_a_metric_without_direction_says_higher_and_lower():
    assert METRICS["coverage"].change_words == ("lower", "higher")
    assert METRICS["aplt"].change_words == ("lower", "higher")
    assert METRICS["ndcg"].change_words == ("worse", "better")
    assert METRICS["ndkl"].change_words == ("further", "nearer")
    assert "aim" in METRICS["aplt"].direction_in_words


def test_the_long_tail_comes_nearer_to_its_share_of_the_catalogue_then_goes_past(artifacts):
    """More of the tail was "better" without end: 90 % of places against 72 % of the items."""
    share = artifacts.is_long_tail.mean()
    assert 2 / K < share < 3 / K
    nearer, past = change(artifacts, 1, 2)["aplt"], change(artifacts, 1, 3)["aplt"]
    assert nearer.target == pytest.approx(share)
    assert (nearer.verdict, nearer.overshoot) == ("nearer", "")
    assert (past.verdict, past.overshoot) == ("nearer", "past the target")
    far = change(artifacts, 2, 5)["aplt"]
    assert (far.verdict, far.overshoot) == ("further", "past the target")
    assert change(artifacts, 4, 5)["aplt"].verdict == "further"


def test_an_exposure_ratio_that_changes_sides_says_who_now_gets_more(artifacts):
    """DTR rose from .06 to .80 and fell to .03 with the long tail on the other side."""
    found = change(artifacts, 0, 6)
    for name in ("exposure_parity", "disparate_treatment"):
        assert "Long tail, least before, now gets more than Short head" in found[name].overshoot
    assert change(artifacts, 0, 2)["exposure_parity"].overshoot == ""


def test_the_target_follows_the_setting_that_shares_are_held_against(artifacts):
    audience = audience_of(artifacts)
    history = tail_targets(audience, "history", 10)
    counts = np.array(artifacts.popularity, float)
    share = counts[artifacts.is_long_tail].sum() / counts.sum()
    assert history == {"aplt": pytest.approx(share), "aclt": pytest.approx(10 * share)}
    found = evaluate_scenario(artifacts, Scenario(k=K), settings=Settings(target="history"))
    assert found.figures["aplt"].target == pytest.approx(share)


def test_a_target_passed_by_as_much_as_was_missing_is_neither_nearer_nor_further(artifacts):
    found = evaluate_scenario(artifacts, Scenario(k=K, item_fairness=0.3))
    row = replace(
        found.unjudged["aplt"],
        before=0.4, difference=0.4, error=0.01, value=0.8, low=0.79, high=0.81, target=0.601,
    )  # fmt: skip
    figure = judge_together({"aplt": row}, ("aplt",))[0]["aplt"]
    assert figure.verdict == "higher"
    clearly = judge_together({"aplt": replace(row, target=0.75)}, ("aplt",))[0]["aplt"]
    assert clearly.verdict == "nearer"


def test_past_needs_the_whole_interval():
    assert not passed(0.2, 0.6, 0.9, 0.72)
    assert passed(0.9, 0.1, 0.5, 0.72)
    assert not passed(np.nan, 0.8, 0.9, 0.72)


def test_a_target_without_words_is_refused():
    with pytest.raises(AssertionError):
        metric("x", "X", "X.", "x", "x", family="exposure", undefined="X.", direction="target")
