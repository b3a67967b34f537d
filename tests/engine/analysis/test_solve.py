"""Goal-seek against an exhaustive grid, and the rate at which it says that limits hold wrongly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from engine.analysis.aims import Aim
from engine.analysis.answer import answer_lines, answer_to_json, people_needed
from engine.analysis.constraints import Constraint, Part
from engine.analysis.goal import SolveConfig
from engine.analysis.goal_search import Attempt, GoalTrials, ladder, search
from engine.analysis.margins import Margins
from engine.analysis.panel import make_panel
from engine.analysis.readings import Readings
from engine.analysis.solve import _confirm, solve
from engine.analysis.space import make_space
from engine.analysis.trials import CancelledError
from engine.errors import ScenarioError
from engine.metrics.user_matrix import measure
from engine.reranking import rerank
from engine.scenario import NEUTRAL, Scenario
from tests.engine.metrics.random_service import random_artifacts

LIMITS = ("ndcg loss <= 10%", "mrr loss <= 15%", "top_item_share <= 60%")
CONTROLS = ("diversity", "freshness")


@pytest.fixture(scope="module")
def artifacts():
    return random_artifacts(300, 60, n_candidates=40, n_held=8, seed=5)


def everything_tried(artifacts, space, limits, sign=1.0):
    """Every setting of a grid, on everyone."""
    parts = tuple(Part(Constraint.parse(text)) for text in limits)
    trials = GoalTrials(make_panel(artifacts), Aim("ild"), sign, parts)
    for scenario in space.grid():
        trials.of(scenario)
    return trials


@pytest.mark.slow
@pytest.mark.parametrize(
    "service",
    [
        {"n_users": 200, "n_items": 60, "n_candidates": 40, "n_held": 8, "seed": 5},
        {"n_users": 150, "n_items": 90, "n_candidates": 30, "n_genres": 9, "seed": 11},
        {"n_users": 250, "n_items": 40, "n_candidates": 25, "n_factors": 3, "seed": 23},
    ],
)
def test_the_search_comes_within_one_percent_of_the_best_of_a_grid(service):
    artifacts = random_artifacts(**service)
    space = make_space(NEUTRAL, [*CONTROLS, "popularity_penalty"], finest=0.15)
    grid = everything_tried(artifacts, space, LIMITS)
    kept = np.array([attempt.margins.is_kept for attempt in grid.found.values()])
    best = grid.goods()[kept].max()
    trials = GoalTrials(grid.panel, grid.aim, 1.0, grid.parts)
    search(trials, space, 240, seed=0)
    reached = trials.goods()[[a.margins.is_kept for a in trials.found.values()]].max()
    assert reached >= 0.99 * best


def test_margins_are_the_paired_means_that_the_limits_speak_of(artifacts):
    scenario = Scenario(diversity=0.6)
    panel = make_panel(artifacts)
    now = measure(panel.audience, rerank(artifacts, scenario).items).column("ndcg").astype(float)
    before = panel.before.column("ndcg").astype(float)
    parts = tuple(Part(Constraint.parse(text)) for text in ("ndcg loss <= 10%", "ndcg >= 0.2"))
    found = GoalTrials(panel, Aim("ild"), 1.0, parts).of(scenario).margins
    known = ~np.isnan(now)
    sides = [now[known] - 0.9 * before[known], now[known] - 0.2]
    for at, side in enumerate(sides):
        assert found.margin[at] == pytest.approx(side.mean(), abs=1e-12)
        assert found.error[at] == pytest.approx(side.std(ddof=1) / np.sqrt(len(side)), abs=1e-12)


def test_a_setting_holds_a_loss_exactly_when_the_share_lost_is_below_the_limit(artifacts):
    space = make_space(NEUTRAL, ["diversity"])
    trials = everything_tried(artifacts, space, ["ndcg loss <= 3%"])
    for attempt in trials.found.values():
        value, before = attempt.margins.value[0], attempt.margins.before[0]
        assert attempt.margins.is_kept == ((before - value) / before <= 0.03 + 1e-9)


def test_adding_a_limit_never_improves_the_best(artifacts):
    space = make_space(NEUTRAL, ["diversity", "freshness"], finest=0.1)
    best = []
    for n in range(len(LIMITS) + 1):
        grid = everything_tried(artifacts, space, LIMITS[:n])
        kept = [attempt.margins.is_kept for attempt in grid.found.values()]
        best.append(grid.goods()[kept].max())
    assert best == sorted(best, reverse=True)


def test_what_is_shown_keeps_every_limit_on_people_the_search_did_not_see(artifacts):
    space = make_space(NEUTRAL, CONTROLS)
    found = solve(artifacts, space, "ild", LIMITS, config=SolveConfig(n_settings=80))
    assert found.n_searched + found.n_confirmed == 300
    assert found.shown is not None
    assert found.shown.confirmed.margins.holds(0.95)
    if found.estimated:
        assert found.estimated.confirmed.margins.is_kept
        assert found.estimated.confirmed.reached.value[0] > found.shown.confirmed.reached.value[0]
    again = solve(artifacts, space, "ild", LIMITS, config=SolveConfig(n_settings=80))
    assert again.shown.scenario == found.shown.scenario
    assert answer_to_json(found) == answer_to_json(again)
    assert any("Shown to keep" in line for line in answer_lines(found))


def test_an_impossible_limit_says_by_how_much_it_would_have_to_give(artifacts):
    space = make_space(NEUTRAL, CONTROLS)
    limits = ["ndcg loss <= 50%", "aplt >= 99%"]
    found = solve(artifacts, space, "ild", limits, config=SolveConfig(n_settings=60))
    assert found.shown is None
    assert found.estimated is None
    assert [short.part.constraint.metric for short in found.shortfalls] == ["aplt"]
    needed = found.shortfalls[0].needed
    assert 0 < needed < 1
    assert found.nearest is not None
    loosened = ["ndcg loss <= 50%", f"aplt >= {needed - 1e-6}"]
    panel_kept = solve(
        artifacts, space, "ild", loosened, config=SolveConfig(n_settings=60, confirm="everyone")
    )
    assert panel_kept.shown or panel_kept.estimated or panel_kept.nearest


def test_a_search_stops_when_it_is_told_to(artifacts):
    def tell(share):
        if share > 0.2:
            raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        solve(artifacts, make_space(NEUTRAL, CONTROLS), "ild", LIMITS, tell=tell)


@pytest.mark.parametrize("confidence", [0.3, 1.0])
def test_a_confidence_that_means_nothing_is_refused(confidence):
    with pytest.raises(ScenarioError, match="confidence"):
        SolveConfig(confidence=confidence)


N, N_SETTINGS = 400, 9


@dataclass
class Drawn(GoalTrials):
    """Trials whose people are drawn from a population with known means."""

    values: np.ndarray = None
    order: tuple = ()

    def of(self, scenario):
        if scenario not in self.found:
            column = self.values[:, self.order.index(scenario)]
            n = len(column)
            error = column.std(ddof=1, axis=0) / np.sqrt(n)
            mean = column.mean(axis=0)
            one = np.array([1.0 * self.order.index(scenario)])
            zero = np.zeros(1)
            self.found[scenario] = Attempt(
                Readings(one, one, zero, zero, np.array([n])),
                Margins(mean, error, np.full(2, n - 1), mean, mean),
            )
        return self.found[scenario]


def test_a_limit_is_wrongly_said_to_hold_no_more_often_than_stated():
    """Settings reach more of the aim the more they break a limit; two limits, skewed values."""
    rng = np.random.default_rng(0)
    truth = np.linspace(0.199, -0.201, N_SETTINGS)[:, None] + np.array([0.0, 0.02])
    order = tuple(Scenario(diversity=0.1 * at) for at in range(N_SETTINGS))
    parts = (Part(Constraint.parse(LIMITS[0])), Part(Constraint.parse(LIMITS[1])))
    wrong, missed, n_shown, n_runs = 0, 0, 0, 250
    for _ in range(n_runs):
        shared = rng.exponential(1.0, (2 * N, 1, 1)) - 1
        own = rng.exponential(1.0, (2 * N, N_SETTINGS, 2)) - 1
        people = truth + 0.6 * shared + 0.4 * own
        trials = Drawn(None, Aim("ild"), 1.0, parts, values=people[:N], order=order)
        final = Drawn(None, Aim("ild"), 1.0, parts, values=people[N:], order=order)
        for scenario in order:
            trials.of(scenario)
        shown, _ = _confirm(trials, final, SolveConfig(), lambda _: None)
        if shown is None:
            continue
        n_shown += 1
        true_margin = truth[order.index(shown.scenario)]
        wrong += bool((true_margin < 0).any())
        missed += bool((shown.confirmed.margins.certain(0.95) > true_margin).any())
    noise = 2 * np.sqrt(0.05 * 0.95 / n_runs)
    assert n_shown > 0.9 * n_runs
    assert wrong / n_runs <= 0.05 + noise
    assert missed / n_runs <= 0.05 + noise


def test_offers_go_from_the_surest_to_the_boldest():
    order = tuple(Scenario(diversity=0.1 * at) for at in range(N_SETTINGS))
    rng = np.random.default_rng(1)
    truth = np.linspace(0.3, 0.05, N_SETTINGS)[:, None] + np.zeros(2)
    people = truth + rng.normal(0, 0.5, (N, N_SETTINGS, 2))
    parts = (Part(Constraint.parse(LIMITS[0])), Part(Constraint.parse(LIMITS[1])))
    trials = Drawn(None, Aim("ild"), 1.0, parts, values=people, order=order)
    for scenario in order:
        trials.of(scenario)
    offers = ladder(trials, 5)
    sure = [trials.found[scenario].margins.surety for scenario in offers]
    reached = [trials.found[scenario].reached.value[0] for scenario in offers]
    assert len(offers) <= 5
    assert sure == sorted(sure, reverse=True)
    assert reached == sorted(reached)


def test_the_people_needed_are_those_that_would_show_it_four_times_in_five():
    """With so many people the bound clears the limit in 80 % of draws."""
    rng = np.random.default_rng(2)
    one = Margins(
        np.array([0.05]), np.array([0.05]), np.array([99]), np.array([1.0]), np.array([1.0])
    )
    needed = people_needed(one, 0, 0.95, 100)
    draws = rng.normal(0.05, 0.5, (2000, needed))
    bound = draws.mean(axis=1) - 1.645 * draws.std(axis=1) / np.sqrt(needed)
    assert (bound > 0).mean() == pytest.approx(0.8, abs=0.04)
