"""Sweeps: exact where they say so, the same from the same seed, stopped when asked."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from engine.analysis.advice import advise
from engine.analysis.aims import Aim, better_sign
from engine.analysis.front import hypervolume, is_on_front
from engine.analysis.kept_sweeps import kept_sweep, sweep_from_json, sweep_to_json
from engine.analysis.panel import confirming, halves, make_panel, stratified
from engine.analysis.space import idle_sentences, make_space
from engine.analysis.sweep import A_GLANCE, sweep
from engine.analysis.swept import SweepConfig
from engine.analysis.trials import CancelledError, evaluate_many
from engine.errors import ScenarioError
from engine.evaluation import evaluate_scenario
from engine.metrics.audience import audience_of
from engine.scenario import NEUTRAL, Scenario
from tests.engine.metrics.random_service import random_artifacts

AIMS = ("ndcg", "ild", "coverage", "ndcg@worst:gender", "ndcg@gap:gender")
CONFIG = SweepConfig(n_settings=40, n_people=80, n_confirmed=12)


@pytest.fixture(scope="module")
def artifacts():
    return random_artifacts(200, 60, n_candidates=40, n_held=6, seed=5)


@pytest.fixture(scope="module")
def space():
    return make_space(NEUTRAL, ["diversity", "freshness"])


@pytest.fixture(scope="module")
def found(artifacts, space):
    return sweep(artifacts, space, AIMS, config=CONFIG)


def test_the_exact_settings_have_the_figures_of_an_evaluation(artifacts, found):
    exact = [mapped for mapped in found.settings if mapped.is_confirmed]
    for mapped in exact[:5]:
        figures = evaluate_scenario(artifacts, mapped.scenario).figures
        for at, name in enumerate(("ndcg", "ild", "coverage")):
            assert mapped.readings.value[at] == pytest.approx(figures[name].value, abs=1e-9)
            assert mapped.readings.change[at] == pytest.approx(figures[name].difference, abs=1e-9)


def test_groups_are_read_as_metrics_of_the_group_alone(artifacts):
    scenario = Scenario(diversity=0.5)
    audience = audience_of(artifacts)
    labels = audience.attributes["gender"]
    aims = [Aim("ndcg", "group", "gender", label) for label in labels]
    read = evaluate_many(artifacts, [scenario], [*aims, *AIMS[3:]]).found[scenario]
    alone = []
    for code in range(len(labels)):
        users = np.flatnonzero(audience.codes("gender") == code)
        alone.append(evaluate_many(artifacts, [scenario], ["ndcg"], users=users).values()[0, 0])
    assert read.value[: len(labels)] == pytest.approx(alone, abs=1e-9)
    assert read.value[len(labels)] == pytest.approx(min(alone), abs=1e-9)
    assert read.value[len(labels) + 1] == pytest.approx(max(alone) - min(alone), abs=1e-9)


def test_nothing_measured_on_everyone_dominates_the_front(found):
    exact = [mapped for mapped in found.settings if mapped.is_confirmed]
    goods = np.array([mapped.readings.value[:2] for mapped in exact])
    expected = is_on_front(goods)
    assert [mapped.is_on_front for mapped in exact] == expected.tolist()
    assert not any(mapped.is_on_front for mapped in found.settings if not mapped.is_confirmed)
    assert len(found.front) >= 2


def test_what_only_the_sample_saw_is_marked_as_an_estimate(found):
    estimates = [mapped for mapped in found.settings if not mapped.is_confirmed]
    assert estimates
    assert all(mapped.readings.n[0] <= 80 for mapped in estimates)
    confirmed = [mapped for mapped in found.settings if mapped.is_confirmed]
    assert all(mapped.sampled is not None for mapped in confirmed)


def test_a_sweep_repeats_with_its_seed_and_changes_with_another(artifacts, space, found):
    again = sweep(artifacts, space, AIMS, config=CONFIG)
    assert [m.scenario for m in again.settings] == [m.scenario for m in found.settings]
    other = SweepConfig(n_settings=40, n_people=80, n_confirmed=12, seed=9)
    changed = sweep(artifacts, space, AIMS, config=other)
    assert [m.scenario for m in changed.settings] != [m.scenario for m in found.settings]


def test_refining_loses_next_to_nothing_to_a_design_of_the_same_size(artifacts):
    """Over seeds; `python -m tests.benchmarks sweeps` prints what it gains on real lists."""
    space = make_space(NEUTRAL, ["diversity", "freshness", "calibration"])
    areas = {0.4: 0.0, 1.0: 0.0}
    for share in areas:
        for seed in range(3):
            config = SweepConfig(n_settings=100, share_of_design=share, seed=seed)
            tried = sweep(artifacts, space, AIMS[:2], config=config)
            table = np.array([mapped.readings.value[:2] for mapped in tried.settings])
            areas[share] += hypervolume(table, np.array([0.0, 0.0]))
    assert areas[0.4] >= 0.99 * areas[1.0]


def test_a_kept_setting_takes_less_than_a_kilobyte(found):
    assert max(mapped.readings.nbytes for mapped in found.settings) <= 1024


def test_a_sweep_stops_when_it_is_told_to(artifacts, space):
    heard = []

    def tell(share):
        heard.append(share)
        if share > 0.3:
            raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        sweep(artifacts, space, AIMS, config=CONFIG, tell=tell)
    assert heard == sorted(heard)


def test_progress_rises_to_one(artifacts, space):
    heard = []
    sweep(artifacts, space, AIMS[:2], config=CONFIG, tell=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1.0)


def test_a_kept_sweep_is_the_one_that_was_made(found):
    assert sweep_to_json(sweep_from_json(json.loads(json.dumps(sweep_to_json(found))))) == (
        sweep_to_json(found)
    )


def test_a_damaged_kept_sweep_is_made_again(tiny_artifacts, space):
    first = kept_sweep(tiny_artifacts, space, ("ndcg", "ild"), config=CONFIG)
    folder = tiny_artifacts.folder.parent / "kept"
    (path,) = folder.glob("sweep-*.json")
    assert kept_sweep(tiny_artifacts, space, ("ndcg", "ild"), config=CONFIG, only_kept=True)
    path.write_text("{", encoding="utf-8")
    assert kept_sweep(tiny_artifacts, space, ("ndcg", "ild"), config=CONFIG, only_kept=True) is None
    again = kept_sweep(tiny_artifacts, space, ("ndcg", "ild"), config=CONFIG)
    assert sweep_to_json(again) == sweep_to_json(first)
    path.unlink()


def test_one_aim_is_no_map(artifacts, space):
    with pytest.raises(ScenarioError, match="second one"):
        sweep(artifacts, space, ["ndcg"])


def test_a_sample_keeps_the_shares_of_groups_and_halves_share_nobody(artifacts):
    audience = audience_of(artifacts)
    chosen = stratified(audience, ["gender"], 50, seed=1)
    codes = audience.codes("gender")
    n_groups = len(audience.attributes["gender"])
    asked = 50 * np.bincount(codes, minlength=n_groups) / len(codes)
    assert np.abs(np.bincount(codes[chosen], minlength=n_groups) - asked).max() <= 1
    assert (stratified(audience, ["gender"], 50, seed=1) == chosen).all()
    assert (stratified(audience, ["gender"], 50, seed=2) != chosen).any()
    one, other = halves(audience, ["gender"], seed=3)
    assert sorted([*one, *other]) == list(range(audience.n_users))


def test_advice_against_the_best_of_the_map_is_that_nothing_beats_it(artifacts, found):
    best = found.front[0].scenario
    told = advise(make_panel(artifacts, baseline=best), found)
    assert told.better is None
    assert "Nothing on the map" in told.words


def test_advice_never_names_a_setting_that_is_worse_in_either_axis(artifacts, found):
    panel_aims = found.aims[:2]
    for mapped in found.settings[:10]:
        told = advise(make_panel(artifacts, baseline=mapped.scenario), found)
        if told.better is None:
            continue
        read = evaluate_many(artifacts, [told.better, mapped.scenario], panel_aims)
        signs = [better_sign(aim) for aim in panel_aims]
        gain = (read.values([told.better])[0] - read.values([mapped.scenario])[0]) * signs
        assert (gain >= -1e-9).all()
        assert gain[told.axis] > 0


def test_a_panel_of_everyone_says_so(artifacts):
    assert make_panel(artifacts).is_everyone
    assert not make_panel(artifacts, users=np.arange(10)).is_everyone


def test_a_control_that_can_do_nothing_here_is_said_and_one_that_can_is_not(artifacts, space):
    assert idle_sentences(artifacts, space) == []
    one_item = replace(NEUTRAL, k=1)
    (sentence,) = idle_sentences(artifacts, make_space(one_item, ["diversity", "freshness"]))
    assert sentence.startswith("Diversity moves nothing here: A list of one item")


def test_of_very_many_people_the_front_is_confirmed_on_a_larger_sample(artifacts, space):
    config = SweepConfig(n_settings=40, n_people=40, n_confirmed=12, n_confirming=120)
    found = sweep(artifacts, space, AIMS[:2], config=config)
    assert (found.n_sampled, found.n_confirming, found.n_people) == (40, 120, 200)
    users = confirming(audience_of(artifacts), 120)
    assert len(set(users.tolist())) == 120
    confirmed = [mapped for mapped in found.settings if mapped.is_confirmed]
    assert 0 < len(confirmed) <= 13
    of_them = evaluate_many(artifacts, [confirmed[0].scenario], AIMS[:2], users=users).values()[0]
    assert confirmed[0].readings.value == pytest.approx(of_them, abs=1e-12)


@pytest.mark.parametrize("n_people", [80, 1_000])
def test_the_map_so_far_is_handed_out_and_grows_to_what_is_found(artifacts, space, n_people):
    """On a sample nothing is called the front before it was measured again."""
    shown = []
    config = replace(CONFIG, n_people=n_people, n_settings=150)
    whole = sweep(artifacts, space, AIMS, config=config, show=shown.append)
    sizes = [len(one.settings) for one in shown]
    assert sizes == sorted(set(sizes))
    assert sizes[:2] == [A_GLANCE, 60]
    assert len(sizes) == 2 + config.n_rounds
    tried = [one.scenario for one in whole.settings]
    for one in shown:
        assert [mapped.scenario for mapped in one.settings] == tried[: len(one.settings)]
        is_exact = n_people > artifacts.n_users
        assert any(mapped.is_on_front for mapped in one.settings) == is_exact
    assert sizes[-1] == len(tried)
