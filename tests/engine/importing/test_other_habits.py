"""Files as other programs, interfaces and countries write them."""

from __future__ import annotations

import bz2
import json
import lzma
import tarfile
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.data import load_dataset
from engine.importing.database import open_database
from engine.importing.event_words import strength_of
from engine.importing.findings import Findings
from engine.importing.importer import open_sources
from engine.importing.mapping_file import mapping_from_json, mapping_to_json
from engine.importing.publishing import check_files, import_files
from tests.engine.importing.reading import made_of, rows_of, words_in
from tests.engine.importing.shapes import choices, write_csv

N_PEOPLE, N_ITEMS = 40, 30


def pairs(seed: int):
    return choices(seed, N_PEOPLE, N_ITEMS, 14)


@pytest.mark.parametrize(
    "header",
    [
        "Kunde;Artikel;Datum;Menge;Betrag",
        "Kundennummer;Artikelnummer;Bestelldatum;Anzahl;Umsatz",
        "klantnummer;artikelnummer;besteldatum;aantal;bedrag",
        "id_client;id_produit;date_achat;Quantité;Montant",
        "id_cliente;id_producto;fecha;cantidad;importe",
        "id_cliente;id_prodotto;data_acquisto;quantità;importo",
    ],
)
def test_columns_in_other_languages_are_found(tmp_path, header):
    """A number of pieces was once taken for the person, where no name was known."""
    names = header.split(";")
    rows = [
        [1000 + person, 5000 + item, f"{1 + int(rng.integers(28)):02d}.11.2023",
         int(rng.integers(1, 5)), f"{rng.integers(50)},{rng.integers(10, 99)}"]
        for person, item, _, rng in pairs(41)
    ]  # fmt: skip
    built, mapping = check_files([write_csv(tmp_path / "log.csv", [names, *rows], delimiter=";")])
    log = mapping.interactions
    assert (log.person, log.item, log.time, log.value) == tuple(names[:4])
    assert built.counts["interactions"] == len(rows)
    assert built.liked.threshold == 1


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["4/5", "2 / 5", "5/5"], [4, 2, 5]),
        (["4 stars", "1 star", "5"], [4, 1, 5]),
        (["0:04:30", "1:00:00", "2:05"], [270, 3600, 125]),
        (["3 kg", "4 lb", "5 kg"], [None, None, None]),
        (["4/5", "7/10", "x"], [None, None, None]),
    ],
)
def test_numbers_with_something_beside_them_are_read_where_all_have_the_same(cells, numbers):
    made, findings = made_of("number", cells)
    assert made == numbers
    assert bool(findings.of("changed")) == (None not in numbers)


@pytest.mark.parametrize(
    ("cells", "dates"),
    [
        (["2023-W05", "2020-W53"], [datetime(2023, 1, 30), datetime(2020, 12, 28)]),
        (["2023-W05-3", "2023W051"], [datetime(2023, 2, 1), datetime(2023, 1, 30)]),
        (["2023-Q1", "2023 Q4"], [datetime(2023, 1, 1), datetime(2023, 10, 1)]),
        (["202305", "202412"], [datetime(2023, 5, 1), datetime(2024, 12, 1)]),
        (["2023-W60", "2023-Q5"], [None, None]),
    ],
)
def test_weeks_quarters_and_months_are_moments(cells, dates):
    assert made_of("time", cells)[0] == dates


@pytest.mark.parametrize("form", ["2023-W{:02d}", "2023{:02d}"])
def test_weeks_and_months_are_found_as_the_time(tmp_path, form):
    rows = [
        [person, item, form.format(1 + int(rng.integers(12)))] for person, item, _, rng in pairs(42)
    ]
    path = write_csv(tmp_path / "log.csv", [["user_id", "item_id", "month"], *rows])
    built, mapping = check_files([path])
    assert mapping.interactions.time == "month"
    assert built.counts["interactions"] == len(rows)


