"""Your own files: what is accepted, in which form it comes out, and what each refusal says."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from engine.data import load_dataset
from engine.data.naming import name_of, spoken
from engine.data.readers import dataset_name, read_folder
from engine.errors import DataError, StudioError

INTERACTIONS = """user_id,item_id,timestamp,value
ann,1,2024-03-01T10:00:00,5
ann,2,2024-03-02,3
bob,1,2024-02-01,4
bob,3,2024-02-02,5
"""
ITEMS = """item_id,title,genres,released,provider
1,Harbour,Drama|Crime,2020,North
2,Lantern,,2021-05-04,North
3,"Salt, and Pepper",Comedy,,
"""
USERS = "user_id,gender,age,town\nann,woman,31,Oslo\nbob,,17,Bergen\n"


@pytest.fixture
def folder(tmp_path):
    """A good folder, for tests to break."""
    root = tmp_path / "my films"
    root.mkdir()
    (root / "interactions.csv").write_text(INTERACTIONS, encoding="utf-8")
    (root / "items.csv").write_text(ITEMS, encoding="utf-8")
    (root / "users.csv").write_text(USERS, encoding="utf-8")
    return root


def refusal(folder) -> str:
    """The sentence with which the folder is refused; one sentence, on one line."""
    with pytest.raises(DataError) as caught:
        load_dataset(folder)
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


def test_a_good_folder_comes_out_in_the_contracts_form(folder):
    data = load_dataset(folder)
    assert (data.name, data.title, data.provenance) == ("my-films", "my films", "own")
    assert spoken(name_of(str(folder))) == data.name
    assert data.interactions["user_id"].tolist() == ["ann", "ann", "bob", "bob"]
    assert data.interactions["timestamp"].dtype == "datetime64[s]"
    assert data.interactions["value"].dtype == np.float32
    assert data.items["genres"].tolist() == ["Drama|Crime", "", "Comedy"]
    assert data.items["title"].tolist()[2] == "Salt, and Pepper"
    assert data.items["released"].tolist()[:2] == [
        pd.Timestamp("2020-07-01"),
        pd.Timestamp("2021-05-04"),
    ]
    assert pd.isna(data.items["released"][2])
    assert data.items["provider"].tolist() == ["North", "North", ""]
    assert data.users["gender"].tolist() == ["woman", "unknown"]
    assert data.users["age band"].tolist() == ["25-34", "under 18"]
    assert data.attributes == ("gender", "age band", "town")
    assert data.liked_threshold == 4.0
    assert data.drops == ()


def test_parquet_gives_the_same_data_set_as_csv(folder, tmp_path):
    from_csv = load_dataset(folder)
    twin = tmp_path / "parquet" / "my films"
    twin.mkdir(parents=True)
    interactions = pd.read_csv(folder / "interactions.csv")
    interactions["timestamp"] = pd.to_datetime(interactions["timestamp"], format="ISO8601")
    items = pd.read_csv(folder / "items.csv", keep_default_na=False)
    items["genres"] = [text.split("|") if text else [] for text in items["genres"]]
    items["released"] = pd.to_datetime(["2020-07-01", "2021-05-04", None])
    interactions.to_parquet(twin / "interactions.parquet")
    items.to_parquet(twin / "items.parquet")
    pd.read_csv(folder / "users.csv").to_parquet(twin / "users.parquet")
    assert load_dataset(twin).fingerprint == from_csv.fingerprint


def test_users_are_optional(folder):
    (folder / "users.csv").unlink()
    data = load_dataset(folder)
    assert data.users["user_id"].tolist() == ["ann", "bob"]
    assert data.attributes == ()
    assert "no table of users" in data.notes[0]


def test_only_the_required_columns(folder):
    (folder / "interactions.csv").write_text("user_id,item_id,timestamp\na,1,0\n")
    (folder / "items.csv").write_text("item_id,title\n1,Harbour\n")
    (folder / "users.csv").unlink()
    data = load_dataset(folder)
    assert data.interactions["value"].tolist() == [1.0]
    assert data.liked_threshold == 1.0
    assert data.items.loc[0, ["genres", "provider"]].tolist() == ["", ""]


@pytest.mark.parametrize(
    "written",
    [
        "2024-05-31T12:00:00",
        "2024-05-31 12:00:00",
        "2024-05-31T14:00:00+02:00",
        "2024-05-31T12:00:00Z",
        "1717156800",
        "1717156800000",
        "1717156800000000",
        "1717156800.7",
    ],
)
def test_moments_in_every_accepted_writing(folder, written):
    (folder / "interactions.csv").write_text(f"user_id,item_id,timestamp\nann,1,{written}\n")
    moment = load_dataset(folder).interactions["timestamp"][0]
    assert moment == pd.Timestamp("2024-05-31 12:00:00")


def test_a_date_written_as_one_number(folder):
    (folder / "interactions.csv").write_text("user_id,item_id,timestamp\nann,1,20240531\n")
    assert load_dataset(folder).interactions["timestamp"][0] == pd.Timestamp("2024-05-31")


def test_semicolons_a_byte_order_mark_and_blanks_around_ids_are_understood(folder):
    text = "\ufeffuser_id; item_id ;timestamp\n ann ; 1;0\n"
    (folder / "interactions.csv").write_text(text, encoding="utf-8")
    data = load_dataset(folder)
    assert data.interactions[["user_id", "item_id"]].iloc[0].tolist() == ["ann", "1"]


def test_columns_can_be_mapped(folder):
    text = INTERACTIONS.replace("user_id", "member").replace("value", "stars")
    (folder / "interactions.csv").write_text(text, encoding="utf-8")
    names = {"interactions": {"user_id": "member", "value": "stars"}}
    assert read_folder(folder, columns=names).interactions["value"].max() == 5


def test_liked_can_be_chosen(folder):
    assert load_dataset(folder, liked=3).liked_threshold == 3.0
    with pytest.raises(DataError, match="no row has a `value` of 6 or more"):
        load_dataset(folder, liked=6)


@pytest.mark.parametrize("name", ["interactions", "items"])
def test_a_missing_file(folder, name):
    (folder / f"{name}.csv").unlink()
    text = refusal(folder)
    assert f"no file {name}.csv or {name}.parquet" in text
    assert "item_id" in text


def test_the_same_table_twice(folder):
    pd.DataFrame({"user_id": ["x"]}).to_parquet(folder / "users.parquet")
    assert "both users.csv and users.parquet" in refusal(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "parts"),
    [
        ("items", "title", "name", ["items.csv (3 rows)", "no column `title`", "`name`", "rename"]),
        (
            "interactions",
            "2024-03-02",
            "02/03/2024",
            ["interactions.csv (4 rows)", "`timestamp`", "1 row", "row 2", "'02/03/2024'", "ISO"],
        ),
        ("interactions", "2024-03-02", "", ["`timestamp`", "1 row", "row 2 (nothing)"]),
        ("items", "2021-05-04", "soon", ["items.csv (3 rows)", "`released`", "'soon'", "row 2"]),
        ("interactions", ",3\n", ",three\n", ["`value`", "'three'", "a number", "row 2"]),
        ("interactions", ",3\n", ",inf\n", ["`value`", "'inf'"]),
        ("interactions", "ann,2", ",2", ["`user_id`", "holds no id", "row 2", "(nothing)"]),
        ("items", "2,Lantern", " ,Lantern", ["items.csv", "`item_id`", "holds no id"]),
        ("items", "2,Lantern", "2,", ["items.csv", "`title`", "row 2", "(nothing)"]),
        ("items", "2,Lantern", "1,Lantern", ["items.csv (3 rows)", "`item_id`", "1 id", "'1'"]),
        ("users", "bob,", "ann,", ["users.csv (2 rows)", "`user_id`", "1 id", "'ann'"]),
        ("users", "17", "young", ["users.csv (2 rows)", "`age`", "'young'", "0 to 130"]),
        ("interactions", "ann,2", "ann,99", ["`item_id`", "in 1 row", "'99'", "items.csv", "5 %"]),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence(folder, file, old, new, parts):
    path = folder / f"{file}.csv"
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")
    text = refusal(folder)
    for part in parts:
        assert part.replace("ISO", "2024-05-31T18:30:00") in text


@pytest.mark.parametrize(
    ("column", "value", "part"),
    [
        ("propensity", "0", "more than 0 and at most 1"),
        ("propensity", "-0.1", "from 0 to 1"),
        ("propensity", "1.2", "from 0 to 1"),
        ("position", "-1", "at least 0"),
        ("position", "top", "at least 0"),
    ],
)
def test_logged_positions_and_propensities_are_checked(folder, column, value, part):
    (folder / "interactions.csv").write_text(
        f"user_id,item_id,timestamp,{column}\nann,1,0,\nann,2,1,{value}\n"
    )
    text = refusal(folder)
    assert f"`{column}`" in text
    assert part in text
    assert "row 2" in text


def test_an_empty_file(folder):
    (folder / "items.csv").write_bytes(b"")
    assert refusal(folder).startswith("items.csv is empty (0 rows)")


def test_a_header_without_rows(folder):
    (folder / "items.csv").write_text("item_id,title\n")
    assert "items.csv has a header but no rows (0 rows)" in refusal(folder)


def test_a_file_that_is_not_utf8(folder):
    content = (folder / "items.csv").read_bytes().replace(b"Lantern", "Fjære".encode("latin-1"))
    (folder / "items.csv").write_bytes(content)
    text = refusal(folder)
    for part in ("items.csv", "3 rows", "not UTF-8", "line 3", "0xe6", "encoding UTF-8"):
        assert part in text


def test_a_ragged_file(folder):
    with (folder / "items.csv").open("a", encoding="utf-8") as file:
        file.write("4,Too,many,fields,in,this,row\n")
    text = refusal(folder)
    assert "line 5" in text
    assert "quotes" in text


def test_rows_that_are_all_longer_than_the_header(folder):
    (folder / "items.csv").write_text("item_id,title\n1,Harbour,Drama\n2,Lantern,Crime\n")
    assert "as many fields as the header" in refusal(folder)


def test_a_quote_that_never_closes_in_a_line_of_another_width(folder):
    (folder / "items.csv").write_text('item_id,title\n1,"Harbour, the\n2,Lantern\n')
    text = refusal(folder)
    assert "put quotes around" in text
    assert "line 2 has a quote that is never closed" in text


@pytest.mark.parametrize("column", ["timestamp", "note"])
def test_a_column_that_comes_twice(folder, column):
    header = f"user_id,item_id,timestamp,{column}" + (",note" if column == "note" else "")
    (folder / "interactions.csv").write_text(f"{header}\nann,1,0" + ",0" * (header.count(",") - 2))
    assert f"has the column `{column}` twice" in refusal(folder)


def test_a_file_in_place_of_a_folder(folder):
    assert "give the folder that holds it" in refusal(folder / "items.csv")


def test_dates_without_a_time_in_parquet(folder):
    items = pd.read_csv(folder / "items.csv", keep_default_na=False)
    items["released"] = [dt.date(2020, 1, 2), None, dt.date(1999, 12, 31)]
    items["genres"] = "Drama | Crime"
    (folder / "items.csv").unlink()
    items.to_parquet(folder / "items.parquet")
    data = load_dataset(folder)
    assert data.items["released"].dt.strftime("%Y%m%d").fillna("").tolist() == [
        "20200102",
        "",
        "19991231",
    ]
    assert set(data.items["genres"]) == {"Drama|Crime"}


def test_whole_numbers_as_ids_in_parquet_even_if_stored_as_floats(folder):
    table = pd.read_csv(folder / "interactions.csv")
    table["item_id"] = table["item_id"].astype(float)
    (folder / "interactions.csv").unlink()
    table.to_parquet(folder / "interactions.parquet")
    assert load_dataset(folder).interactions["item_id"].tolist() == ["1", "2", "1", "3"]


def test_a_folder_named_like_a_data_set_that_comes_along(folder):
    twin = folder.rename(folder.with_name("simulated"))
    assert load_dataset(twin).name == spoken(name_of(str(twin))) == "own-simulated"


def test_folders_of_one_name_keep_their_fits_apart(tmp_path, monkeypatch):
    one, other = tmp_path / "a" / "films", tmp_path / "b" / "films"
    one.mkdir(parents=True)
    assert spoken(name_of(str(one))) == spoken(name_of(str(other))) == "films"
    assert name_of(str(one)) != name_of(str(other))
    assert name_of(f"{one}.zip") != name_of(str(one))
    monkeypatch.chdir(one.parent)
    assert name_of("films") == name_of("films/../films/") == name_of(str(one))


def test_a_file_that_only_claims_to_be_parquet(folder):
    (folder / "items.csv").unlink()
    (folder / "items.parquet").write_text(ITEMS)
    assert "items.parquet is not a readable Parquet file" in refusal(folder)


def test_a_few_unknown_items_are_left_out_and_counted(folder):
    rows = [f"ann,1,{second},5" for second in range(39)] + ["ann,99,50,5"]
    (folder / "interactions.csv").write_text(
        "user_id,item_id,timestamp,value\n" + "\n".join(rows) + "\n"
    )
    data = load_dataset(folder)
    assert len(data.interactions) == 39
    (drop,) = data.drops
    assert (drop.file, drop.column, drop.n_rows) == ("interactions.csv", "item_id", 1)
    assert "'99'" in drop.reason


def test_equal_rows_are_left_out_and_counted(folder):
    with (folder / "items.csv").open("a", encoding="utf-8") as file:
        file.write("1,Harbour,Drama|Crime,2020,North\n" * 2)
    data = load_dataset(folder)
    assert len(data.items) == 3
    assert [(d.file, d.n_rows) for d in data.drops] == [("items.csv", 2)]


def test_people_missing_from_users_are_kept_as_unknown(folder):
    (folder / "users.csv").write_text("user_id,gender\nann,woman\n")
    data = load_dataset(folder)
    assert data.users["gender"].tolist() == ["woman", "unknown"]
    assert "1 of 2 people" in data.notes[0]
    assert "'bob'" in data.notes[0]


def test_users_that_match_nobody_are_refused(folder):
    (folder / "users.csv").write_text("user_id,gender\n17,woman\n")
    text = refusal(folder)
    for part in ("interactions.csv (4 rows)", "`user_id`", "users.csv (1 row)", "'ann'"):
        assert part in text


def test_a_column_with_too_many_labels_is_no_grouping(folder):
    people = "\n".join(f"u{n},{n:05d},north" for n in range(60))
    (folder / "users.csv").write_text(f"user_id,zip,side\nann,1,s\nbob,2,n\n{people}\n")
    data = load_dataset(folder)
    assert data.attributes == ("side",)
    assert "`zip` of users.csv has 62 different labels" in data.notes[0]


def test_a_name_that_is_nothing():
    for name in ("no-such-data", "", "."):
        with pytest.raises(StudioError, match=r"movielens-100k.*simulated.*path"):
            load_dataset(name)


def test_the_fingerprint_tells_any_change(folder):
    before = load_dataset(folder).fingerprint
    path = folder / "items.csv"
    path.write_text(path.read_text().replace("Lantern", "Lanterm"))
    assert load_dataset(folder).fingerprint != before


def test_dataset_name_can_name_a_folder(tmp_path):
    assert dataset_name(tmp_path / "a b&c/..(x)") == "x"
    assert dataset_name(tmp_path / "ml-1m") == "ml-1m"


def many_rows(timestamp=lambda n: 1_600_000_000 + 3600 * n, value=lambda n: n % 5 + 1):
    rows = [f"{'ann' if n % 2 else 'bob'},{n % 3 + 1},{timestamp(n)},{value(n)}" for n in range(60)]
    return "\n".join(["user_id,item_id,timestamp,value", *rows]) + "\n"


def test_one_row_in_the_future_does_not_set_the_time(folder):
    text = many_rows(lambda n: 7_200_000_000 if n == 17 else 1_600_000_000 + 3600 * n)
    (folder / "interactions.csv").write_text(text)
    data = load_dataset(folder)
    assert data.interactions["timestamp"].max().year == 2020
    (drop,) = data.drops
    assert (drop.file, drop.column, drop.n_rows) == ("interactions.csv", "timestamp", 1)
    assert "first in row 18 (2198-02-27)" in drop.sentence


def test_a_part_of_the_rows_decades_away_is_refused(folder):
    text = many_rows(lambda n: 0 if n < 15 else 1_600_000_000 + 3600 * n)
    (folder / "interactions.csv").write_text(text)
    assert "holds something else than a date or time in 15 rows, first in row 1 ('0')" in refusal(
        folder
    )
    text = many_rows(lambda n: "1970-01-01" if n < 15 else "2024-05-31")
    (folder / "interactions.csv").write_text(text)
    assert "lies decades from most rows in 15 rows, first in row 1 (1970-01-01)" in refusal(folder)


def test_seconds_and_milliseconds_in_one_column(folder):
    text = many_rows(lambda n: (1_600_000_000 + 3600 * n) * (1000 if n % 2 else 1))
    (folder / "interactions.csv").write_text(text)
    data = load_dataset(folder)
    assert data.interactions["timestamp"].dt.year.unique().tolist() == [2020]
    assert "30 of 60 numbers count milliseconds since 1970" in " ".join(data.notes)


def test_numbers_that_are_no_times_are_pointed_out(folder):
    (folder / "interactions.csv").write_text(many_rows(lambda n: n))
    assert "every `timestamp` lies in 1970 or before" in " ".join(load_dataset(folder).notes)


def test_few_odd_dates_of_release_are_unknown_and_counted(folder):
    items = "item_id,title,released\n" + "".join(
        f"{n},Film {n},{'soon' if n == 9 else 1980 + n}\n" for n in range(1, 41)
    )
    (folder / "items.csv").write_text(items)
    data = load_dataset(folder)
    assert data.items["released"].isna().sum() == 1
    assert "1 row, first in row 9 ('soon'): read as unknown" in " ".join(data.notes)


def test_the_threshold_of_liked_follows_the_scale_and_is_said(folder):
    (folder / "interactions.csv").write_text(many_rows(value=lambda n: n % 10 + 1))
    data = load_dataset(folder)
    assert data.liked_threshold == 8.0
    assert (
        "liked where its value is 8 or more (the upper quarter of values from 1 to 10): 30 %"
        in (data.notes[-1])
    )


def test_ids_written_with_a_point_are_the_same_ids(folder):
    text = INTERACTIONS.replace(",1,", ",1.0,").replace(",2,", ",2.0,").replace(",3,2", ",3.0,2")
    (folder / "interactions.csv").write_text(text)
    data = load_dataset(folder)
    assert data.interactions["item_id"].tolist() == ["1", "2", "1", "3"]
    assert "first in row 1 ('1.0'): read without it" in " ".join(data.notes)


def test_ids_that_differ_in_leading_noughts_are_pointed_out(folder):
    (folder / "items.csv").write_text(ITEMS.replace("\n1,", "\n01,").replace("\n2,", "\n02,"))
    assert "written in another way ('1' and '01')" in refusal(folder)


def test_a_decimal_comma_is_understood_and_said(folder):
    text = INTERACTIONS.replace(",", ";").replace(";5\n", ";4,5\n")
    (folder / "interactions.csv").write_text(text)
    data = load_dataset(folder)
    assert data.interactions["value"].tolist() == [4.5, 3.0, 4.0, 4.5]
    assert "decimal comma in 2 rows" in " ".join(data.notes)


def test_the_contracts_own_files_win_over_names_of_movielens(folder):
    (folder / "movies.csv").write_text("id,name\n1,x\n")
    (folder / "ratings.csv").write_text("who,what\n1,2\n")
    assert load_dataset(folder).provenance == "own"
    assert len(load_dataset(folder).items) == 3
    (folder / "items.csv").unlink()
    text = refusal(folder)
    assert "have the names of MovieLens files" in text
    assert "interactions.csv and items.csv" in text


def test_a_number_that_32_bits_do_not_hold_is_refused(folder):
    (folder / "interactions.csv").write_text(INTERACTIONS.replace(",3\n", ",1e39\n"))
    assert "`value` holds something else than a number in 1 row" in refusal(folder)
