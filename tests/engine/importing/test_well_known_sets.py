"""Files as well-known public sets have them, invented: what was once read as something else."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from engine.importing.bands import is_age
from engine.importing.publishing import check_files, import_files
from tests.engine.importing.reading import made_of
from tests.engine.importing.shapes import choices, write_csv


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def found_in(*files: Path):
    built, mapping = check_files(list(files))
    assert not built.findings.of("problem"), [one.sentence for one in built.findings]
    return built, mapping


def said(built, words: str) -> list:
    return [one for one in built.findings if words in one.text]


def test_numbers_of_baskets_are_no_times(tmp_path):
    rows = [["household_key", "BASKET_ID", "DAY", "PRODUCT_ID", "QUANTITY"]]
    for person, item, _, rng in choices(1, 40, 30, 12):
        day = int(rng.integers(1, 711))
        rows.append([person + 1, 26_984_851_472 + day, day, 1_004_906 + item, 1])
    built, mapping = found_in(write_csv(tmp_path / "transaction_data.csv", rows))
    assert mapping.interactions.time == "DAY"
    assert built.counts["interactions"] == len(rows) - 1


def test_the_headline_of_a_review_is_not_the_title_of_what_is_reviewed(tmp_path):
    rows = [
        json.dumps({"rating": 5.0, "asin": f"B0A{item:07d}", "parent_asin": f"B0B{item // 2:07d}",
                    "user_id": f"AG{person}", "timestamp": 1_588_687_728_923 + person,
                    "title": ("Five Stars", "Meh", f"Good {person}")[(person + item) % 3]})
        for person, item, _, _ in choices(2, 40, 30, 12)
    ]  # fmt: skip
    reviews = write(tmp_path / "All_Beauty.jsonl", rows)
    _, alone = found_in(reviews)
    assert (alone.interactions.item, alone.items.title) == ("asin", None)
    meta = [{"parent_asin": f"B0B{n:07d}", "title": f"Shampoo {n}", "categories": ["Hair"]}
            for n in range(15)]  # fmt: skip
    built, both = found_in(reviews, write(tmp_path / "meta.jsonl", [*map(json.dumps, meta)]))
    # The list knows the parents alone, so these are the items.
    assert both.interactions.item == both.items.item == "parent_asin"
    assert both.items.title == "title"
    assert built.counts["items"] == 15


def test_items_called_id_and_name_are_found_by_their_ids(tmp_path):
    rows = [["user_id", "recipe_id", "date", "rating"]] + [
        [person, 40_893 + item, "2019-05-01", 0 if person % 9 == 0 else 1 + item % 5]
        for person, item, _, _ in choices(3, 40, 30, 12)
    ]
    recipes = [["name", "id", "minutes", "tags"]] + [
        [f"squash {n}", 40_893 + n, n, f"['easy', '{'ab'[n % 2]}']"] for n in range(30)
    ]
    built, mapping = found_in(
        write_csv(tmp_path / "RAW_interactions.csv", rows),
        write_csv(tmp_path / "RAW_recipes.csv", recipes),
    )
    assert (mapping.items.item, mapping.items.title) == ("id", "name")
    assert built.counts["items"] == 30
    n_unrated = sum(row[3] == 0 for row in rows[1:])
    assert mapping.interactions.unrated == 0
    assert said(built, "nobody rated")[0].n_rows == n_unrated
    assert built.counts["interactions"] == len(rows) - 1 - n_unrated


def test_a_file_about_others_ids_is_not_taken_for_people(tmp_path):
    ratings = [["userId", "movieId", "rating", "timestamp"]] + [
        [person + 1, item + 1, 4.0, 1_500_000_000 + 7 * person + item]
        for person, item, _, _ in choices(4, 25, 30, 12)
    ]
    movies = [["movieId", "title", "genres"]] + [[n + 1, f"Film {n}", "Drama"] for n in range(30)]
    links = [["movieId", "imdbId"]] + [[n + 1, f"{114_709 + n:07d}"] for n in range(30)]
    tags = [["userId", "movieId", "tag", "timestamp"]] + [
        [n % 20 + 1, n % 30 + 1, "classic", 1_439_472_355 + n] for n in range(60)
    ]
    tables = {"ratings": ratings, "movies": movies, "links": links, "tags": tags}
    built, mapping = found_in(
        *(write_csv(tmp_path / f"{n}.csv", rows) for n, rows in tables.items())
    )
    assert mapping.people.files == ()
    assert [one.file for one in said(built, "nothing of this file")] == ["tags.csv", "links.csv"]
    assert [one.file for one in mapping.joins] == ["links.csv"]  # tags are no look-up by their time


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        ("usersha1-artmbid-artname-plays.tsv", "{u:040x}\tm{i}\tBand {i}\t{n}",
         ("user_id", "artist_name", None, "plays", None)),
        ("UserBehavior.csv", "{u},{i},{c},{e},1511544070",
         ("user_id", "item_id", "timestamp", None, "behavior")),
        ("plain.csv", "{u},{i},{c},{e},1511544070",
         ("column 1", "column 2", "column 5", None, "column 4")),
        ("steam.csv", '{u},"Game, the {i}",{e},{n}.5,0',
         ("column 1", "column 2", None, "column 4", "column 3")),
        ("checkins.txt", "{u}\t2010-10-19T23:55:27Z\t{i}.25\t-9{i}.5\t{i}",
         ("column 1", "column 5", "column 2", None, None)),
        ("Music.csv", "B00{i:07d},A{u}XYZ,{n},1400000000",
         ("column 2", "column 1", "column 4", "column 3", None)),
    ],
)  # fmt: skip
def test_columns_without_names_are_not_taken_for_what_they_hang_on(tmp_path, name, row, expected):
    """A category, a latitude or an artist's code is a fact about an item, and no rating of it."""
    rows = [
        row.format(u=person + 1_500, i=item + 22_000, c=item % 25, n=1 + int(rng.integers(0, 4)),
                   e=("pv", "buy", "cart")[int(rng.integers(0, 3))])
        for person, item, _, rng in choices(5, 40, 30, 12)
    ]  # fmt: skip
    _, mapping = found_in(write(tmp_path / name, rows))
    log = mapping.interactions
    assert (log.person, log.item, log.time, log.value, log.event) == expected