@pytest.mark.parametrize(
    ("words", "kept"), [(("yes", "no"), (1.0, 0.0)), (("thumbs up", "thumbs down"), (2.0, -1.0))]
)
def test_answers_in_words_are_no_likes_where_they_say_no(tmp_path, words, kept):
    """A column of yes and no was once left behind, and everybody liked everything."""
    rows = [[f"u{p}", f"Film {i}", words[int(rng.random() < 0.4)]] for p, i, _, rng in pairs(43)]
    path = write_csv(tmp_path / "log.csv", [["user", "movie", "liked"], *rows])
    done = import_files([path], None, "films")
    table = load_dataset("films").interactions
    n_of = Counter(row[2] for row in rows)
    for word, value in zip(words, kept, strict=True):
        assert (table["value"] == value).sum() == n_of[word]
    assert (table["value"] >= done.liked).sum() == n_of[words[0]]
    assert strength_of(words[1]) in (None, -1.0)


def test_votes_for_and_against_stay_a_row_each(tmp_path):
    rows = [[p, i, 1 if rng.random() < 0.7 else -1] for p, i, _, rng in pairs(44)]
    rows += rows[:20]
    built, mapping = check_files(
        [write_csv(tmp_path / "log.csv", [["user_id", "item_id", "vote"], *rows])]
    )
    assert (mapping.interactions.value, mapping.interactions.repeats) == ("vote", "each")
    assert built.liked.n_liked == sum(row[2] == 1 for row in rows)


def test_a_value_that_holds_no_numbers_is_pointed_out_and_every_column_left_behind_is_named(
    tmp_path,
):
    moods = ("splendid", "so-so", "dreadful")
    rows = [[p, i, moods[int(rng.integers(3))], "x", 7] for p, i, _, rng in pairs(45)]
    path = write_csv(
        tmp_path / "log.csv", [["user_id", "item_id", "rating", "note_to_self", "till"], *rows]
    )
    built, mapping = check_files([path])
    assert mapping.interactions.value is None
    (odd,) = [one for one in built.findings.of("odd") if one.column == "rating"]
    assert "every row counts alike" in odd.text
    (left,) = [one for one in built.findings.of("left out") if "columns" in one.text]
    assert left.text == "columns that are not taken: `rating`, `note_to_self`, `till`"
    done = import_files([path], None, "moods")
    dataset = load_dataset("moods")
    assert any("`note_to_self`" in note for note in dataset.notes)
    assert not [drop for drop in dataset.drops if not drop.rows]
    said = words_in(done.folder)
    assert "note_to_self" in said
    assert "splendid" not in said


def event(person: int, item: int, n: int) -> dict[str, object]:
    return {
        "user": {"id": f"u{person}", "home": {"country": ("FR", "DE")[person % 2]}},
        "item": {"id": f"i{item}", "title": f"Song {item}", "genres": ["a", f"b{item % 3}"]},
        "ts": 1_700_000_000_000 + 3_600_000 * n,
    }


def test_objects_within_objects_are_columns_of_their_own(tmp_path):
    """An item was once called `{"id":"i3","title":…}`."""
    path = tmp_path / "events.jsonl"
    events = [event(person, item, n) for n, (person, item, _, _) in enumerate(pairs(46))]
    path.write_text("\n".join(map(json.dumps, events)))
    columns, rows, _ = rows_of(path)
    assert columns == ("user.id", "user.home.country", "item.id", "item.title", "item.genres", "ts")
    assert rows[0][0] == events[0]["user"]["id"]
    import_files([path], None, "songs")
    dataset = load_dataset("songs")
    items = dataset.items.set_index("item_id")
    assert items.loc["i7", "title"] == "Song 7"
    assert items.loc["i7", "genres"] == "a|b1"
    assert set(dataset.users.iloc[:, 1]) == {"FR", "DE"}


def test_an_object_whose_keys_are_values_stays_one_cell(tmp_path):
    path = tmp_path / "people.jsonl"
    lines = [{"id": n, "scores": {f"s{(n + k) % 90}": k for k in range(20)}} for n in range(90)]
    path.write_text("\n".join(map(json.dumps, lines)))
    columns, rows, _ = rows_of(path)
    assert columns == ("id", "scores")
    assert json.loads(rows[3][1]) == lines[3]["scores"]


