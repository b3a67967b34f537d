"""The Popularity & exposure page: each section, attention model and grouping draws figures."""

from __future__ import annotations

import base64
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from dashboard import cached_engine, session
from dashboard.charts.exposure_dots import exposure_dots
from dashboard.exposure import keys
from dashboard.exposure.frames import (
    group_frame,
    group_shares_by_stage,
    holder_frame,
    lift_frame,
    mover_frame,
    shares,
    stage_frame,
)
from dashboard.exposure.people_lift import lift_sentence
from dashboard.exposure.sections import SECTIONS
from dashboard.exposure.view import CARDS, ExposureView
from dashboard.exposure.words import concentration_sentences, stage_sentence
from engine.evaluation import evaluate, evaluate_scenario, stage_lists
from engine.metrics.item_movement import item_movement
from engine.metrics.kernels.exposure_blocks import N_BLOCKS
from engine.metrics.rank_weights import ATTENTION_MODELS, attention_weights
from engine.metrics.settings import Settings
from engine.metrics.stage_concentration import (
    StageConcentration,
    concentration_by_stage,
)
from engine.metrics.stages import LIST_STAGES
from engine.metrics.statistics.policy import holm
from engine.metrics.statistics.verdict import Verdict, Word
from engine.metrics.user_matrix import measure
from engine.scenario import Scenario
from tests.pages.conftest import clean_starter, specs, starter, titles

MOVED = Scenario(diversity=0.6, item_fairness=0.4)


@pytest.fixture
def open_page(tiny_home, monkeypatch):
    """Start the page on the tiny service, with what a link's query says."""
    return clean_starter(tiny_home, monkeypatch, "popularity_exposure")


@pytest.mark.parametrize("look", SECTIONS)
def test_every_section_draws(open_page, look):
    app = open_page(look=look, div="0.6")
    assert titles(app)[:2] == [
        "Share of exposure at every stage",
        "Who gets the exposure, stage by stage",
    ]
    assert len(titles(app)) > 2 or len(app.dataframe) == 3


def test_gained_and_lost_says_so_when_nothing_moved(open_page):
    app = open_page(look="Gained and lost")
    assert "nothing gained, nothing lost" in app.info[0].value


@pytest.mark.parametrize("model", ATTENTION_MODELS)
def test_the_attention_model_changes_the_exposure(open_page, model):
    app = open_page(attention=ATTENTION_MODELS[model].label, look="Every item")
    assert any(ATTENTION_MODELS[model].formula in caption.value for caption in app.caption)
    weights = attention_weights(model, 10)
    points = [one for one in specs(app)[2]["data"] if one.get("customdata")]
    exposure = sum(decoded(one["customdata"])[:, 3].sum() for one in points)
    assert exposure == pytest.approx(120 * weights.sum(), rel=1e-5)


def decoded(array: dict) -> np.ndarray:
    """Read an array as Plotly sends it."""
    flat = np.frombuffer(base64.b64decode(array["bdata"]), array["dtype"])
    return flat.reshape([int(size) for size in array["shape"].split(",")])


@pytest.mark.parametrize("label", ["Popularity band", "Genre", "Decade", "Provider"])
def test_items_can_be_grouped(open_page, label):
    app = open_page(items_by=label)
    assert f"Share of exposure by {label.lower()}, and its change" in titles(app)


def test_the_pages_keys_are_not_those_of_the_scenario():
    """A chart once had the key of a control, and the page failed."""
    own = {getattr(keys, name) for name in keys.__all__ if name != "ALL"} | {
        "lift_by_group",
        "item_cloud",
    }
    assert not own & set(session.KEYS.values())


@pytest.fixture(scope="module")
def view(tiny_artifacts) -> ExposureView:
    how = Settings(attention="geometric", patience=0.7)
    found = evaluate_scenario(tiny_artifacts, MOVED, settings=how)
    stages = {
        stage: measure(found.audience, stage_lists(tiny_artifacts, stage, MOVED.k), settings=how)
        for stage in LIST_STAGES
    }
    return ExposureView(
        tiny_artifacts,
        MOVED,
        how,
        found,
        0.0,
        {**stages, "reranked": found.measured},
        concentration_by_stage(
            {
                **{stage: one.replicates for stage, one in stages.items()},
                "reranked": found.measured.replicates,
            },
            found.n_users,
        ),
        {},
        "popularity_band",
        "catalogue",
        None,
        {},
    )


