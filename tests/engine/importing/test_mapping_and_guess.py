"""The mapping as a file, and what is guessed from names and contents."""

from __future__ import annotations

import json

import pytest

from engine.errors import DataError
from engine.importing.column_words import fits
from engine.importing.database import open_database
from engine.importing.event_words import strength_of
from engine.importing.findings import Findings
from engine.importing.guess import guess_mapping
from engine.importing.importer import open_sources
from engine.importing.mapping_file import mapping_from_json, mapping_to_json, read_mapping
from tests.engine.importing.shapes import SHAPES, choices, write_csv


def guessed(paths):
    with open_database() as database:
        return guess_mapping(database, list(open_sources(database, paths, Findings()).values()))[0]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        *((one, "person") for one in (
            "household_id", "CustomerID", "anonymous_id", "visitorid", "userId", "reviewerID")),
        *((one, "item") for one in (
            "StockCode", "movieId", "book_id", "track", "artist", "asin", "click_article_id")),
        *((one, "time") for one in (
            "InvoiceDate", "unix_time", "unixReviewTime", "t_dat", "created_at", "timestamp")),
        *((one, "value") for one in ("rating", "overall", "plays", "quantity", "Book-Rating")),
    ],
)  # fmt: skip
def test_names_as_people_have_them_are_known(name, what):
    scores = {one: fits(name, one) for one in ("person", "item", "time", "value", "event")}
    assert max(scores, key=lambda one: scores[one]) == what


HEADERS = [
    ("household_id,product_id,day,quantity", ("household_id", "product_id", "day", "quantity")),
    ("anonymous_id,sku,occurred_at,event", ("anonymous_id", "sku", "occurred_at", None)),
    ("user,artist,plays", ("user", "artist", None, "plays")),
    ("user,artist,track,plays", ("user", "track", None, "plays")),
    ("userId,movieId,rating,timestamp", ("userId", "movieId", "timestamp", "rating")),
    ("reviewerID,asin,overall,unixReviewTime", ("reviewerID", "asin", "unixReviewTime", "overall")),
    ("user_id,book_id,unix_time,rating", ("user_id", "book_id", "unix_time", "rating")),
]


@pytest.mark.parametrize(("header", "expected"), HEADERS, ids=[one for one, _ in HEADERS])
def test_columns_are_found_by_their_names(tmp_path, header, expected):
    names = header.split(",")
    fixed = {"event": "view", "day": "7", "plays": "3", "quantity": "2", "artist": "Band"}
    rows = []
    for person, item, _, rng in choices(9, 30, 30, 10):
        made = []
        for place, name in enumerate(names):
            if place == 0:
                made.append(f"u{person}")
            elif name in ("overall", "rating"):
                made.append(str(int(rng.integers(1, 6))))
            elif name in ("timestamp", "unix_time", "unixReviewTime"):
                made.append(str(1_400_000_000 + int(rng.integers(0, 10**7))))
            elif name == "occurred_at":
                made.append(f"2024-05-{rng.integers(1, 29):02d}T10:00:00Z")
            else:
                made.append(fixed.get(name) if name != names[1] else f"i{item}")
        rows.append(made)
    found = guessed([write_csv(tmp_path / "log.csv", [names, *rows])]).interactions
    assert (found.person, found.item, found.time, found.value) == expected
    assert (found.event == "event") == ("event" in names)


def test_a_log_without_names_is_read_by_what_its_columns_hold(tmp_path):
    rows = [[person + 1, item + 1, 1 + int(3 * strength), 880_000_000 + person]
            for person, item, strength, _ in choices(1)]  # fmt: skip
    found = guessed([write_csv(tmp_path / "log.data", rows, delimiter="\t")]).interactions
    assert (found.person, found.item, found.value, found.time) == tuple(
        f"column {n}" for n in (1, 2, 3, 4)
    )


def test_orders_and_their_lines_are_joined(tmp_path):
    rows = list(choices(2))
    orders = [["order_id", "user_id", "order_date"]] + [
        [n // 3, rows[n][0], "2024-01-05"] for n in range(0, len(rows), 3)
    ]
    lines = [["order_id", "product_id"]] + [[n // 3, row[1]] for n, row in enumerate(rows)]
    products = [["product_id", "product_name", "aisle_id"]] + [
        [n, f"Thing {n}", n % 6] for n in range(90)
    ]
    aisles = [["aisle_id", "aisle"]] + [[n, f"aisle {n}"] for n in range(6)]
    found = guessed(
        [
            write_csv(tmp_path / f"{name}.csv", table)
            for name, table in (
                ("orders", orders), ("lines", lines), ("products", products), ("aisles", aisles)
            )
        ]
    )  # fmt: skip
    assert found.interactions.files == ("lines.csv",)
    assert (found.interactions.person, found.interactions.item) == ("user_id", "product_id")
    assert found.interactions.time == "order_date"
    assert found.items.files == ("products.csv",)
    assert (found.items.title, found.items.genres) == ("product_name", ("aisle",))
    assert {(one.file, one.by) for one in found.joins} == {
        ("orders.csv", "order_id"), ("aisles.csv", "aisle_id")
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_mapping_comes_back_from_its_file(name, tmp_path):
    mapping = guessed(SHAPES[name](tmp_path))
    assert mapping_from_json(mapping_to_json(mapping)) == mapping


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not valid JSON"),
        ('{"versions": 1}', "no field `versions`"),
        ('{"version": 2}', "`version` must be 1"),
        ('{"interactions": {"person": 7}}', "`interactions.person` must be a text"),
        ('{"interactions": {"files": "a.csv"}}', "`interactions.files` must be a list"),
        ('{"interactions": {"repeats": "twice"}}', "one of each, again, sum, last"),
        ('{"interactions": {"events": {"view": "much"}}}', "gives each word a number"),
        ('{"interactions": {"liked": true}}', "`interactions.liked` must be a number"),
        ('{"joins": [{"file": "a.csv"}]}', "`joins` needs `by`"),
        ('{"reading": {"a.csv": {"header": 1}}}', "must be true or false"),
        ('{"ids": "scramble"}', "one of keep, hash, hide"),
    ],
)
def test_a_mapping_that_is_none_is_refused_by_its_field(text, said, tmp_path):
    path = tmp_path / "mapping.json"
    path.write_text(text)
    with pytest.raises(DataError, match=said.replace("(", r"\(")):
        read_mapping(path)


def test_a_mapping_may_leave_out_what_is_not_said():
    mapping = mapping_from_json(json.dumps({"interactions": {"person": "a", "item": "b"}}))
    assert mapping.interactions.time is None
    assert mapping.ids == "keep"


@pytest.mark.parametrize(
    ("word", "strength"),
    [("view", 1), ("Add to Cart", 3), ("transaction", 5), ("REFUND", -5), ("impression", None)],
)
def test_events_have_a_strength(word, strength):
    assert strength_of(word) == strength
