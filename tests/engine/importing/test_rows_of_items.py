"""What items are in several rows, in several files, in several sheets: nothing is lost."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest

from engine.data import load_dataset
from engine.importing.mapping import Join
from engine.importing.publishing import check_files, import_files
from tests.engine.importing.books import workbook
from tests.engine.importing.shapes import choices, write_csv

N_PEOPLE, N_ITEMS = 40, 30
KINDS = ("Drama", "Comedy", "Horror", "War", "Western")


def kinds_of(item: int) -> list[str]:
    """One to three of them."""
    return [KINDS[(item + step) % len(KINDS)] for step in range(1 + item % 3)]


def rows_of_log() -> list[list[object]]:
    return [["user_id", "movie_id", "rating"]] + [
        [person, item, int(rng.integers(1, 6))]
        for person, item, _, rng in choices(21, N_PEOPLE, N_ITEMS, 16)
    ]


def genres_of(name: str) -> dict[str, set[str]]:
    items = load_dataset(name).items
    cells = items.set_index("item_id")["genres"]
    return {item: set(cell.split("|")) for item, cell in cells.items()}


def test_a_row_for_each_genre_of_an_item_loses_none(tmp_path):
    log = write_csv(tmp_path / "ratings.csv", rows_of_log())
    rows = [[n, f"Film {n}", kind] for n in range(N_ITEMS) for kind in kinds_of(n)]
    films = write_csv(tmp_path / "films.csv", [["movie_id", "title", "genre"], *rows])
    done = import_files([log, films], None, "films")
    assert genres_of("films") == {str(n): set(kinds_of(n)) for n in range(N_ITEMS)}
    assert load_dataset("films").items["title"].str.startswith("Film").all()
    (said,) = [one for one in done.findings if "all of their genres" in one.text]
    assert said.n_rows == sum(len(kinds_of(n)) > 1 for n in range(N_ITEMS))


@pytest.mark.parametrize("has_words", [True, False], ids=["numbered", "in words"])
def test_genres_in_a_table_between_items_and_genres_are_joined(tmp_path, has_words):
    """As databases keep them: films, which genres each has, and what the genres are called."""
    tables = {
        "ratings": rows_of_log(),
        "films": [["movie_id", "title"], *([n, f"Film {n}"] for n in range(N_ITEMS))],
    }
    if has_words:
        code = {kind: place for place, kind in enumerate(KINDS)}
        rows = [[n, code[kind]] for n in range(N_ITEMS) for kind in kinds_of(n)]
        tables["film_genres"] = [["movie_id", "genre_id"], *rows]
        tables["genres"] = [["genre_id", "genre"], *([n, kind] for kind, n in code.items())]
    else:
        rows = [[n, kind] for n in range(N_ITEMS) for kind in kinds_of(n)]
        tables["film_genres"] = [["movie_id", "genre"], *rows]
    files = [write_csv(tmp_path / f"{name}.csv", rows) for name, rows in tables.items()]
    _, mapping = check_files(files)
    assert Join("film_genres.csv", "movie_id") in mapping.joins
    import_files(files, mapping, "films")
    assert genres_of("films") == {str(n): set(kinds_of(n)) for n in range(N_ITEMS)}
    assert len(load_dataset("films").interactions) == len(tables["ratings"]) - 1


def test_a_table_of_genres_alone_says_what_items_are(tmp_path):
    log = write_csv(tmp_path / "ratings.csv", rows_of_log())
    rows = [[n, kind] for n in range(N_ITEMS) for kind in kinds_of(n)]
    kinds = write_csv(tmp_path / "tags.csv", [["movie_id", "tag"], *rows])
    import_files([log, kinds], None, "films")
    assert genres_of("films") == {str(n): set(kinds_of(n)) for n in range(N_ITEMS)}


def test_a_log_that_repeats_each_row_for_each_genre_gives_items_all_of_them(tmp_path):
    log = [["user_id", "movie_id", "timestamp", "genre"]] + [
        [person, item, 1_400_000_000 + 86_400 * n, kind]
        for n, (person, item, _, _) in enumerate(choices(22, N_PEOPLE, N_ITEMS, 16))
        for kind in kinds_of(item)
    ]
    import_files([write_csv(tmp_path / "log.csv", log)], None, "films")
    met = {row[1] for row in log[1:]}
    assert genres_of("films") == {str(n): set(kinds_of(n)) for n in met}


def test_a_slip_in_a_log_is_no_second_genre(tmp_path):
    log = [["user_id", "product_id", "department"]]
    n_of: dict[int, int] = defaultdict(int)
    for person, item, _, _ in choices(23, N_PEOPLE, N_ITEMS, 16):
        n_of[item] += 1
        log.append([person, item, "Bakry" if n_of[item] == 4 else ("Bakery", "Meat")[item % 2]])
    done = import_files([write_csv(tmp_path / "log.csv", log)], None, "shop")
    assert {cell for cells in genres_of("shop").values() for cell in cells} == {"Bakery", "Meat"}
    assert any("the commonest is taken" in one.text for one in done.findings)


@pytest.mark.parametrize("has_time", [True, False])
def test_properties_in_rows_become_columns(tmp_path, has_time):
    """An id, a property, a value: the newest of each where there is a time, else all of them."""
    plays = [["user_id", "song_id", "plays"], *([p, f"s{i}", n] for p, i, n in rows_of_log()[1:])]
    about: list[list[object]] = []
    for n in range(N_ITEMS):
        values = {"title": f"Song {n}", "year": 1970 + n, "790": "n1.5"}
        about += [[f"s{n}", name, value, 100] for name, value in values.items()]
        about += [[f"s{n}", "genre", kind, 100 + place] for place, kind in enumerate(kinds_of(n))]
    cut = 4 if has_time else 3
    header = ["itemid", "property", "value", "timestamp"][:cut]
    files = [
        write_csv(tmp_path / "plays.csv", plays),
        write_csv(tmp_path / "properties.csv", [header, *(row[:cut] for row in about)]),
    ]
    done = import_files(files, None, "songs")
    expected = {
        f"s{n}": {kinds_of(n)[-1]} if has_time else set(kinds_of(n)) for n in range(N_ITEMS)
    }
    assert genres_of("songs") == expected
    items = load_dataset("songs").items.set_index("item_id")
    assert items.loc["s7", "title"] == "Song 7"
    assert pd.Timestamp(items.loc["s7", "released"]).year == 1977
    (out,) = [one for one in done.findings.of("left out") if "are no columns" in one.text]
    assert (out.n_rows, out.examples) == (N_ITEMS, ("790",))


def test_each_sheet_of_a_book_is_a_table(tmp_path):
    """Half of a book was once left unread, first without a word, then with one."""
    log, films = rows_of_log(), [[n, f"Film {n}", KINDS[n % 5]] for n in range(N_ITEMS)]
    path = tmp_path / "shop.xlsx"
    path.write_bytes(
        workbook(
            {
                "Read me": [],
                "Ratings": log,
                "Films": [["movie_id", "title", "genre"], *films],
            }
        )
    )
    done = import_files([path], None, "films")
    assert done.counts["interactions"] == len(log) - 1
    assert genres_of("films")["7"] == {KINDS[2]}
    said = next(one for one in done.findings if "sheets" in one.text)
    assert "Ratings, Films" in said.text
    assert "Read me without rows" in said.text
    _, mapping = check_files([path])
    assert mapping.interactions.files == ("shop.xlsx/Ratings",)
    assert mapping.items.files == ("shop.xlsx/Films",)


def test_sheets_of_equal_columns_are_one_log(tmp_path):
    log = rows_of_log()
    half = len(log) // 2
    path = tmp_path / "years.xlsx"
    path.write_bytes(workbook({"2009": log[:half], "2010": [log[0], *log[half:]]}))
    built, mapping = check_files([path])
    assert mapping.interactions.files == ("years.xlsx/2009", "years.xlsx/2010")
    assert built.counts["interactions"] == len(log) - 1
    assert np.isclose(built.values.n, len(log) - 1)
