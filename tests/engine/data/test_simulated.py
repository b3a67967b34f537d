"""The simulated service: its files, its truth, and that each planted effect has its dial."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import demo_data.visits as visits_module
import engine.data.simulated as simulated_module
from demo_data.measure import as_table, measured
from demo_data.simulate import simulate
from demo_data.titles import GENRES, invent_titles
from demo_data.visits import simulate_visits
from demo_data.window import Rows, fill_rows, propensities
from demo_data.world import Dials, build_world, true_logits
from engine.data import load_dataset, open_truth, split
from engine.data.naming import name_of
from engine.errors import DataError

COMMITTED = Path(simulated_module.COMMITTED)
TABLES = ("interactions", "items", "users", "impressions")
ARRAYS = ("user_vectors", "item_vectors", "user_bias", "item_bias")


@pytest.fixture(scope="module")
def data():
    return load_dataset("simulated")


@pytest.fixture(scope="module")
def log(data):
    """The impression log with rows of users and items."""
    table = data.shown.copy()
    table["user"] = pd.Index(data.users["user_id"]).get_indexer(table["user_id"])
    table["item"] = pd.Index(data.items["item_id"]).get_indexer(table["item_id"])
    return table


def test_the_committed_files_have_their_checksums_and_are_small():
    lines = (COMMITTED / "CHECKSUMS").read_text().splitlines()
    assert len(lines) == len(TABLES) + len(ARRAYS) + 1
    for line in lines:
        expected, name = line.split("  ")
        assert hashlib.sha256((COMMITTED / name).read_bytes()).hexdigest() == expected
    assert sum((COMMITTED / line.split("  ")[1]).stat().st_size for line in lines) < 6e6


def test_the_default_seed_makes_the_committed_files_again(tmp_path):
    simulate(tmp_path)
    for name in TABLES:
        made, committed = (
            pd.read_parquet(root / f"{name}.parquet") for root in (tmp_path, COMMITTED)
        )
        pd.testing.assert_frame_equal(made, committed)
    for name in ARRAYS:
        made, committed = (
            np.load(root / "truth" / f"{name}.npy") for root in (tmp_path, COMMITTED)
        )
        np.testing.assert_array_equal(made, committed)


def test_the_card_holds_what_is_measured():
    assert as_table(measured()) in (COMMITTED / "README.md").read_text(encoding="utf-8")


def test_it_keeps_the_contract(data):
    assert data.provenance == "simulated"
    assert (len(data.users), len(data.items)) == (2000, 1500)
    assert abs(len(data.interactions) - 200_000) < 2000
    assert data.attributes == ("gender", "age band", "region", "device")
    assert data.items["title"].is_unique
    assert set("|".join(data.items["genres"]).split("|")) == set(GENRES)
    assert not data.interactions.duplicated(["user_id", "item_id"]).any()
    assert set(data.interactions["value"]) == {1.0, 2.0, 3.0, 4.0, 5.0}
    released = data.items.set_index("item_id")["released"]
    assert (data.interactions["timestamp"] >= data.interactions["item_id"].map(released)).all()


def test_true_preferences_are_the_formula_written_out(data):
    truth = open_truth(data)
    found = truth.preference(np.array([3, 1999]))
    assert found.shape == (2, 1500)
    for row, user in enumerate((3, 1999)):
        for item in (0, 77, 1499):
            logit = truth.base + float(truth.user_bias[user]) + float(truth.item_bias[item])
            for left, right in zip(truth.user_vectors[user], truth.item_vectors[item], strict=True):
                logit += float(left) * float(right)
            assert found[row, item] == pytest.approx(1 / (1 + np.exp(-logit)), rel=1e-6)


def test_truth_and_log_belong_to_simulated_data_only(tmp_path):
    (tmp_path / "interactions.csv").write_text("user_id,item_id,timestamp\na,1,0\n")
    (tmp_path / "items.csv").write_text("item_id,title\n1,Harbour\n")
    own = load_dataset(tmp_path)
    assert own.shown is None
    with pytest.raises(DataError, match="is not simulated"):
        open_truth(own)


def test_the_log_is_whole_rows_with_propensities(log):
    assert ((log["propensity"] > 0) & (log["propensity"] <= 1)).all()
    per_row = log.groupby("slate")
    assert (per_row["position"].max() + 1 == per_row.size()).all()
    assert (per_row["item_id"].nunique() == per_row.size()).all()
    assert (per_row["user_id"].nunique() == 1).all()


def test_plays_in_the_log_follow_attention_times_preference(data, log):
    """Oracle: the position-based click model, place by place, within 4 standard errors."""
    truth = open_truth(data)
    preference = truth.preference(np.arange(2000))[log["user"], log["item"]]
    for place, attention in enumerate(truth.planted["attention"]):
        at = (log["position"] == place).to_numpy()
        chance = attention * preference[at]
        n_plays = (log["event"][at] == "play").sum()
        assert abs(n_plays - chance.sum()) < 4 * np.sqrt((chance * (1 - chance)).sum())


def test_inverse_propensities_recover_the_catalogue(data, log):
    """At the first place, 1 / propensity averages to the number of items that could stand there."""
    first = log[log["position"] == 0]
    plays = data.interactions
    known = []
    for row in first.sample(400, random_state=0).itertuples():
        is_out = data.items["released"] <= row.timestamp - pd.Timedelta(days=14)
        mine = plays[(plays["user_id"] == row.user_id) & (plays["timestamp"] < row.timestamp)]
        known.append((1 / row.propensity, is_out.sum() - len(mine)))
    weights, sizes = np.array(known).T
    error = weights.std() / np.sqrt(len(weights))
    assert abs(weights.mean() - sizes.mean()) < 4 * error + 30


def test_propensities_match_how_often_items_are_drawn():
    """Oracle: frequencies of the second place, given the first, over many rows."""
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    is_played = np.array([[False, True, False, False]])
    people = np.zeros(60_000, dtype=np.int64)
    rng = np.random.default_rng(0)
    rows = fill_rows(is_played, people, np.cumsum(weights), rng)
    assert set(rows.item) == {0, 2, 3}
    chances = propensities(rows, is_played, people, weights)
    items = {place: rows.item[rows.position == place] for place in (0, 1)}
    at = {place: chances[rows.position == place] for place in (0, 1)}
    for one in (0, 2, 3):
        expected = weights[one] / (1 - 0.3)
        assert np.allclose(at[0][items[0] == one], expected)
        assert (items[0] == one).mean() == pytest.approx(expected, abs=0.01)
        for two in {0, 2, 3} - {one}:
            expected = weights[two] / (1 - 0.3 - weights[one])
            follows = items[1][items[0] == one]
            assert np.allclose(at[1][(items[0] == one) & (items[1] == two)], expected)
            assert (follows == two).mean() == pytest.approx(expected, abs=0.015)


def test_rows_hold_no_repeats_and_nothing_played():
    rng = np.random.default_rng(1)
    is_played = rng.random((30, 60)) < 0.3
    people = rng.integers(0, 30, 500)
    rows = fill_rows(is_played, people, np.cumsum(rng.random(60)), rng)
    assert not is_played[people[rows.row], rows.item].any()
    assert len(np.unique(rows.row * 60 + rows.item)) == len(rows.item)
    assert isinstance(rows, Rows)


def small(tmp_path, **dials):
    """Measure a smaller service with some dials changed."""
    simulate(tmp_path, users=900, items=500, interactions=60_000, dials=Dials(**dials))
    return measured(tmp_path)


def test_each_dial_switches_its_effect_off(tmp_path):
    on, off = (
        small(tmp_path),
        small(tmp_path, taste_gap=0, quality_gap=0, popularity_bias=0, position_bias=0),
    )
    taste = "taste gap, women to men (in spreads of taste)"
    assert on[taste] > 0.4 > 0.25 > off[taste]
    quality = "mean true preference for what was played, {}"
    assert on[quality.format("Islands")] < 0.85 * on[quality.format("elsewhere")]
    assert off[quality.format("Islands")] > 0.93 * off[quality.format("elsewhere")]
    assert on["Gini of plays over items"] > off["Gini of plays over items"] + 0.1
    push = "in-house provider, share of impressions"
    merit = "in-house provider, share of merit"
    assert on[push] > on[merit] + 0.2
    assert abs(off[push] - off[merit]) < 0.1
    assert on["plays over true preference at place 20"] < 0.35
    assert off["plays over true preference at place 20"] > 0.85


def ease_ndcg(data):
    """NDCG@10 per person of a linear item-item model and of popularity, slow and plain."""
    parts = split(data)
    likes = np.zeros((parts.n_users, parts.n_items))
    rows = np.repeat(np.arange(parts.n_users), parts.seen.lengths())
    likes[rows[parts.seen_is_liked], parts.seen.indices[parts.seen_is_liked]] = 1
    inverse = np.linalg.inv(likes.T @ likes + 300 * np.eye(parts.n_items))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    discounts = 1 / np.log2(np.arange(2, 12))
    found = []
    for scores in (likes @ weights, np.tile(likes.sum(axis=0), (parts.n_users, 1))):
        scores[rows, parts.seen.indices] = -np.inf
        top = np.argsort(-scores, axis=1)[:, :10]
        values = np.full(parts.n_users, np.nan)
        for user in range(parts.n_users):
            held = parts.holdout.row(user)
            if len(held):
                gain = (np.isin(top[user], held) * discounts).sum()
                values[user] = gain / discounts[: len(held)].sum()
        found.append(values)
    return *found, data.users.iloc[parts.user_rows]


def island_gap(values, users):
    """Difference between elsewhere and the Islands, and its standard error."""
    is_island = (users["region"] == "Islands").to_numpy()
    groups = [values[mask][~np.isnan(values[mask])] for mask in (~is_island, is_island)]
    error = np.sqrt(sum(group.var(ddof=1) / len(group) for group in groups))
    return groups[0].mean() - groups[1].mean(), error


def test_collaborative_filtering_learns_and_the_planted_gap_shows(data):
    ease, popularity, users = ease_ndcg(data)
    assert np.nanmean(ease) > 2 * np.nanmean(popularity)
    gap, error = island_gap(ease, users)
    assert gap > 4 * error
    card = (COMMITTED / "README.md").read_text(encoding="utf-8")
    is_island = (users["region"] == "Islands").to_numpy()
    for values in (ease, popularity, ease[is_island], ease[~is_island]):
        assert f"{np.nanmean(values):.3f}" in card


def test_without_the_quality_dial_no_gap_shows(tmp_path):
    simulate(tmp_path, dials=Dials(quality_gap=0))
    ease, _, users = ease_ndcg(simulated_module._read(tmp_path, "x", "X"))
    gap, error = island_gap(ease, users)
    assert abs(gap) < 2.6 * error


def test_another_seed_gives_another_service(tmp_path):
    contents = []
    for seed in (1, 1, 2):
        simulate(tmp_path, users=30, items=40, interactions=200, seed=seed)
        contents.append((tmp_path / "interactions.parquet").read_bytes())
    assert contents[0] == contents[1] != contents[2]


@settings(max_examples=15)
@given(st.integers(1, 8), st.integers(1, 8), st.integers(1, 60), st.integers(0, 5))
def test_tiny_services_work(n_users, n_items, n_plays, seed):
    rng = np.random.default_rng(seed)
    dials = Dials()
    world = build_world(n_users, n_items, dials, rng)
    plays, shown = simulate_visits(world, dials, n_plays, n_logged=20, rng=rng)
    pairs = plays.user.astype(np.int64) * n_items + plays.item
    assert len(np.unique(pairs)) == len(pairs) <= n_users * n_items
    days = plays.second // 86_400
    assert (days >= world.released_day[plays.item]).all()
    assert ((shown.propensity > 0) & (shown.propensity <= 1 + 1e-6)).all()


def test_blocks_of_people_meet_the_same_window(monkeypatch):
    dials = Dials()
    rng = np.random.default_rng(0)
    world = build_world(600, 300, dials, rng)
    whole, _ = simulate_visits(world, dials, 30_000, n_logged=300, rng=np.random.default_rng(1))
    monkeypatch.setattr(visits_module, "SEEN_CELLS", 200 * 300)
    parts, shown = simulate_visits(world, dials, 30_000, n_logged=300, rng=np.random.default_rng(1))
    assert abs(len(parts.user) - 30_000) < 3000
    assert (np.diff(parts.user) >= 0).all()
    assert set(shown.user) <= set(range(200))
    popularity = [np.bincount(plays.item, minlength=300) for plays in (whole, parts)]
    assert np.corrcoef(popularity)[0, 1] > 0.9


def test_true_logits_add_up_like_a_matrix_product():
    world = build_world(5, 7, Dials(), np.random.default_rng(0))
    users, items = np.arange(5)[:, np.newaxis], np.arange(7)
    product = world.user_vectors.astype(np.float64) @ world.item_vectors.T.astype(np.float64)
    expected = -3.2 + world.user_bias[:, np.newaxis] + world.item_bias + product
    np.testing.assert_allclose(true_logits(world, users, items), expected, rtol=1e-6)


def test_titles_are_unique_even_when_the_grammar_runs_dry():
    titles = invent_titles(np.zeros(20_000, dtype=int), np.random.default_rng(0))
    assert len(set(titles)) == 20_000
    assert not any(title.startswith(("A A", "A E", "A I", "A O")) for title in titles)


@pytest.mark.parametrize("dial", ["taste_gap", "quality_gap", "popularity_bias", "position_bias"])
def test_a_dial_out_of_range_is_refused(dial):
    for value in (-0.1, 5.1):
        with pytest.raises(ValueError, match=f"`{dial}` must be from 0 to"):
            Dials(**{dial: value})


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path))
    return tmp_path


def test_other_sizes_are_made_once_and_kept(home, monkeypatch):
    shares = []
    first = load_dataset("simulated:40x30x500", on_progress=lambda _, share: shares.append(share))
    assert (len(first.users), len(first.items)) == (40, 30)
    assert first.name == name_of("simulated:40x30x500") == "simulated-40x30x500"
    assert shares == [0.0, 1.0]
    assert [path.name for path in (home / ".data").iterdir()] == [first.name]
    planted = home / ".data" / first.name / "truth" / "planted.json"
    made = []
    monkeypatch.setattr(simulated_module, "simulate", lambda _, **sizes: made.append(sizes))
    assert load_dataset("simulated:40x30x500").fingerprint == first.fingerprint
    assert made == []
    planted.write_text(json.dumps({**json.loads(planted.read_text()), "version": 0}))
    with pytest.raises(FileNotFoundError):
        load_dataset("simulated:40x30x500")
    assert made == [{"users": 40, "items": 30, "interactions": 500}]


def test_a_size_without_interactions_has_a_hundred_for_each_person():
    assert simulated_module._sizes("simulated:6000x4000")["interactions"] == 600_000
    assert simulated_module._sizes("simulated:1000000x100000")["interactions"] == 20_000_000


@pytest.mark.parametrize(
    "name",
    ["simulated:", "simulated:20", "simulated:0x5", "simulated:5x5x0", "simulated:9x9000000"],
)
def test_a_size_that_cannot_be_is_refused(name):
    with pytest.raises(DataError, match=r"simulated:.*(6000x4000|give from 1 to)"):
        load_dataset(name)


@pytest.mark.parametrize("size", ["50x30", "20x20", "3x4", "1x1"])
def test_small_worlds_ask_for_no_more_plays_than_there_are(home, size):
    users, items = (int(part) for part in size.split("x"))
    sizes = simulated_module._sizes(f"simulated:{size}")
    assert 1 <= sizes["interactions"] <= max(users * items // 5, 1)
    simulate(home / size, **sizes)
    plays = pd.read_parquet(home / size / "interactions.parquet")
    assert not plays.duplicated(["user_id", "item_id"]).any()


def test_more_plays_than_a_world_can_have_are_refused():
    with pytest.raises(
        DataError, match=r"1,000 interactions of 50 people with 30 titles.*1 to 750"
    ):
        load_dataset("simulated:50x30x1000")
    with pytest.raises(ValueError, match="at most 750, half of the 50 people"):
        simulate(Path(), users=50, items=30, interactions=1000)


@pytest.fixture(scope="module")
def finished():
    return load_dataset("simulated:finishes")


def test_finishes_stand_beside_the_committed_plays(data, finished):
    """The plays are the committed ones, and nobody finishes or shares what they did not play."""
    rows = finished.interactions
    plays = rows[rows["event"] == "play"].drop(columns="event").reset_index(drop=True)
    pd.testing.assert_frame_equal(plays, data.interactions)
    played = pd.MultiIndex.from_frame(plays[["user_id", "item_id"]])
    for event in ("finish", "share"):
        done = rows[rows["event"] == event]
        pairs = pd.MultiIndex.from_frame(done[["user_id", "item_id"]])
        assert not pairs.has_duplicates
        assert pairs.isin(played).all()
        begun = plays.set_index(["user_id", "item_id"])["timestamp"].loc[pairs].to_numpy()
        later = done["timestamp"].to_numpy() - begun
        assert ((later > np.timedelta64(0, "s")) & (later < np.timedelta64(90, "m"))).all()
    assert name_of("simulated:finishes") == finished.name == "simulated-finishes"
    assert finished.liked_threshold == data.liked_threshold


def test_finishes_are_the_same_each_time_and_are_known_by_the_name_of_their_fit(finished):
    again = load_dataset("simulated:finishes")
    assert again.fingerprint == finished.fingerprint
    users, items = (finished.users["user_id"].to_numpy(), finished.items["item_id"].to_numpy())
    truth = simulated_module.truth_behind("simulated-finishes", users, items)
    np.testing.assert_array_equal(truth.item_vectors, open_truth(finished).item_vectors)


def test_what_is_finished_hangs_on_the_rating_the_title_and_the_person(finished):
    """The three planted parts: more than chance would make titles and people differ."""
    rows = finished.interactions
    plays = rows[rows["event"] == "play"].set_index(["user_id", "item_id"])
    done = rows[rows["event"] == "finish"].set_index(["user_id", "item_id"]).index
    is_done = plays.index.isin(done)
    by_rating = pd.Series(is_done).groupby(plays["value"].to_numpy()).mean()
    assert (np.diff(by_rating.to_numpy()) > 0).all()
    title = pd.Series(is_done).groupby(plays.index.get_level_values("item_id"))
    n, mean = title.size(), title.mean()
    spread = ((mean - is_done.mean()) ** 2 * n / (is_done.mean() * (1 - is_done.mean()))).mean()
    assert spread > 5  # 1 where titles were alike
