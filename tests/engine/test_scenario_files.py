"""A scenario file from anywhere is read exactly or refused in one sentence, whatever is in it."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ScenarioError
from engine.scenario import Scenario
from engine.strict_json import BadJsonError, read_json

REFUSED = {
    "brackets 100,000 deep": (b"[" * 100_000, "nested more than 20 levels deep"),
    "objects 100,000 deep": (b'{"a":' * 30_000, "nested more than 20 levels deep"),
    "a number of 5,000 digits": (b'{"diversity": ' + b"9" * 5000 + b"}", "5,000 digits"),
    "a fraction of 5,000 digits": (b'{"diversity": 0.' + b"1" * 5000 + b"}", "5,002 digits"),
    "1e999": (b'{"diversity": 1e999}', "holds a number that is too large (1e999)"),
    "a whole number of 40 digits": (b'{"k": ' + b"9" * 40 + b"}", "`k` of the scenario must be"),
    "NaN": (b'{"diversity": NaN}', "holds NaN"),
    "Infinity": (b'{"half_life_days": -Infinity}', "holds -Infinity"),
    "a field twice": (b'{"diversity": 0.1, "diversity": 0.9}', "the field 'diversity' twice"),
    "a field of a cap twice": (b'{"caps": [{"top": 1, "top": 2}]}', "the field 'top' twice"),
    "half a letter": (b'{"name": "\\ud800"}', "half of a surrogate pair"),
    "half a letter as a field": (b'{"\\udc00": 1}', "half of a surrogate pair"),
    "a list as a word": (b'{"diversity_method": []}', "`diversity_method` of the scenario must be"),
    "an object as a word": (b'{"likeness": {}}', "`likeness` of the scenario must be one of"),
    "a list as a kind": (b'{"caps": [{"kind": []}]}', "`kind` of a cap must be one of"),
    "a list as a number": (b'{"k": [1]}', "`k` of the scenario must be a whole number"),
    "truth as a number": (b'{"diversity": true}', "`diversity` of the scenario must be a number"),
    "truth as a version": (b'{"version": true}', "`version` of the scenario must be 1"),
    "a list as a value of a rule": (
        b'{"rules": [{"action": "hide", "field": "genre", "values": [["Drama"]]}]}',
        "`values` of a rule must be text",
    ),
    "a rule of 10,000 values": (
        json.dumps({"rules": [{"action": "hide", "field": "item", "values": ["i"] * 10_000}]}),
        "a list of 1 to 200 texts",
    ),
    "1,000 caps": (json.dumps({"caps": [{}] * 1000}), "a list of at most 50"),
    "a name of 10,000 letters": (json.dumps({"name": "x" * 10_000}), "at most 300 letters"),
    "3 MB": (b" " * 3_000_000, "is 3,000,000 bytes long; at most 200,000 are read"),
    "UTF-16": ('{"k": 5}'.encode("utf-16"), "is not UTF-8 text"),
    "nothing": (b"", "is not valid JSON"),
    "two scenarios": (b"{}{}", "is not valid JSON"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_scenario_can_be_is_refused_in_one_short_sentence(case: str) -> None:
    given, words = REFUSED[case]
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_json(given)
    text = str(caught.value)
    assert words in text
    assert "\n" not in text
    assert len(text) < 500
    text.encode("utf-8")  # it can be shown


def test_brackets_in_a_name_are_no_depth() -> None:
    name = '[[[{{{"\\' * 20
    assert Scenario.from_json(json.dumps({"name": name})).name == name


def test_nine_digits_of_an_amount_are_kept() -> None:
    text = (
        '{"rules": [{"action": "boost", "field": "genre", "values": ["Drama"], '
        '"amount": 0.123456789}]}'
    )
    scenario = Scenario.from_json(text)
    assert scenario.rules[0].amount == 0.123456789
    assert Scenario.from_json(scenario.to_json()) == scenario


def test_a_byte_order_mark_is_no_content() -> None:
    assert Scenario.from_json(b'\xef\xbb\xbf{"k": 5}').k == 5


@given(st.binary(max_size=200))
def test_any_bytes_are_a_scenario_or_refused(content: bytes) -> None:
    with contextlib.suppress(ScenarioError):
        Scenario.from_json(content)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3),
    max_leaves=8,
)
fields_of_ours = st.sampled_from(
    [*Scenario().to_dict(), "kind", "value", "at_most", "top", "action", "field", "values"]
)


@given(st.dictionaries(fields_of_ours, anything, max_size=5))
def test_any_value_in_any_field_is_taken_or_refused(values: dict) -> None:
    for given_ in (values, {"caps": [values]}, {"rules": [values]}):
        with contextlib.suppress(ScenarioError):
            Scenario.from_dict(given_)
        with contextlib.suppress(ScenarioError):
            Scenario.from_json(json.dumps(given_))


@given(anything.filter(lambda value: "NaN" not in json.dumps(value)))
def test_what_is_plain_json_is_read_as_python_reads_it(value: object) -> None:
    text = json.dumps(value)
    with contextlib.suppress(BadJsonError):
        assert read_json(text, max_bytes=10_000) == json.loads(text)
