"""An exploration place: what may stand there, with what chance, what the log then can answer."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from engine.errors import ScenarioError
from engine.online.given_log import answer_log
from engine.online.log import read_log
from engine.online.plackett_luce import rank_weights
from engine.reranking import prepare
from engine.saved.records import Author
from engine.saved.standing import challenge, promote, standing
from engine.saved.store import ScenarioStore
from engine.scenario import NEUTRAL, Cap, Rule, Scenario
from engine.served.app import make_app
from engine.served.exploration import Exploration, deal
from engine.served.lists import ListService
from engine.served.shown_log import ShownLog, read_shown
from tests.engine.served.asgi import ask

CAPPED = Scenario(k=6, diversity=0.4, caps=(Cap("genre", None, 2, 3), Cap("genre", None, 3, 6)))


def ruled(artifacts) -> Scenario:
    ids = artifacts.items["item_id"].astype(str)
    seen = [ids.iloc[int(item)] for item in artifacts.candidates[0, :4]]
    rules = (Rule("hide", "item", (seen[2],)), Rule("pin", "item", (seen[3],)))
    return Scenario(k=5, rules=rules)


def breaks(artifacts, scenario, items) -> int:
    """By how many titles a list lies above its caps, counted title by title."""
    genres, over = np.asarray(artifacts.genre_matrix), 0
    for cap in scenario.caps:
        for genre in range(genres.shape[1]):
            held = sum(bool(genres[item, genre]) for item in items[: cap.top])
            over += max(0, held - cap.at_most)
    return over


@pytest.mark.parametrize("place", [1, 2, 4, 5])
@pytest.mark.parametrize("name", ["neutral", "capped", "ruled"])
def test_what_may_stand_there_is_what_breaks_nothing(tiny_artifacts, name, place):
    scenario = {"neutral": Scenario(k=5), "capped": CAPPED, "ruled": ruled(tiny_artifacts)}[name]
    plan, ids = prepare(tiny_artifacts, scenario), tiny_artifacts.items["item_id"].astype(str)
    hidden, pinned = (
        {one for rule in scenario.rules if rule.action == action for one in rule.values}
        for action in ("hide", "pin")
    )
    n_options = 0
    for row in range(40):
        lists = plan.run(np.array([row]))
        own = lists.items[0].tolist()
        dealt = deal(Exploration(0.5, place, 200), plan, row, lists.items[0], lists.positions[0])
        found = [] if not dealt.share else dealt.lists[:, place - 1].tolist()
        candidates = [
            int(one) for one in tiny_artifacts.candidates[row, : plan.problem.n_valid[row]]
        ]
        expected = []
        for item in candidates:
            new = list(own)
            if item in own:
                new[own.index(item)] = own[place - 1]
            new[place - 1] = item
            is_pinned = ids.iloc[own[place - 1]] in pinned or (
                item in own and ids.iloc[item] in pinned
            )
            if item == own[place - 1] or ids.iloc[item] in hidden or is_pinned:
                continue
            if breaks(tiny_artifacts, scenario, new) <= breaks(tiny_artifacts, scenario, own):
                expected.append((item, new))
        if breaks(tiny_artifacts, scenario, own):
            continue  # a cap that the list itself had to lift
        assert found == [item for item, _ in expected]
        assert not found or dealt.lists.tolist() == [new for _, new in expected]
        ranked = np.asarray(tiny_artifacts.candidates)[row]
        assert not found or (ranked[dealt.columns] == dealt.lists).all()
        n_options += len(found)
    assert n_options > 40


@pytest.fixture
def store(tmp_path):
    store = ScenarioStore(tmp_path / "scenarios.sqlite")
    one = store.save(Scenario(k=4, diversity=0.5), data="tiny", name="One")
    other = store.save(Scenario(k=4, freshness=0.6), data="tiny", name="Other")
    promote(store, standing(store, "tiny"), one, by=Author("Ana"))
    challenge(store, standing(store, "tiny"), other)
    return store


def test_a_chance_is_how_often_the_title_stands_there_over_split_and_exploration(
    tiny_artifacts, store
):
    explore, user = Exploration(0.4, 2, 5), "u3"
    service = ListService(tiny_artifacts, store, "tiny", share=0.3, explore=explore, seed=1)
    counts: Counter[tuple[int, int]] = Counter()
    said: dict[tuple[int, int], float] = {}
    arms, n = service._now.arms, 6000
    row = np.array([tiny_artifacts.user_index[user]])
    rng = np.random.default_rng(0)
    for mine in (rng.random(n) < 0.3).astype(int):  # as if the person were dealt anew each time
        got = service._answer(user, row, arms, int(mine), is_split=True)
        for place, (item, chance) in enumerate(zip(got.items, got.propensity, strict=True)):
            counts[place, int(item)] += 1
            assert said.setdefault((place, int(item)), chance) == pytest.approx(chance)
    for place in range(4):
        assert sum(chance for (at, _), chance in said.items() if at == place) == pytest.approx(1.0)
    for key, chance in said.items():
        error = np.sqrt(chance * (1 - chance) / n)
        assert abs(counts[key] / n - chance) < 4.5 * error + 1e-9
    assert {chance for (at, _), chance in said.items() if at == 2} != {1.0}


def test_who_asks_by_name_and_who_does_not_explore_get_the_list_itself(tiny_artifacts, store):
    explore = Exploration(1.0, 1, 5)
    plain = ListService(tiny_artifacts, store, "tiny")
    exploring = ListService(tiny_artifacts, store, "tiny", explore=explore, seed=0)
    for user in tiny_artifacts.users["user_id"][:10]:
        own = plain.answer(user, scenario="One")
        named = exploring.answer(user, scenario="One")
        assert named.items.tolist() == own.items.tolist()
        assert (named.propensity == 1).all()
        asked = exploring.answer(user)
        listed = exploring.to_json(asked, reasons=True)["items"]
        assert asked.explored == 0
        assert listed[0]["explored"] is True
        assert listed[0]["reason"] == "explored"
        assert "explored" not in listed[1]
        assert asked.items[0] != plain.answer(user).items[0]
    short = exploring.answer("u3", k=1)
    assert (len(short.items), short.explored) == (1, 0)
    beyond = ListService(tiny_artifacts, store, "tiny", explore=Exploration(1.0, 9))
    assert beyond.answer("u3").explored == -1


def test_the_panel_answers_from_such_a_log_about_another_setting(tiny_artifacts, tmp_path):
    """What the setting would earn at the first place is known; the log of the server finds it."""
    empty = ScenarioStore(tmp_path / "none.sqlite")
    service = ListService(tiny_artifacts, empty, "tiny", explore=Exploration(0.6, 1, 60), seed=2)
    log = ShownLog(tmp_path / "log")
    app = make_app(service, log, ["127.0.0.1", "localhost"])
    rng = np.random.default_rng(3)
    likes = np.linspace(0.1, 0.8, tiny_artifacts.n_items)
    users = tiny_artifacts.users["user_id"].astype(str).tolist()
    index = tiny_artifacts.item_index
    for user in rng.choice(users, 3000):
        got = ask(app, f"/lists/{user}", "k=3").json
        first = got["items"][0]["item_id"]
        if rng.random() < likes[index[first]]:
            body = {"slate": got["slate"], "item_id": first, "event": "play"}
            assert ask(app, "/chosen", method="POST", body=json.dumps(body).encode()).status == 201
    log.close()
    own = Scenario(k=3, diversity=0.6, popularity_penalty=0.4)
    shown = read_log(read_shown(tmp_path / "log"))
    answer, _ = answer_log(tiny_artifacts, shown, own, 1.0, "gender")
    assert answer.support.refusal == ""
    people = tiny_artifacts.user_index
    truth = np.mean([worth(tiny_artifacts, own, people[user], likes, 1.0) for user in users])
    found = {one.name: one for one in answer.first}
    for name in ("IPW", "SNIPW", "DR"):
        half = (found[name].high - found[name].low) / 2
        assert abs(found[name].value - truth) < 1.8 * half, name


def worth(artifacts, scenario, row, likes, temperature) -> float:
    own = prepare(artifacts, scenario).run(np.array([row])).items[0].tolist()
    order = list(dict.fromkeys([*own, *map(int, artifacts.candidates[row])]))[:50]
    weights = rank_weights(len(order), temperature)
    return float((weights / weights.sum()) @ likes[order])


@pytest.mark.parametrize(
    ("given", "said"),
    [((1.5,), "--explore must"), ((0.1, 0), "--explore-place"), ((0.1, 1, 0), "--explore-among")],
)
def test_what_cannot_be_is_one_sentence(given, said):
    with pytest.raises(ScenarioError, match=said):
        Exploration(*given)


def test_a_neutral_champion_explores_too(tiny_artifacts, tmp_path):
    service = ListService(
        tiny_artifacts, ScenarioStore(tmp_path / "none.sqlite"), "tiny", explore=Exploration(1.0)
    )
    got = service.answer("u3")
    plan = prepare(tiny_artifacts, NEUTRAL)
    own = plan.run(np.array([tiny_artifacts.user_index["u3"]])).items[0]
    assert got.items[0] != own[0]
    assert set(got.items.tolist()) >= set(own[1:].tolist()) - {int(got.items[0])}