def test_lists_of_what_was_shown_become_rows_with_place_and_click(tmp_path):
    lists: list[str] = []
    shown, clicked = Counter(), Counter()
    for number, (person, item, _, rng) in enumerate(choices(6, 30, 30, 12)):
        others = [int(one) for one in rng.integers(0, 30, 2) if one != item]
        cell = " ".join([f"N{100 + item}-1", *(f"N{100 + one}-0" for one in others)])
        clicked[f"N{100 + item}"] += 1
        shown.update(f"N{100 + one}" for one in others)
        lists.append(f"{number}\tU{person}\t11/{9 + number % 6}/2019 8:05:22 AM\tN101 N102\t{cell}")
    news = [f"N{100 + n}\t{('sport', 'food')[n % 2]}\tsub{n % 3}\tHeadline {n}\tText\thttps://a/{n}\t[]\t[]"
            for n in range(30)]  # fmt: skip
    built, mapping = found_in(
        write(tmp_path / "behaviors.tsv", lists), write(tmp_path / "news.tsv", news)
    )
    assert built.counts["interactions"] == sum(clicked.values())
    assert built.counts["shown"] == sum(shown.values())
    assert (mapping.shown.position, mapping.shown.slate) == ("position", "impression_id")
    assert (mapping.items.title, mapping.items.genres) == ("title", ("category",))


def test_a_column_of_clicks_is_no_rating_and_neither_is_a_chance(tmp_path):
    rows = [["timestamp", "user_id", "item_id", "position", "click", "propensity_score"]] + [
        [1_400_000_000 + 60 * n, person, item, 1 + n % 3, int(rng.random() < 0.4), 0.0125]
        for n, (person, item, _, rng) in enumerate(choices(7, 30, 30, 12))
    ]
    built, mapping = found_in(write_csv(tmp_path / "log.csv", rows))
    n_clicks = sum(row[4] for row in rows[1:])
    assert (mapping.interactions.value, mapping.interactions.event) == (None, "click")
    assert (built.counts["interactions"], built.counts["shown"]) == (
        n_clicks, len(rows) - 1 - n_clicks,
    )  # fmt: skip


