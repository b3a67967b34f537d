"""Saved scenarios: nothing is overwritten, nothing is lost, and who did what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ScenarioError
from engine.saved.errors import ConflictError, StoreError
from engine.saved.records import Author, history_lines
from engine.saved.store import ScenarioStore
from engine.scenario import Cap, Rule, Scenario
from engine.scenario_words import differences

DISCOVERY = Scenario(diversity=0.3, caps=(Cap("genre", "Drama", 2, 5),))


@pytest.fixture
def store(tmp_path):
    return ScenarioStore(tmp_path / "not there yet" / "scenarios.sqlite")


def test_reading_a_store_that_is_not_there_makes_no_file(store):
    assert store.all("tiny") == ()
    assert not store.path.parent.exists()


def test_what_is_saved_comes_back_as_it_was_under_its_name(store):
    saved = store.save(DISCOVERY, data="tiny", name=" Discovery ", note="for spring")
    assert store.all("tiny") == (saved,)
    assert saved.scenario == replace(DISCOVERY, name="Discovery")
    assert (saved.note, saved.revision, saved.is_deleted) == ("for spring", 1, False)
    assert store.all("another") == ()


def test_every_change_is_kept_with_who_when_and_why(store):
    one = store.save(DISCOVERY, data="tiny", name="A", by=Author("Ana", "first try"))
    two = store.change(one, scenario=Scenario(freshness=0.2), by=Author("Bo", "fresher"))
    three = store.change(two, name="B", by=Author("Ana"))
    four = store.change(three, note="seen by legal", by=Author("Cy"))
    five = store.delete(four, by=Author("Bo", "not needed"))
    six = store.restore(five, 1, by=Author("Ana", "needed"))
    history = store.history(one.id)
    assert history == (one, two, three, four, five, six)
    assert [entry.action for entry in history] == [
        "saved", "changed", "renamed", "annotated", "deleted", "restored"
    ]  # fmt: skip
    assert four.scenario == replace(Scenario(freshness=0.2), name="B")
    assert (six.name, six.scenario, six.note) == ("A", one.scenario, "")
    assert "Bo changed 'A' (revision 2): fresher" in history_lines(history)[1]


def test_a_deleted_scenario_is_out_of_the_list_and_not_lost(store):
    saved = store.save(DISCOVERY, data="tiny", name="A")
    gone = store.delete(saved)
    assert store.all("tiny") == ()
    assert store.all("tiny", deleted=True) == (gone,)
    back = store.restore(gone, saved.revision)
    assert store.all("tiny") == (back,)
    assert back.scenario == saved.scenario


def test_scenarios_stand_in_the_order_in_which_they_were_first_saved(store):
    first, second = (store.save(Scenario(), data="tiny", name=name) for name in ("B", "A"))
    changed = store.change(first, note="changed last")
    assert store.all("tiny") == (changed, second)


def test_a_copy_has_a_history_of_its_own(store):
    saved = store.save(DISCOVERY, data="tiny", name="A")
    copy = store.duplicate(saved)
    again = store.duplicate(saved)
    assert [copy.name, again.name] == ["A (2)", "A (3)"]
    assert copy.id != saved.id
    assert copy.scenario == replace(DISCOVERY, name="A (2)")
    store.delete(saved)
    assert store.get(copy.id) == copy


def test_the_second_of_two_editors_is_told_what_changed_and_can_keep_both(store):
    seen_by_both = store.save(DISCOVERY, data="tiny", name="A", by=Author("Ana"))
    theirs = store.change(seen_by_both, scenario=replace(DISCOVERY, diversity=0.4), by=Author("Bo"))
    mine = replace(DISCOVERY, diversity=0.2)
    with pytest.raises(ConflictError, match=r"'A' was changed by Bo .*Diversity 0.3 → 0.4") as told:
        store.change(seen_by_both, scenario=mine)
    assert told.value.theirs == theirs
    assert store.all("tiny") == (theirs,)
    kept = store.save(mine, data="tiny", name=store.free_name("tiny", "A"))
    assert {one.name: one.scenario.diversity for one in store.all("tiny")} == {
        "A": 0.4,
        "A (2)": 0.2,
    }
    over = store.change(told.value.theirs, scenario=mine)  # or over theirs, having seen it
    assert (over.revision, kept.revision) == (3, 1)


def test_deleting_what_somebody_has_changed_is_refused_too(store):
    seen = store.save(DISCOVERY, data="tiny", name="A")
    store.change(seen, note="important")
    with pytest.raises(ConflictError, match="another note"):
        store.delete(seen)
    assert len(store.all("tiny")) == 1


def test_changing_what_somebody_has_deleted_says_so(store):
    seen = store.save(DISCOVERY, data="tiny", name="A")
    store.delete(seen, by=Author("Bo"))
    with pytest.raises(ConflictError, match="was deleted by Bo"):
        store.change(seen, note="x")


def test_two_scenarios_of_one_data_set_have_two_names(store):
    store.save(DISCOVERY, data="tiny", name="A")
    other = store.save(DISCOVERY, data="tiny", name="B")
    store.save(DISCOVERY, data="another", name="A")
    with pytest.raises(StoreError, match="saved as 'A' already"):
        store.save(DISCOVERY, data="tiny", name="A")
    with pytest.raises(StoreError, match="saved as 'A' already"):
        store.change(other, name="A")


def test_a_name_is_free_again_after_a_deletion_and_is_not_taken_back_by_a_restoration(store):
    gone = store.delete(store.save(DISCOVERY, data="tiny", name="A"))
    store.save(DISCOVERY, data="tiny", name="A")
    with pytest.raises(StoreError, match="saved as 'A' already"):
        store.restore(gone, 1)


@pytest.mark.parametrize("name", ["", "   ", "x" * 301, "\ud800"])
def test_names_that_no_file_can_hold_are_refused(store, name):
    with pytest.raises((StoreError, ScenarioError)):
        store.save(DISCOVERY, data="tiny", name=name)
    assert store.all() == ()


@pytest.mark.parametrize("name", ["'; DROP TABLE revisions; --", "<b>x</b>", "=1+1", "ｅ✓\u202e"])
def test_names_are_text_and_nothing_else(store, name):
    store.save(DISCOVERY, data="tiny", name=name)
    assert store.named("tiny", name).name == name


def test_a_name_that_is_not_there_is_said_with_those_that_are(store):
    store.save(DISCOVERY, data="tiny", name="A")
    with pytest.raises(StoreError, match="No scenario of tiny is saved as 'C'; there is 'A'"):
        store.named("tiny", "C")


def test_a_clock_that_goes_backwards_loses_no_change_and_is_said(store):
    noon, before = (datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in (12, 9))
    one = store.save(DISCOVERY, data="tiny", name="A", now=noon)
    two = store.change(one, note="later, by the order of changes", now=before)
    assert store.all("tiny") == (two,)
    lines = history_lines(store.history(one.id))
    assert "clock" not in lines[0]
    assert "(the clock stood behind the change before)" in lines[1]


def test_a_scenario_of_a_newer_version_is_kept_and_said(store, monkeypatch):
    newer = '{"version": 99, "diversity": 0.3, "telepathy": 1}'
    monkeypatch.setattr("engine.saved.store._content", lambda _scenario, _name: newer)
    saved = store.save(DISCOVERY, data="tiny", name="A")
    with pytest.raises(ScenarioError, match="`version` of the scenario must be"):
        _ = saved.scenario
    note = store.change(saved, note="still there")
    assert note.content == newer
    with pytest.raises(ConflictError):
        store.change(saved, note="late")


@given(
    weights=st.lists(st.floats(0, 1), min_size=1, max_size=4),
    rules=st.lists(st.builds(Rule, st.just("boost"), st.just("genre"), st.just(("W'ar",)))),
)
def test_any_history_can_be_walked_back_to_each_of_its_points(tmp_path_factory, weights, rules):
    store = ScenarioStore(tmp_path_factory.mktemp("walk") / "s.sqlite")
    saved = store.save(Scenario(rules=tuple(rules)), data="tiny", name="A")
    for weight in weights:
        saved = store.change(saved, scenario=Scenario(diversity=weight))
    for entry in store.history(saved.id):
        saved = store.restore(saved, entry.revision)
        assert saved.scenario == entry.scenario
    assert len(store.history(saved.id)) == 2 * (1 + len(weights))


def test_differences_are_said_for_every_control():
    one = Scenario(diversity=0.1)
    two = replace(one, diversity_method="dpp", k=20, people_attribute="age", rules=(
        Rule("hide", "genre", ("War",)),
    ))  # fmt: skip
    assert differences(one, replace(one, name="another")) == ()
    assert differences(one, two) == (
        "List length 10 → 20", "Method MMR → DPP", "Groups by none → age", "now: Hide genre War"
    )  # fmt: skip
    first, second = Cap("genre", None, 2, 5), Cap("genre", "War", 1, 5)
    assert differences(Scenario(caps=(first, second)), Scenario(caps=(second, first))) == (
        "caps or rules in another order",
    )