def test_group_shares_are_attention_added_up_by_hand(view, tiny_artifacts):
    groups = view.found.audience.item_groups["popularity_band"]
    weights = attention_weights("geometric", MOVED.k, patience=0.7)
    by_hand = np.zeros(groups.n_groups)
    for row in view.found.measured.items:
        for position, item in enumerate(row):
            if item >= 0:
                by_hand[groups.codes[item]] += weights[position]
    frame = group_frame(*shares(view), "catalogue")
    np.testing.assert_allclose(frame["after"], by_hand / by_hand.sum(), atol=1e-9)
    by_stage = group_shares_by_stage(view)
    np.testing.assert_allclose(by_stage[:, -1], frame["after"], atol=1e-9)
    np.testing.assert_allclose(by_stage.sum(axis=0), 1.0)
    known = np.zeros(groups.n_groups)
    for user in range(tiny_artifacts.n_users):
        for position, item in enumerate(tiny_artifacts.history.row(user)[::-1][: MOVED.k]):
            known[groups.codes[item]] += weights[position]
    np.testing.assert_allclose(by_stage[:, 0], known / known.sum())


def test_intervals_hold_their_values_and_targets_add_up(view):
    frame = group_frame(*shares(view), "catalogue")
    assert ((frame["after_low"] <= frame["after"]) & (frame["after"] <= frame["after_high"])).all()
    for target in ("catalogue", "history", "merit"):
        assert frame[f"share of {target}"].sum() == pytest.approx(1.0)
    assert (frame["n"] == view.found.n_users).all()


def test_stage_figures_are_those_of_the_lists(view):
    frame = stage_frame(view).set_index("stage")
    assert list(frame.index) == list(view.stages)
    for stage, measured in view.stages.items():
        shown = {int(item) for item in measured.items.ravel() if item >= 0}
        assert frame.loc[stage, "coverage"] == pytest.approx(len(shown) / view.artifacts.n_items)


def test_lift_is_the_ratio_of_mean_popularity(view):
    frame = lift_frame(view, "gender").set_index("group")
    share = np.asarray(view.artifacts.popularity) / view.artifacts.n_users
    labels = view.artifacts.attributes["gender"]
    column = list(view.artifacts.attributes).index("gender")
    for code, label in enumerate(labels):
        people = np.flatnonzero(view.artifacts.user_groups[:, column] == code)
        past = np.mean([share[np.unique(view.artifacts.history.row(u))].mean() for u in people])
        lists = [view.found.measured.items[u] for u in people]
        now = np.mean([share[row[row >= 0]].mean() for row in lists])
        assert frame.loc[label, "after"] == pytest.approx((now - past) / past, abs=1e-5)


def test_movers_are_those_whose_sets_of_people_changed_most(view):
    before, after = view.found.baseline.items, view.found.measured.items
    moved = item_movement(before, after, view.artifacts.n_items)
    frame = mover_frame(view, moved, sign=1)
    assert not frame.empty
    assert (np.diff(frame["net"]) <= 0).all()
    top = frame.iloc[0]
    had = {u for u, row in enumerate(before) if top["item"] in row}
    has = {u for u, row in enumerate(after) if top["item"] in row}
    assert top["net"] == len(has) - len(had)
    held = holder_frame(view, int(top["item"]))
    assert (held["fate"] == "gained").sum() == len(has - had)
    assert (held["fate"] == "lost").sum() == len(had - has)


def test_sentences_name_numbers_and_doubt(view):
    n90, coverage, steps = concentration_sentences(view)
    shown = {int(item) for item in view.found.measured.items.ravel() if item >= 0}
    assert f"of {view.artifacts.n_items:,} items" in n90
    assert coverage.startswith(f"{len(shown)} items, ")
    assert coverage.endswith(f"the other {view.artifacts.n_items - len(shown)}.")
    for sentence in (n90, coverage):
        assert "95 % interval" in sentence
    gini = view.by_stage.column("gini")
    widens = [row[gini].is_clear and row[gini].value > 0 for row in view.by_stage.steps]
    assert ("% interval" in steps) == any(widens)
    assert "(as before" not in n90


def test_parity_stands_with_targets_not_with_likes():
    """Exposure per item holds nothing against what was liked."""
    headings = {name: heading for heading, cards in CARDS.items() for name in cards}
    assert headings["exposure_parity"] == "Against a target"
    assert not any("likes" in heading for heading in CARDS)


def test_the_card_of_the_long_tail_and_its_row_are_held_against_the_same(view):
    """The card came "nearer" to the catalogue while the row went "further" from what was chosen."""
    for target in ("catalogue", "history", "merit"):
        seen = replace(view, target=target)
        frame = group_frame(*shares(seen), target).set_index("group")
        figure = seen.figures["aplt"]
        assert figure.target == pytest.approx(frame.loc["Long tail", f"share of {target}"])


def test_the_cards_of_the_page_are_judged_as_one_family(view):
    """The corrected family is what is on the screen, no more and no less."""
    names = [name for cards in CARDS.values() for name in cards]
    assert list(view.figures) == names
    p = np.array([figure.p for figure in view.figures.values()])
    adjusted = [figure.p_adjusted for figure in view.figures.values()]
    assert adjusted == pytest.approx(holm(p))