@pytest.mark.parametrize("form", ["wrapped", "indented", "by column"])
def test_a_table_in_one_object_is_read_row_by_row(tmp_path, form):
    table = [{"user_id": f"u{p}", "item_id": f"i{i}"} for p, i, _, _ in pairs(47)]
    whole: dict[str, object] = {"page": 1, "data": table}
    if form == "by column":
        whole = {
            name: {str(n): row[name] for n, row in enumerate(table)}
            for name in ("user_id", "item_id")
        }
    path = tmp_path / "log.json"
    path.write_text(json.dumps(whole, indent=1 if form == "indented" else None))
    columns, rows, findings = rows_of(path)
    assert columns == ("user_id", "item_id")
    assert rows == [tuple(row.values()) for row in table]
    assert len(findings.of("changed")) == 1


def test_columns_that_stand_under_each_other_by_blanks_lose_no_row(tmp_path):
    """Rows whose numbers had other lengths were once left out, a third of all."""
    table = [[p + 1, i + 1, int(rng.integers(1, 6))] for p, i, _, rng in pairs(48)]
    path = tmp_path / "log.txt"
    path.write_text("".join(f"{p:6d} {i:6d} {v:3d}\n" for p, i, v in table))
    _, rows, _ = rows_of(path)
    assert np.array_equal(np.array(rows, dtype=int), np.array(table))


