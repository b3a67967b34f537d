"""People's columns: any printable name, unique names, one group for nothing, no groups of one."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.attribute_names import OWN_ATTRIBUTES, unique_names
from engine.data.attributes import read_users
from engine.data.columns import RawTable
from engine.errors import DataError
from engine.fit import fit
from tests.conftest import TINY_CONFIG
from tests.tiny_service import dataset_of, tiny_dataset

NAME = st.text(st.characters(exclude_categories=("Cs",)), max_size=10)
NEAR = st.sampled_from(["activity", "Activity", "taste_group", "taste group", "a_b", "a b", "A B"])


def read(columns, n=12):
    table = {"user_id": [f"u{row}" for row in range(n)], **columns}
    raw = RawTable("users.csv", pd.DataFrame(table, dtype="str"))
    return read_users(raw), raw.account.notes


@settings(deadline=None)
@given(st.lists(NAME | NEAR, unique=True, max_size=12))
def test_names_are_unique_printable_and_none_of_ours(columns):
    names = unique_names(columns)
    assert list(names) == columns
    shown = list(names.values())
    assert len({name.casefold() for name in (*shown, *OWN_ATTRIBUTES)}) == len(columns) + 2
    assert all(name and name.isprintable() and name == name.strip() for name in shown)
    assert unique_names(shown) == dict(zip(shown, shown, strict=True))


def test_a_column_called_activity_keeps_its_labels_under_a_name_of_its_own():
    table, notes = read({"activity": ["gold", "silver"] * 6, "taste_group": ["A", "B", "B"] * 4})
    assert table["activity (2)"].tolist() == ["gold", "silver"] * 6
    assert set(table["taste group (2)"]) == {"A", "B"}
    assert "`activity` of users.csv is called `activity (2)`" in notes[0]


def test_two_names_that_become_one_stay_two_attributes():
    table, notes = read({"age_band": ["18-24", "25-34"] * 6, "age band": ["young", "old"] * 6})
    assert set(table["age band"]) == {"18-24", "25-34"}
    assert set(table["age band (2)"]) == {"young", "old"}
    assert len(notes) == 1


def test_an_age_beside_an_age_band():
    table, _ = read({"age": ["17", "30", "NaN"] * 4, "age_band": ["x", "y"] * 6})
    assert table["age band"].tolist()[:3] == ["under 18", "25-34", ""]
    assert set(table["age band (2)"]) == {"x", "y"}


def test_words_for_nothing_are_one_group_and_counted():
    table, notes = read({"gender": ["man", "NaN", "", "null", "unknown", "N/A"] * 2})
    assert set(table["gender"]) == {"man", "unknown"}
    assert "in 6 rows: read as unknown" in notes[0]


def test_namibia_among_codes_is_a_code():
    table, notes = read({"country": ["NA", "DE", "US", ""] * 3})
    assert set(table["country"]) == {"NA", "DE", "US", "unknown"}
    assert not notes


def test_a_column_with_a_group_for_nearly_everybody_is_no_grouping():
    table, notes = read({"town": [f"t{n}" for n in range(40)], "side": ["n", "s"] * 20}, n=40)
    assert list(table.columns) == ["user_id", "side"]
    assert "nearly everybody would be a group of their own" in notes[0]


def test_three_hundred_columns_about_people_are_refused_by_number():
    with pytest.raises(DataError, match="300 columns about people, and at most 40 can be used"):
        read({f"c{n}": ["a", "b"] * 6 for n in range(300)})


@pytest.mark.slow
def test_names_from_data_are_no_identifiers_of_a_library(tmp_path):
    data = tiny_dataset(60, 60, 20)
    odd = ["age [years]", "plan: tier", "city, state", 'a"b', "{x}", "näme 名", "lift in gender"]
    columns = {name: ["x", "y"] * 30 for name in odd}
    users = pd.DataFrame({"user_id": data.users["user_id"], **columns})
    folder = fit(dataset_of(data.interactions, data.items, users), tmp_path, config=TINY_CONFIG)
    assert folder.is_dir()