def test_a_log_that_names_nobody_asks_for_the_person_alone(tmp_path):
    rows = [["timestamp", "item_id", "click"]] + [
        [1_400_000_000 + n, n % 30, n % 2] for n in range(300)
    ]
    built, mapping = check_files([write_csv(tmp_path / "men.csv", rows)])
    assert [one.text for one in built.findings.of("problem")] == [
        "no column names the person of an interaction: choose it"
    ]
    assert mapping.interactions.item == "item_id"


def test_objects_that_python_printed_and_rows_under_headings_are_read(tmp_path):
    reviews = [["reviewerID", "asin", "overall"]] + [
        [f"A{person}", f"B{item:03d}", 4] for person, item, _, _ in choices(8, 30, 30, 12)
    ]
    meta = [repr({"asin": f"B{n:03d}", "title": f"It's {n}", "price": None, "categories": [["M"]]})
            for n in range(30)]  # fmt: skip
    built, mapping = found_in(
        write_csv(tmp_path / "reviews.csv", reviews), write(tmp_path / "meta.json", meta)
    )
    assert mapping.items.title == "title"
    assert said(built, "Python prints")[0].n_rows == 30
    under: dict[int, list[str]] = {}
    for person, item, _, rng in choices(9, 30, 30, 12):
        under.setdefault(item, []).append(f"{1_488_844 + person},{rng.integers(1, 6)},2005-09-06")
    lines = [line for item, rows in under.items() for line in (f"{item + 1}:", *rows)]
    built, mapping = found_in(write(tmp_path / "combined_data_1.txt", lines))
    assert built.counts["interactions"] == sum(map(len, under.values()))
    assert built.counts["items"] == len(under)
    assert mapping.interactions.item == "movie_id"


def test_seconds_since_nobody_knows_when_keep_their_rows_and_order():
    cells = [str(number) for number in (0, 86_400, 2_671_199)]
    made, findings = made_of("time", cells)
    assert np.diff([one.timestamp() for one in made]).tolist() == [86_400, 2_671_199 - 86_400]
    assert any("only the order" in one.text for one in findings)


def test_one_year_before_christ_does_not_turn_years_into_days():
    made, _ = made_of("time", ["2008.0"] * 30 + ["-720.0"])
    assert {one.year for one in made[:30]} == {2008}
    assert made[30] is None


def test_an_average_is_no_age_and_nobody_is_244(tmp_path):
    assert not is_age("average_stars")
    rows = [["user_id", "item_id", "rating"]] + [
        [person, item, 1 + item % 5] for person, item, _, _ in choices(10, 60, 30, 12)
    ]
    people = [["user_id", "Age", "average_stars"]] + [
        [n, (0, 244)[n // 30] if n % 30 == 0 else 15 + n, 1 + n / 20] for n in range(60)
    ]
    done = import_files(
        [write_csv(tmp_path / "log.csv", rows), write_csv(tmp_path / "people.csv", people)],
        None,
        "aged",
    )
    texts = [one.text for one in done.findings if one.column == "Age"]
    assert "people whose age is 0 or more than 110: it is unknown" in texts
    assert "ages become bands" in texts
    assert not [one for one in done.findings if one.column == "average_stars" and "age" in
                one.text.split()]  # fmt: skip


def test_a_first_row_of_ids_is_a_row(tmp_path):
    rows = [f"N{100 + n}\tsport\tWords {n}" for n in range(20)]
    log = [["user", "item"]] + [[f"u{p}", f"N{100 + i}"] for p, i, _, _ in choices(11, 30, 20, 9)]
    built, _ = found_in(write(tmp_path / "about.tsv", rows), write_csv(tmp_path / "l.csv", log))
    assert built.counts["items"] == 20
    assert not said(built, "not listed")