def test_a_web_page_is_called_one(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("<!DOCTYPE html>\n<html><body>Sign in</body></html>")
    built, _ = check_files([path])
    assert "is a web page" in built.findings.of("problem")[0].text


def test_structs_of_parquet_are_taken_apart(tmp_path):
    table = [event(person, item, n) for n, (person, item, _, _) in enumerate(pairs(49))]
    path = tmp_path / "events.parquet"
    pq.write_table(pa.Table.from_pylist(table), path)
    columns, rows, _ = rows_of(path)
    assert columns == ("user.id", "user.home.country", "item.id", "item.title", "item.genres", "ts")
    assert [row[0] for row in rows] == [one["user"]["id"] for one in table]
    assert [row[1] for row in rows] == [one["user"]["home"]["country"] for one in table]
    assert json.loads(rows[0][4]) == table[0]["item"]["genres"]


@pytest.mark.parametrize(("ending", "pack"), [(".bz2", bz2.compress), (".xz", lzma.compress)])
def test_other_packings_are_opened(tmp_path, ending, pack):
    path = tmp_path / f"log.csv{ending}"
    path.write_bytes(pack(b"user,item\na,1\nb,2\n"))
    findings = Findings()
    with open_database() as database:
        assert list(open_sources(database, [path], findings)) == ["log.csv"]
    path.write_bytes(path.read_bytes()[:-9])
    with open_database() as database:
        assert not open_sources(database, [path], findings)
    assert "is damaged" in findings.of("problem")[0].text


def test_an_archive_that_is_not_opened_is_called_what_it_is(tmp_path):
    inside = tmp_path / "log.csv"
    inside.write_text("user,item\na,1\n")
    with tarfile.open(tmp_path / "log.tar.gz", "w:gz") as packed:
        packed.add(inside, "log.csv")
    (tmp_path / "log.csv.zst").write_bytes(b"\x28\xb5\x2f\xfd rest")
    built, _ = check_files([tmp_path / "log.tar.gz", tmp_path / "log.csv.zst"])
    said = " ".join(one.text for one in built.findings.of("problem"))
    assert "is a tar archive" in said
    assert "is packed by zstd" in said


def test_a_title_above_the_names_may_be_padded_with_commas(tmp_path):
    path = tmp_path / "report.csv"
    lines = [f"C{p},S{i},2023-01-{1 + i % 28:02d},2" for p, i, _, _ in pairs(50)]
    head = ["Sales report 2023,,,", "Generated by till 4,,,", "", "Customer ID,SKU,Date,Units"]
    path.write_text("\n".join([*head, *lines, "End of report,,,", ""]))
    columns, rows, findings = rows_of(path)
    assert columns == ("Customer ID", "SKU", "Date", "Units")
    assert len(rows) == len(lines) + 1
    assert findings.of("left out")[0].text == "lines before the names of the columns"


def test_quotes_behind_a_backslash_may_stand_beside_commas(tmp_path):
    path = tmp_path / "log.csv"
    lines = [f'{p},{i},"The \\"big\\" one, {i}"' for p, i, _, _ in pairs(51)]
    path.write_text("\n".join(["user_id,item_id,title", *lines, ""]))
    columns, rows, _ = rows_of(path)
    assert columns == ("user_id", "item_id", "title")
    assert rows[0][2] == f'The "big" one, {rows[0][1]}'
    assert len(rows) == len(lines)


def test_names_in_quotes_behind_a_blank_are_names(tmp_path):
    path = tmp_path / "lists.csv"
    lines = [f'"u{p}","Band {i % 7}","Song {i}"' for p, i, _, _ in pairs(52)]
    path.write_text("\n".join(['"user_id", "artistname", "trackname"', *lines, ""]))
    assert rows_of(path)[0] == ("user_id", "artistname", "trackname")


def test_a_file_of_people_with_other_ids_is_said_not_to_be_met(tmp_path):
    log = [["user_id", "item_id"], *([f"u{p}", i] for p, i, _, _ in pairs(53))]
    people = [["user_id", "gender"], *([f"x{n}", "fm"[n % 2]] for n in range(40))]
    built, _ = check_files(
        [write_csv(tmp_path / "log.csv", log), write_csv(tmp_path / "people.csv", people)]
    )
    (said,) = [one for one in built.findings.of("odd") if one.file == "people.csv"]
    assert "none of its values is met in log.csv" in said.text


@pytest.mark.parametrize("form", ["%H:%M:%S", "%I:%M %p", "%H:%M"])
def test_a_date_and_a_time_of_day_in_two_columns_are_one_moment(tmp_path, form):
    """The order within a day was once lost: the column `time` was left behind."""
    start = datetime(2023, 11, 6)
    moments = [start + timedelta(minutes=37 * n) for n in range(len(list(pairs(54))))]
    rows = [
        [p, i, f"{at:%Y-%m-%d}", at.strftime(form)]
        for (p, i, _, _), at in zip(pairs(54), moments, strict=True)
    ]
    path = write_csv(tmp_path / "till.csv", [["user_id", "item_id", "date", "time"], *rows])
    _, mapping = check_files([path])
    assert (mapping.interactions.time, mapping.interactions.clock) == ("date", "time")
    assert mapping_from_json(mapping_to_json(mapping)) == mapping
    import_files([path], mapping, "till")
    assert sorted(load_dataset("till").interactions["timestamp"]) == moments


def test_hours_as_numbers_can_be_chosen_and_a_row_without_a_clock_is_of_midnight(tmp_path):
    cells = ["0", "9", "1430", "", "8:05 p.m.", "soon"]
    rows = [[f"u{n}", f"i{n}", "2023-11-06", cell] for n, cell in enumerate(cells)]
    path = write_csv(tmp_path / "till.csv", [["user_id", "item_id", "date", "hour"], *rows])
    _, mapping = check_files([path])
    log = replace(mapping.interactions, clock="hour")
    done = import_files([path], replace(mapping, interactions=log), "till")
    (said,) = [one for one in done.findings if "read as midnight" in one.text]
    assert (said.n_rows, said.examples) == (1, ("soon",))
    table = load_dataset("till").interactions.set_index("user_id").sort_index()
    hours = (table["timestamp"] - datetime(2023, 11, 6)) / timedelta(hours=1)
    assert hours.tolist() == pytest.approx([0, 9, 14.5, 0, 20 + 5 / 60, 0])
