"""Five kinds of files with their faults: every row is accounted for, and the fit reads the rest."""

from __future__ import annotations

import csv
import dataclasses
import gzip
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from engine.artifacts import open_artifacts
from engine.data import load_dataset
from engine.errors import DataError
from engine.fit import fit
from engine.importing.imported import Imported
from engine.importing.inventory import inventory, remove
from engine.importing.publishing import check_files, import_files
from tests.conftest import TINY_CONFIG
from tests.engine.importing.reading import words_in
from tests.engine.importing.shapes import SHAPES, choices, write_csv


def raw(path: Path, encoding: str = "utf-8", **how) -> list[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, **how))


def imported(name: str, folder: Path, **how):
    folder.mkdir(exist_ok=True)
    files = SHAPES[name](folder)
    return files, import_files(files, None, name.replace("_", "-"), **how)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_every_row_is_taken_or_accounted_for(name, tmp_path):
    built, mapping = check_files(SHAPES[name](tmp_path))
    log = {*mapping.interactions.files, ""}
    out = sum(
        one.n_rows
        for one in built.findings
        if one.kind == "left out" and one.file.split(" ")[0] in log
    )
    joined = sum(one.n_rows for one in built.findings if "met before: one row" in one.text)
    assert built.counts["interactions"] + out + joined == built.counts["read"]
    assert built.counts["people"] in (120, 121)
    assert built.counts["items"] == 90


def test_a_gift_shops_returns_count_against_what_was_bought(tmp_path):
    (path,), done = imported("gift_shop", tmp_path / "raw")
    rows = [row for row in raw(path, "cp1252") if row["CustomerID"]]
    net: Counter[tuple[str, str]] = Counter()
    for row in rows:
        net[str(int(float(row["CustomerID"]))), row["StockCode"]] += int(row["Quantity"])
    table = load_dataset(done.name).interactions
    found = dict(
        zip(zip(table["user_id"], table["item_id"], strict=True), table["value"], strict=True)
    )
    assert found == dict(net)
    assert done.liked == 1.0
    assert min(net.values()) <= 0  # some were taken back whole
    blank = [one for one in done.findings if one.text == "no person is named"]
    assert blank[0].n_rows == len(raw(path, "cp1252")) - len(rows)


def test_a_gift_shops_titles_are_the_commonest_and_its_months_come_first(tmp_path):
    (path,), done = imported("gift_shop", tmp_path / "raw")
    dataset = load_dataset(done.name)
    first = min(int(row["InvoiceDate"].split("/")[0]) for row in raw(path, "cp1252"))
    assert dataset.interactions["timestamp"].min().month == first
    assert dataset.items["title"].str.startswith("CAFÉ MUG").all()
    countries = dataset.users["Country"]
    assert countries.value_counts().index[0] == "United Kingdom"


def test_groceries_have_departments_as_genres_and_bands_of_people(tmp_path):
    files, done = imported("groceries", tmp_path / "raw")
    dataset = load_dataset(done.name)
    assert set(dataset.items["genres"]) == {"GROCERY", "PRODUCE", "MEAT", "DRUG GM", "PASTRY"}
    assert dataset.attributes == ("AGE DESC", "INCOME DESC")
    assert (dataset.users["INCOME DESC"] == "unknown").sum() == 60
    assert len(dataset.interactions) == len(raw(files[0]))
    days = dataset.interactions["timestamp"].dt.normalize().nunique()
    assert days == len({row["DAY"] for row in raw(files[0])})


def test_books_without_a_time_have_a_random_split_that_is_said(tmp_path):
    _, done = imported("books", tmp_path / "raw")
    dataset = load_dataset(done.name)
    assert not dataset.has_time
    assert dataset.interactions["timestamp"].nunique() == 1
    out = tmp_path / "fit"
    fit(dataset, out, config=TINY_CONFIG)
    artifacts = open_artifacts(out)
    assert artifacts.manifest["split"]["name"] == "random"
    labels = " ".join(artifacts.manifest["source_labels"])
    assert not any(word in labels for word in ("after", "next", "lately", "last"))
    assert {"next_liked_3", "directed_ridge", "ease_last_5"} <= set(
        artifacts.manifest["metrics"]["left_out"]
    )
    assert not any(
        "recent" in one or "sequence" in one for one in artifacts.manifest["feature_names"]
    )
    assert artifacts.genre_names == ()
    with pytest.raises(DataError, match="no time"):
        fit(dataset, out, config=dataclasses.replace(TINY_CONFIG, split="one moment"))


