"""Lists over HTTP: the pages' own, split by who asks, logged with their chances."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from engine.list_file import list_block
from engine.reranking import prepare, rerank
from engine.saved.records import Author
from engine.saved.standing import challenge, promote, roll_back, standing
from engine.saved.store import ScenarioStore
from engine.scenario import Cap, Scenario
from engine.served.app import make_app
from engine.served.lists import ListService
from engine.served.policies import RANKER, Policy, Stand
from engine.served.shown_log import ShownLog, read_shown
from tests.engine.served.asgi import ask

HOSTS = ["127.0.0.1", "localhost"]
ONE = Scenario(diversity=0.5, caps=(Cap("genre", None, 2, 5),))
OTHER = Scenario(freshness=0.6, item_fairness=0.3)


@pytest.fixture
def store(tmp_path):
    return ScenarioStore(tmp_path / "scenarios.sqlite")


@pytest.fixture
def both(store):
    """A champion and a challenger stand."""
    one = store.save(ONE, data="tiny", name="One")
    other = store.save(OTHER, data="tiny", name="Other")
    promote(store, standing(store, "tiny"), one, by=Author("Ana"))
    challenge(store, standing(store, "tiny"), other)
    return one, other


@pytest.fixture
def serve(tiny_artifacts, store, tmp_path):
    def make(*, share=0.5, with_log=True):
        service = ListService(tiny_artifacts, store, "tiny", share=share)
        log = ShownLog(tmp_path / "log") if with_log else None
        return make_app(service, log, HOSTS)

    return make


def ids(artifacts, items):
    return [str(artifacts.items["item_id"].iloc[item]) for item in items if item >= 0]


@pytest.mark.usefixtures("both")
def test_everybodys_list_is_the_pages_bit_for_bit_whoever_else_asks(serve, tiny_artifacts):
    app = serve()
    lists = {name: rerank(tiny_artifacts, one) for name, one in (("One", ONE), ("Other", OTHER))}
    arms = set()
    for row, user in enumerate(tiny_artifacts.users["user_id"]):
        got = ask(app, f"/lists/{user}")
        assert got.status == 200, got.body
        name = got.json["policy"]["name"]
        arms.add(name)
        wanted = lists[name]
        assert [one["item_id"] for one in got.json["items"]] == ids(
            tiny_artifacts, wanted.items[row]
        )
        ranked = [one["rank_before"] - 1 for one in got.json["items"]]
        assert ranked == wanted.positions[row][wanted.items[row] >= 0].tolist()
        scores = [np.float32(one["score"]) for one in got.json["items"]]
        assert scores == tiny_artifacts.scores[row, ranked].tolist()
    assert arms == {"One", "Other"}


@pytest.mark.parametrize("k", [1, 5, 20])
@pytest.mark.usefixtures("both")
def test_a_scenario_and_a_length_can_be_asked_for(serve, tiny_artifacts, k):
    got = ask(serve(), "/lists/u7", f"k={k}&scenario=Other").json
    row = tiny_artifacts.user_index["u7"]
    wanted = rerank(tiny_artifacts, replace(OTHER, k=k)).items[row]
    assert [one["item_id"] for one in got["items"]] == ids(tiny_artifacts, wanted)
    assert (got["by_split"], "slate" in got) == (False, False)
    assert {one["propensity"] for one in got["items"]} == {1.0}


@pytest.mark.usefixtures("both")
def test_reasons_are_those_of_the_list_file(serve, tiny_artifacts):
    got = ask(serve(), "/lists/u7", "scenario=One&reasons=1").json
    row = np.array([tiny_artifacts.user_index["u7"]])
    wanted = list_block(tiny_artifacts, prepare(tiny_artifacts, ONE), row, with_reasons=True)
    for name in ("rank", "item_id", "title", "rank_before", "reason", "reason_words"):
        assert [one[name] for one in got["items"]] == wanted[name].tolist()


def test_the_split_is_even_sticks_to_a_person_and_is_dealt_anew_for_another_pair():
    one, other = Policy("A", ONE, "a", 1), Policy("B", OTHER, "b", 1)
    people = [f"person {at}" for at in range(20_000)]
    for share in (0.1, 0.5):
        stand = Stand("d", one, other, share)
        first = np.array([stand.arm_of(user) for user in people])
        again = np.array([stand.arm_of(user) for user in people])
        assert np.array_equal(first, again)
        sigma = np.sqrt(share * (1 - share) / len(people))
        assert abs(first.mean() - share) < 4 * sigma
        anew = Stand("d", one, Policy("B", OTHER, "b", 2), share)
        second = np.array([anew.arm_of(user) for user in people])
        together = (first & second).mean()
        assert abs(together - share**2) < 4 * np.sqrt(share**2 / len(people))
    assert Stand("d", RANKER, None, 0.5).arm_of("anybody") == 0


@pytest.mark.usefixtures("both")
def test_a_chance_is_the_part_of_all_deals_that_shows_the_item_there(serve, tiny_artifacts):
    app, share = serve(share=0.2), 0.2
    one, other = rerank(tiny_artifacts, ONE).items, rerank(tiny_artifacts, OTHER).items
    seen = set()
    for row, user in enumerate(tiny_artifacts.users["user_id"][:40]):
        got = ask(app, f"/lists/{user}").json
        is_other = got["policy"]["name"] == "Other"
        own = share if is_other else 1 - share
        for place, shown in zip(range(10), got["items"], strict=False):
            wanted = 1.0 if one[row, place] == other[row, place] else own
            assert shown["propensity"] == pytest.approx(wanted, abs=1e-15)
            seen.add(round(wanted, 3))
    assert seen == {0.2, 0.8, 1.0}


def test_what_is_promoted_is_served_from_the_next_answer_on(serve, store, both, tiny_artifacts):
    app = serve(share=0.01)
    _, other = both
    row = tiny_artifacts.user_index["u7"]

    def served():
        return [item["item_id"] for item in ask(app, "/lists/u7").json["items"]]

    assert served() == ids(tiny_artifacts, rerank(tiny_artifacts, ONE).items[row])
    promote(store, standing(store, "tiny"), other)
    assert served() == ids(tiny_artifacts, rerank(tiny_artifacts, OTHER).items[row])
    roll_back(store, standing(store, "tiny"), "tiny")
    assert served() == ids(tiny_artifacts, rerank(tiny_artifacts, ONE).items[row])


def test_without_a_champion_the_rankers_order_is_served(serve, tiny_artifacts):
    got = ask(serve(), "/lists/u7").json
    assert got["policy"]["name"] == "the ranker's order"
    row = tiny_artifacts.user_index["u7"]
    assert [one["item_id"] for one in got["items"]] == ids(
        tiny_artifacts, tiny_artifacts.candidates[row, :10]
    )


@pytest.mark.parametrize(
    ("path", "query", "status", "said"),
    [
        ("/lists/nobody", "", 404, "nobody"),
        ("/lists/", "", 400, "1 to 200 letters"),
        ("/lists/" + "x" * 201, "", 400, "201"),
        ("/lists/u7", "k=0", 400, "`k`"),
        ("/lists/u7", "k=1e1", 400, "`k`"),
        ("/lists/u7", "k=-5", 400, "`k`"),
        ("/lists/u7", "k=999999999999", 400, "`k`"),
        ("/lists/u7", "k=5&k=6", 400, "twice"),
        ("/lists/u7", "diversity=1", 400, "diversity"),
        ("/lists/u7", "reasons=maybe", 400, "reasons"),
        ("/lists/u7", "scenario=Gone", 404, "Gone"),
        ("/list/u7", "", 404, "/lists/"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(serve, path, query, status, said):
    got = ask(serve(), path, query)
    assert got.status == status
    assert list(got.json) == ["error"]
    assert said in got.json["error"]
    assert "\n" not in got.json["error"]


def test_another_name_of_the_machine_is_not_answered_to(serve):
    assert ask(serve(), "/health", host="evil.example").status == 400


@pytest.mark.usefixtures("both")
def test_health_says_who_stands_and_what_is_wrong(serve, store, tiny_artifacts):
    app = serve(share=0.25)
    got = ask(app, "/health")
    assert got.status == 200
    assert got.json["champion"] == "One"
    assert (got.json["challenger"], got.json["challenger_share"]) == ("Other", 0.25)
    assert got.json["fit"] == tiny_artifacts.fit_id
    before = ask(app, "/lists/u7").json["items"]
    store.path.write_bytes(b"no database")
    broken = ask(app, "/health")
    assert broken.status == 503
    assert len(broken.json["troubles"]) == 1
    assert ask(app, "/lists/u7").json["items"] == before  # who stood goes on
    assert ask(app, "/lists/u7", "scenario=One").status == 503


@pytest.mark.usefixtures("both")
def test_a_champion_with_a_genre_that_is_gone_does_not_take_the_place(serve, store):
    app = serve()
    gone = store.save(
        Scenario(caps=(Cap("genre", "Sitcom from Mars", 1, 5),)), data="tiny", name="Gone"
    )
    promote(store, standing(store, "tiny"), gone)
    got = ask(app, "/health")
    assert got.json["champion"] == "One"
    assert "Sitcom from Mars" in got.json["troubles"][0]


@pytest.mark.usefixtures("both")
def test_metrics_count_what_was_answered(serve):
    app = serve()
    for path in ("/lists/u1", "/lists/u2", "/lists/nobody"):
        ask(app, path)
    said = ask(app, "/metrics").body.decode()
    assert 'rerank_answers_total{path="/lists",status="200"} 2' in said
    assert 'rerank_answers_total{path="/lists",status="404"} 1' in said
    assert "rerank_list_seconds_count 2" in said
    assert 'rerank_log_lines_total{written="yes"} 20' in said


@pytest.mark.usefixtures("both")
def test_the_log_is_read_by_the_off_policy_panel(serve, tiny_artifacts, tmp_path):
    from engine.online.log import read_log

    app, chosen = serve(), {}
    for user in tiny_artifacts.users["user_id"][:30]:
        got = ask(app, f"/lists/{user}").json
        item = got["items"][len(chosen) % 3]
        body = {"slate": got["slate"], "item_id": item["item_id"], "event": "play"}
        assert ask(app, "/chosen", method="POST", body=json.dumps(body).encode()).status == 201
        chosen[got["user_id"]] = item
    log = read_log(read_shown(tmp_path / "log"))
    assert len(log) == 300
    assert log.reward.sum() == len(chosen)
    assert set(log.policy) == {"One", "Other"}
    for user, item in chosen.items():
        is_own = (log.user_ids == user) & (log.reward == 1)
        assert log.item_ids[is_own].tolist() == [item["item_id"]]
        assert log.position[is_own].tolist() == [item["rank"] - 1]
        assert log.propensity[is_own].tolist() == [item["propensity"]]
    assert log.day is not None


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 400),
        (b"not json", "application/json", 400),
        (b'{"slate": "a", "item_id": "i1", "event": "play"}', "text/plain", 415),
        (b'{"slate": "a", "item_id": "no such", "event": "play"}', "application/json", 404),
        (b'{"slate": "a", "item_id": "i1", "event": "impression"}', "application/json", 400),
        (b'{"slate": "a", "item_id": "i1", "event": 3}', "application/json", 400),
        (b" " * 5_000, "application/json", 413),
    ],
)
@pytest.mark.usefixtures("both")
def test_what_was_not_chosen_so_is_refused(serve, body, kind, status):
    got = ask(serve(), "/chosen", method="POST", body=body, kind=kind)
    assert (got.status, list(got.json)) == (status, ["error"])


@pytest.mark.usefixtures("both")
def test_a_log_that_cannot_be_written_stops_no_answer_and_is_said(serve, monkeypatch):
    app = serve()
    assert ask(app, "/lists/u1").json["slate"]

    def full(_file, _content):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("engine.served.shown_log.os.write", full)
        got = ask(app, "/lists/u2")
        assert (got.status, got.json["slate"]) == (200, None)
        assert "No space left" in ask(app, "/health").json["troubles"][0]
    assert ask(app, "/lists/u3").json["slate"]
    assert ask(app, "/health").status == 200
    assert 'rerank_log_lines_total{written="no"} 10' in ask(app, "/metrics").body.decode()
