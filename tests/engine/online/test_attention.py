"""Attention from a log: found where it was planted, refused where nothing can tell."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import demo_data
from engine.errors import ScenarioError
from engine.online.attention import attention_of, estimate_attention, model_of
from engine.online.log import read_log
from engine.simulate.choice_models import CHOICE_MODELS, ChoiceModel

FOLDER = Path(demo_data.__file__).parent
PLACES = np.array([1.0, 0.5, 0.2])


def test_the_attention_planted_in_the_simulated_service_is_found_by_draws():
    found = estimate_attention(read_log(pd.read_parquet(FOLDER / "impressions.parquet")))
    planted = json.loads((FOLDER / "truth" / "planted.json").read_text(encoding="utf-8"))
    true = np.array(planted["attention"])
    assert found.how == "draws"
    assert (abs(found.value - true) < found.high - found.low + 1e-12).all()
    assert ((found.low <= true) & (true <= found.high)).sum() >= 17  # of 20, each in 95 % of logs


def ranked(n: int = 6000, *, seed: int = 0, swap: float = 0.0, leaves: bool = False):
    """Everybody's best title stands on top; now and then two neighbours change places."""
    rng = np.random.default_rng(seed)
    worth = np.array([0.8, 0.5, 0.3])
    rows, gone = [], set()
    for number in range(n):
        user = int(rng.integers(0, 200))
        order = [0, 1, 2]
        if rng.random() < swap:
            at = int(rng.integers(0, 2))
            order[at], order[at + 1] = order[at + 1], order[at]
        for place, title in enumerate(order):
            if leaves and (user, title) in gone:
                continue
            is_chosen = rng.random() < worth[title] * PLACES[place]
            if is_chosen:
                gone.add((user, title))
            rows.append((f"u{user}", f"t{user}_{title}", place, is_chosen, number))
    table = pd.DataFrame(rows, columns=["user_id", "item_id", "position", "event", "timestamp"])
    table["event"] = np.where(table["event"], "click", "impression")
    return read_log(table.assign(propensity=1.0))


def test_swaps_part_what_pleases_from_what_is_noticed():
    log = ranked(swap=0.4, seed=1)
    found = estimate_attention(log)
    raw = [log.reward[log.position == place].mean() for place in range(3)]
    assert raw[1] / raw[0] < 0.42  # rates alone take what stands below for what is not noticed
    assert found.how == "swaps"
    assert (found.low[1:] <= PLACES[1:]).all()
    assert (PLACES[1:] <= found.high[1:]).all()


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (lambda: ranked(2000), "log more, or some lists with two places swapped"),
        (lambda: ranked(swap=0.4, leaves=True), "titles that were chosen hardly come again"),
    ],
)
def test_where_the_log_cannot_tell_it_says_so(log, said):
    found = estimate_attention(log())
    assert said in found.refusal
    assert not len(found.value)


def test_weights_by_chance_mend_what_stands_high_because_it_pleases_its_people():
    """Draws lean to what each half of the people likes; even rates by title are then misled."""
    rng = np.random.default_rng(1)
    n = 60_000
    user = rng.integers(0, 400, n)
    likes = user % 2  # title 1 pleases odd people, title 0 even ones
    first = np.where(rng.random(n) < 0.8, likes, 1 - likes)
    chance = np.where(first == likes, 0.8, 0.2)
    rows = []
    for place, title in ((0, first), (1, 1 - first)):
        worth = np.where(title == likes, 0.9, 0.1) * (1.0, 0.5)[place]
        rows.append(
            pd.DataFrame(
                {
                    "user_id": user.astype(str),
                    "item_id": title.astype(str),
                    "position": place,
                    "propensity": chance,
                    "event": np.where(rng.random(n) < worth, "click", "impression"),
                }
            )
        )
    log = read_log(pd.concat(rows, ignore_index=True))
    raw = log.reward[log.position == 1].mean() / log.reward[log.position == 0].mean()
    found = estimate_attention(log)
    assert raw < 0.25
    assert found.low[1] <= 0.5 <= found.high[1]


def test_the_fits_own_attention_is_offered_beside_the_assumed_ones(tiny_artifacts):
    found = attention_of(tiny_artifacts)
    model = model_of(tiny_artifacts, "log")
    assert model.attention(5) == pytest.approx(np.clip(found.value, 0.001, 1))
    assert model_of(tiny_artifacts, "cascade") is CHOICE_MODELS["cascade"]
    with pytest.raises(ScenarioError, match="no model of attention 'eyes'"):
        model_of(tiny_artifacts, "eyes")


def test_below_the_measured_places_attention_falls_as_it_is_assumed_to():
    model = ChoiceModel("log", "", "", 1.0, measured=(1.0, 0.5))
    shape = 1 / np.log2(np.arange(4) + 2)
    assert model.attention(4) == pytest.approx([1.0, 0.5, *(0.5 * shape[2:] / shape[1])])
    assert model.attention(1) == pytest.approx([1.0])