def test_lists_that_hold_nothing_say_so_and_why(view):
    """A rule that hid everything left "no clear change" and "before, Gini nan"."""
    nothing = np.full_like(view.found.measured.items, -1)
    found = evaluate(view.found.audience, nothing, view.found.baseline)
    empty = replace(view, found=found)
    assert concentration_sentences(empty)[0].startswith("No list holds an item.")
    gini = empty.figures["gini"]
    assert gini.verdict == "undefined"
    assert gini.change_reason.startswith("Undefined under this setting: No list holds an item.")
    assert gini.before == view.figures["gini"].before


def test_the_step_that_narrows_most_is_the_largest_clear_one():
    nothing = np.zeros((3, 4))
    none = Verdict(Word.UNDEFINED)
    clear = Verdict(Word.WORSE, 0.3, 0.2, 0.4, 0.975, before=0.6)
    unclear = Verdict(Word.NOT_CLEAR, 0.4, -0.1, 0.9, 0.975)
    stages = ("filtered", "ranked", "reranked")
    found = StageConcentration(
        stages, 99, nothing, nothing, nothing, ((none,) * 4, (clear,) * 4, (unclear,) * 4)
    )
    said = "from filtered to ranked: Gini +50.0 % (+0.300, 0.200 to 0.400), 97.5 % interval"
    assert said in stage_sentence(found)
    still = replace(found, steps=((none,) * 4, (unclear,) * 4, (unclear,) * 4))
    assert "No step" in stage_sentence(still)


def test_verdicts_say_only_what_is_clear(view):
    frame = group_frame(*shares(view), "catalogue")
    adjusted = multiple_tests(frame["change"], shares(view)[0].error)
    assert frame["is_clear"].tolist() == (adjusted < 0.05).tolist()
    for row in frame.itertuples():
        assert (" pts" in row.verdict) == row.is_clear
        assert row.is_clear or "past it" not in row.verdict
        assert (row.change_low > 0 or row.change_high < 0) == row.is_clear


def multiple_tests(change, error) -> np.ndarray:
    """Holm's procedure, step by step, from the jackknife's own error."""
    p = 2 * scipy.stats.t.sf(np.abs(change) / error, N_BLOCKS - 1)
    order, running = np.argsort(p), 0.0
    adjusted = np.empty(len(p))
    for place, at in enumerate(order):
        running = max(running, min(1.0, p[at] * (len(p) - place)))
        adjusted[at] = running
    return adjusted


def test_a_group_too_small_is_not_shown(view):
    frame = lift_frame(view, "age band")
    small = frame["group"].str.contains("small group")
    assert (frame.loc[~small, "n"] >= 20).all()
    assert frame["n"].sum() == view.artifacts.n_users
    assert frame.loc[small, ["before", "after", "change"]].isna().all(axis=None)
    assert frame.loc[small, "note"].str.endswith("too few").all()
    assert frame.loc[~small, "after"].notna().all()


def test_a_lift_below_zero_is_on_the_axis():
    frame = pd.DataFrame(
        {
            "group": ["niche"], "note": ["n=30"], "before": [0.4], "before_low": [0.3],
            "before_high": [0.5], "after": [-0.3], "after_low": [-0.42], "after_high": [-0.2],
        }
    )  # fmt: skip
    low, high = exposure_dots(frame, title="T", x_title="lift").layout.xaxis.range
    assert low < -42
    assert high > 50


def lift_rows(*rows):
    columns = ["group", "n", "after", "after_low", "after_high"]
    return pd.DataFrame(rows, columns=columns)


def test_the_lift_in_words_names_direction_and_doubt():
    said = lift_sentence(lift_rows(("niche", 188, 0.5, 0.4, 0.6), ("rest", 20, -0.2, -0.3, -0.1)))
    assert "niche: lists 50 % more popular than what they chose (95 % interval 40 to 60 %" in said
    assert "rest: lists 20 % less popular than what they chose (95 % interval 10 to 30 %" in said
    unclear = lift_sentence(lift_rows(("a", 30, 0.1, -0.1, 0.3), ("b", 30, -0.1, -0.2, 0.1)))
    assert "a: about as popular as what they chose (n = 30)" in unclear


def test_an_item_of_the_link_shows_who_has_it(open_page):
    app = open_page(look="Gained and lost", div="0.6", item="i3")
    assert app.selectbox(key="_holders_of_3").value == 3
    app.selectbox(key="_holders_of_3").set_value(5).run()
    assert not app.exception
    assert app.session_state["item"] == "i5"


def test_the_page_and_tune_share_one_evaluation(tiny_home, monkeypatch):
    """Both kept one of their own, of the same lists and figures."""
    asked = []
    evaluate = cached_engine.evaluate_scenario

    def counted(artifacts, scenario, **how):
        asked.append((scenario, *sorted(how.items())))
        return evaluate(artifacts, scenario, **how)

    monkeypatch.setattr(cached_engine, "evaluate_scenario", counted)
    app = starter(tiny_home, monkeypatch)(div="0.35")
    app.switch_page("../pages/popularity_exposure.py").run()
    assert not app.exception
    assert len(asked) == 1