def test_the_random_split_takes_a_fifth_of_everybodys_likes(tmp_path):
    from engine.data.split import split

    _, done = imported("books", tmp_path / "raw")
    dataset = load_dataset(done.name)
    parts = split(dataset, how="random")
    n_liked = (dataset.interactions["value"] >= dataset.liked_threshold).groupby(
        dataset.interactions["user_id"]
    ).sum()  # fmt: skip
    expected = -(-n_liked.loc[parts.user_ids].to_numpy() // 5)
    assert (parts.holdout.lengths() == np.where(n_liked.loc[parts.user_ids] > 1, expected, 0)).all()
    other = split(dataset, how="random", seed=1)
    assert (parts.holdout.indices != other.holdout.indices).any()


def test_books_ages_become_bands_and_years_of_nought_are_unknown(tmp_path):
    _, done = imported("books", tmp_path / "raw")
    dataset = load_dataset(done.name)
    assert set(dataset.users["age band"]) <= {
        "under 18", "18-24", "25-34", "35-44", "45-49", "50-55", "56+", "unknown"
    }  # fmt: skip
    assert dataset.items["released"].isna().sum() == 5
    assert dataset.items["title"].str.contains('"Invented" Book; volume').all()


def test_songs_count_plays_and_have_a_list_of_tags(tmp_path):
    files, done = imported("songs", tmp_path / "raw")
    dataset = load_dataset(done.name)
    with files[0].open() as file:
        plays = [line.rstrip("\n").split("\t") for line in file]
    assert dataset.interactions["value"].sum() == sum(int(row[2]) for row in plays)
    assert dataset.items["genres"].str.contains(r"tag \d\|any").all()
    assert dataset.items["released"].notna().all()
    assert any(one.text == "lines that are no JSON object" for one in done.findings)


def test_news_events_have_strengths_and_impressions_are_no_interactions(tmp_path):
    files, done = imported("news", tmp_path / "raw")
    table = load_dataset(done.name).interactions
    events = Counter(row["event_type"] for row in raw(files[0]))
    assert Counter(table["event"]) == {
        "click": events["click"], "view": events["view"] - 1, "share": events["share"]
    }  # fmt: skip
    assert set(table.loc[table["event"] == "share", "value"]) == {2.0}
    assert any("`bot`" in one.text for one in done.findings.of("odd"))


def test_what_has_to_be_mended_is_said_all_at_once(tmp_path):
    rows = [[f"u{person}", f"i{item}", "soon"] for person, item, _, _ in choices(1, 20, 60)]
    log = write_csv(tmp_path / "log.csv", [["user_id", "item_id", "when"], *rows])
    people = write_csv(tmp_path / "users.csv", [["user_id", "sex"], *([n, "f"] for n in range(9))])
    built, mapping = check_files([log, people, tmp_path / "none.csv"])
    wrong = dataclasses.replace(
        mapping,
        interactions=dataclasses.replace(mapping.interactions, value="stars"),
        people=dataclasses.replace(mapping.people, columns=("sex", "height")),
    )
    built, _ = check_files([log, people, tmp_path / "none.csv"], wrong)
    said = " ".join(one.sentence for one in built.findings.of("problem"))
    assert all(word in said for word in ("none.csv", "`stars`", "`height`"))
    with pytest.raises(DataError, match="stars") as refused:
        import_files([log, people], wrong, "mine")
    assert "height" in str(refused.value)
    assert not inventory()


def test_an_import_that_fails_leaves_the_one_before_as_it_was(tmp_path, own_home):
    files, done = imported("songs", tmp_path / "raw")
    before = {path.name: path.read_bytes() for path in done.folder.iterdir()}
    files[0].write_text("nothing,here\n1,2\n")
    with pytest.raises(DataError):
        import_files(files[:1], None, "songs")
    assert {path.name: path.read_bytes() for path in done.folder.iterdir()} == before
    assert [path.name for path in (own_home / ".data").iterdir()] == ["songs"]


@pytest.mark.parametrize("ids", ["hash", "hide"])
def test_ids_can_be_hidden(tmp_path, ids):
    files = SHAPES["news"](tmp_path)
    _, mapping = check_files(files)
    done = import_files(files, dataclasses.replace(mapping, ids=ids), "mine")
    dataset = load_dataset("mine")
    assert dataset.users["user_id"].is_unique
    assert len(dataset.users) == 121
    assert not dataset.users["user_id"].str.startswith("v").any()
    said = words_in(done.folder)
    assert "politics" in said  # a subject: what is not hidden is found where it is looked for
    assert not {"v117", "bot"} & said  # who has most of all interactions was named in the record


@pytest.mark.parametrize("ids", ["hash", "hide"])
def test_what_was_found_names_nobody_whose_id_is_hidden(tmp_path, ids):
    """Examples of rows left out, and of people with several values, were kept with their ids."""
    rows = [["customer_id", "item_id", "rating", "country"]]
    for person, item, _, rng in choices(31, 40, 30, 12):
        who = f"{27850 + person}.0"
        rows.append([who, item, int(rng.integers(1, 6)), ("Chile", "Peru", "Cuba")[item % 2]])
    rows += [["27855.0", 3, "many", "Chile"], ["27856.0", 3], ["27857.0", 3, 4, "Peru", "more"]]
    path = write_csv(tmp_path / "sales.csv", rows)
    _, mapping = check_files([path])
    people = dataclasses.replace(mapping.people, person="customer_id", columns=("country",))
    done = import_files([path], dataclasses.replace(mapping, ids=ids, people=people), "mine")
    assert len(done.findings) > 4
    said = words_in(done.folder)
    assert "Chile" in said
    assert not {str(who) for who in range(27850, 27890)} & said


def test_a_changed_file_of_an_import_is_refused(tmp_path):
    _, done = imported("songs", tmp_path / "raw")
    path = done.folder / "items.parquet"
    path.write_bytes(path.read_bytes() + b"0")
    with pytest.raises(DataError, match="has been changed"):
        load_dataset("songs")


def test_removal_removes_the_files_the_fits_and_what_was_kept(tmp_path, own_home):
    _, done = imported("songs", tmp_path / "raw")
    for name in ("songs", "songs@without-age", "songs2"):
        kept = own_home / ".artifacts" / name / "kept"
        kept.mkdir(parents=True)
        (kept / "sweep-1.json").write_text("{}")
        (kept.parent / "CURRENT").write_text("fit-1\n")
    uploads = own_home / ".data" / ".uploads"
    for visit, name in (("one", "songs"), ("two", "songs2")):
        (uploads / visit).mkdir(parents=True)
        (uploads / visit / f"{name}.mapping.json").write_text("{}")
        (uploads / visit / "plays.csv").write_text("raw")
    gone = remove(done.name)
    assert len(gone) == 4
    assert [path.name for path in uploads.iterdir()] == ["two"]
    assert [path.name for path in (own_home / ".artifacts").iterdir()] == ["songs2"]
    assert not (own_home / ".data" / "songs").exists()
    with pytest.raises(DataError, match="no data set"):
        remove("songs")


@pytest.mark.parametrize("name", ["Mine", "../up", "a b", "", "movielens-100k", "simulated-1", "é"])
def test_a_name_that_could_not_be_a_folder_or_is_taken_is_refused(name, tmp_path):
    with pytest.raises(DataError, match="name of a data set"):
        import_files([tmp_path / "x.csv"], None, name)


def test_an_import_repeats_from_its_mapping(tmp_path):
    files, done = imported("gift_shop", tmp_path / "raw")
    from engine.importing.mapping_file import read_mapping

    import_files(files, read_mapping(done.folder / "mapping.json"), "again")
    assert load_dataset("again").fingerprint == load_dataset(done.name).fingerprint
    assert Imported.open("again").counts == done.counts
