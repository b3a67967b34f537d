"""Genres in every form that files have them: as many genres as there are, whatever the form."""

import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.account import Account
from engine.data.genres import flattened, read_genres
from engine.data.parquet_table import read_parquet

NAMES = ["Comedy", "Crime", "Drama", "Sci-Fi", "Children's", 'The "B" List', "Film noir"]

FORMS = {
    "pipe": "|".join,
    "pipe with blanks": " | ".join,
    "comma": ", ".join,
    "semicolon": ";".join,
    "slash": "/".join,
    "python": lambda row: repr(list(row)),
    "tuple": lambda row: repr(tuple(row)),
    "json": json.dumps,
    "objects": lambda row: json.dumps([{"id": n, "name": name} for n, name in enumerate(row)]),
    "python objects": lambda row: repr([{"id": n, "name": name} for n, name in enumerate(row)]),
    "with nulls": lambda row: json.dumps([*row, None]),
}


def read(cells):
    account = Account()
    series = pd.Series(cells, dtype="str")
    return read_genres(series, "items.csv (60 rows)", account).tolist(), account.notes


@settings(deadline=None)
@given(
    st.lists(st.sets(st.sampled_from(NAMES), max_size=3), min_size=1, max_size=20),
    st.sampled_from(sorted(FORMS)),
)
def test_every_form_gives_the_same_genres(rows, form):
    every = [*rows, *({name} for name in NAMES), set(NAMES[:3]), set(NAMES[2:])]
    cells = [FORMS[form](sorted(row)) if row else "" for row in every]
    found, notes = read(cells)
    assert found == ["|".join(sorted(row)) for row in every]
    assert bool(notes) == (not form.startswith("pipe"))


def test_a_comma_or_slash_in_a_name_whose_parts_never_stand_apart_stays():
    cells = ["Sci-Fi/Fantasy", "Sci-Fi/Fantasy", "Drama", "News, Politics", "News, Politics"]
    assert read(cells) == (cells, [])


def test_one_pipe_among_many_commas_does_not_decide():
    cells = ["Drama, Crime"] * 5 + ["Crime, War"] * 5 + ["War, Drama"] * 5 + ["Drama|Crime"]
    found, _ = read(cells)
    assert set("|".join(found[:15]).split("|")) == {"Drama", "Crime", "War"}


@pytest.mark.parametrize("word", ["(no genres listed)", "NA", "N/A", "unknown", "null", "NaN"])
def test_words_for_no_genre_are_no_genre_and_counted(word):
    found, notes = read(["Drama", word, "Crime|Drama", word])
    assert found == ["Drama", "", "Crime|Drama", ""]
    assert "2 items" in notes[0]
    assert f"`{word}`" in notes[0]


def test_spellings_that_differ_in_case_are_one_genre_and_said():
    found, notes = read(["Drama", "drama|Crime", "DRAMA", "Drama"])
    assert found == ["Drama", "Drama|Crime", "Drama", "Drama"]
    assert "`Drama`" in notes[0]
    assert "`drama`" in notes[0]


def test_too_many_genres_lose_the_rarest_and_say_so():
    cells = [f"tag{n}|common" for n in range(1500)] + ["tag3", "tag4"]
    found, notes = read(cells)
    kept = set("|".join(found).split("|")) - {""}
    assert len(kept) == 1000
    assert {"common", "tag3", "tag4"} <= kept
    assert "1,501 different genres" in notes[0]


def test_genres_that_are_each_met_once_are_pointed_out():
    _, notes = read([f"Mood {n} Theme {n}" for n in range(40)])
    assert "40 of 40 genres have one item only" in notes[0]


@settings(deadline=None)
@given(st.lists(st.text(max_size=20), max_size=20))
def test_no_text_breaks_the_reading(cells):
    found, _ = read([cell.strip() for cell in cells])
    assert len(found) == len(cells)
    for cell in found:
        labels = cell.split("|")
        assert cell == "" or (all(labels) and len(set(labels)) == len(labels))


def test_deep_and_broken_lists_are_text():
    deep = "[" * 5000 + "]" * 5000
    found, _ = read([deep, "['Drama', ", "[Drama, Crime]", "['Drama' 'War']", "[]"])
    assert found[2:] == ["Drama|Crime", "Drama|War", ""]


KINDS = {
    "list": pa.list_(pa.string()),
    "large list": pa.large_list(pa.large_string()),
    "fixed-size list": pa.list_(pa.string(), 2),
    "objects": pa.list_(pa.struct([("id", pa.int64()), ("name", pa.string())])),
}


@pytest.mark.parametrize("kind", KINDS)
def test_lists_of_parquet_skip_nulls(kind, tmp_path):
    rows = [["Drama", "War"], ["Crime", None], None]
    if kind == "objects":
        rows = [row and [name and {"id": 1, "name": name} for name in row] for row in rows]
    table = pa.table(
        {
            "item_id": ["1", "2", "3"],
            "genres": pa.array(rows, type=KINDS[kind]),
            "embedding": pa.array([[0.5, 1.5]] * 3, type=pa.list_(pa.float64(), 2)),
            "meta": pa.array([{"a": 1}] * 3),
            "when": pa.array([1, 2, 3], type=pa.duration("s")),
            "raw": pa.array([b"a", b"b", None]),
        }
    )
    pq.write_table(table, tmp_path / "items.parquet")
    account = Account()
    found = read_parquet(tmp_path / "items.parquet", account)
    assert found["genres"].tolist() == ["Drama|War", "Crime", ""]
    assert found["raw"].tolist()[:2] == ["a", "b"]
    assert list(found.columns) == ["item_id", "genres", "raw"]
    assert [note.split("`")[1] for note in account.notes] == ["embedding", "meta", "when"]


def test_flattening_goes_into_lists_of_lists():
    assert flattened([["a|b", None, float("nan")], ("c",), {"other": 1}, 5]) == ["a/b", "c", "5"]
