"""Invented files in the shapes that people bring, raw and with their faults."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

CLUSTERS = 6


def choices(seed: int, n_people: int = 120, n_items: int = 90, per_person: int = 24):
    """Rows of person, item and strength: each person favours two of six kinds of item."""
    rng = np.random.default_rng(seed)
    kind = np.arange(n_items) % CLUSTERS
    for person in range(n_people):
        taste = np.full(CLUSTERS, 0.3)
        taste[rng.choice(CLUSTERS, 2, replace=False)] = 4.0
        weight = taste[kind] / (1 + np.arange(n_items) // CLUSTERS) ** 0.5
        n = int(rng.integers(per_person // 2, per_person * 3 // 2))
        for item in rng.choice(n_items, n, replace=False, p=weight / weight.sum()):
            yield person, int(item), float(taste[kind[item]]) / 4, rng


def write_csv(path: Path, rows: Iterable[Iterable[object]], encoding: str = "utf-8", **how) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, **how).writerows(rows)
    return path


def groceries(folder: Path) -> list[Path]:
    """Households with age and income bands, products with departments, gzip, day numbers."""
    lines = [["household_key", "BASKET_ID", "DAY", "PRODUCT_ID", "QUANTITY", "SALES_VALUE"]]
    for person, item, _, rng in choices(1):
        for _ in range(int(rng.integers(1, 3))):
            day, n = int(rng.integers(1, 711)), int(rng.geometric(0.6))
            price = f"{1.5 * n:.2f}"
            lines.append([person + 1, 9000 + day, day, 800_000 + item, n, price])
    with gzip.open(folder / "transaction_data.csv.gz", "wt", newline="") as file:
        csv.writer(file).writerows(lines)
    departments = ("GROCERY", "PRODUCE", "MEAT", "DRUG GM", "PASTRY", "GROCERY ")
    products = [["PRODUCT_ID", "MANUFACTURER", "DEPARTMENT", "BRAND", "COMMODITY_DESC"]] + [
        [800_000 + n, n % 7, departments[n % CLUSTERS], ("National", "Private")[n % 2],
         f"COMMODITY {n}"] for n in range(90)
    ]  # fmt: skip
    people = [["AGE_DESC", "INCOME_DESC", "HOMEOWNER_DESC", "household_key"]] + [
        [("19-24", "25-34", "35-44", "65+")[n % 4], ("Under 15K", "15-24K", "250K+")[n % 3],
         ("Homeowner", "Unknown")[n % 2], n + 1] for n in range(0, 120, 2)
    ]  # fmt: skip
    return [
        folder / "transaction_data.csv.gz",
        write_csv(folder / "product.csv", products),
        write_csv(folder / "hh_demographic.csv", people),
    ]


COUNTRIES = ("United Kingdom", "Germany", "France", "EIRE", *(f"Country {n}" for n in range(34)))


def gift_shop(folder: Path) -> list[Path]:
    """Invoices: blank customers, returns, ids with a point, month first, pounds, Windows-1252."""
    rows = [["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
             "CustomerID", "Country"]]  # fmt: skip
    for number, (person, item, _, rng) in enumerate(choices(2)):
        when = f"{rng.integers(1, 13)}/{rng.integers(1, 29)}/2011 {rng.integers(8, 20)}:05"
        who = "" if number % 11 == 0 else f"{17850 + person}.0"
        code = f"{85000 + item}{'A' if item % 5 == 0 else ''}"
        name = f"CAFÉ MUG {item}" if number % 17 else f"cafe mug {item} ?"
        country = COUNTRIES[person % 38 if person % 3 == 0 else 0]
        bought = [
            536365 + number,
            code,
            name,
            int(rng.integers(1, 13)),
            when,
            "£2.55",
            who,
            country,
        ]
        rows.append(bought)
        if number % 9 == 0:
            rows.append([f"C{bought[0]}", code, name, -int(bought[3]), *bought[4:]])
    return [write_csv(folder / "OnlineRetail.csv", rows, encoding="cp1252")]


def books(folder: Path) -> list[Path]:
    """Ratings of 0 to 10 with semicolons and quotes, without any time; ages that cannot be."""
    ratings = [["User-ID", "ISBN", "Book-Rating"]]
    for person, item, strength, rng in choices(3):
        stars = 0 if rng.random() < 0.3 else int(np.clip(round(4 + 5 * strength), 1, 10))
        ratings.append([str(person + 276000), f"0{440_234_000 + item}", str(stars)])
    catalogue = [["ISBN", "Book-Title", "Book-Author", "Year-Of-Publication", "Publisher"]] + [
        [f"0{440_234_000 + n}", f'The "Invented" Book; volume {n}', f"Author {n % 12}",
         str(0 if n % 20 == 0 else 1960 + n % 45), f"House {n % 5}"] for n in range(90)
    ]  # fmt: skip
    people = [["User-ID", "Location", "Age"]] + [
        [str(276000 + n), f"town {n}, somewhere", "NULL" if n % 3 == 0 else str(15 + n % 50)]
        for n in range(120)
    ]
    how = {"delimiter": ";", "quoting": csv.QUOTE_ALL}
    return [
        write_csv(folder / "BX-Book-Ratings.csv", ratings, encoding="latin-1", **how),
        write_csv(folder / "BX_Books.csv", catalogue, encoding="latin-1", **how),
        write_csv(folder / "BX-Users.csv", people, encoding="latin-1", **how),
    ]


def songs(folder: Path) -> list[Path]:
    """Play counts without a header, tab-separated, no time; artists and tags as JSON lines."""
    rows = [
        [f"{'abcdef0123456789'[person % 16] * 8}{person:032d}", f"SO{item:05d}",
         int(rng.geometric(0.25 if strength > 0.5 else 0.7))]
        for person, item, strength, rng in choices(4)
    ]  # fmt: skip
    plays = write_csv(folder / "train_triplets.txt", rows, delimiter="\t")
    about = folder / "songs.jsonl"
    lines = [
        json.dumps(
            {
                "song_id": f"SO{n:05d}",
                "title": f"Song {n}",
                "artist_name": f"Band {n % 9}",
                "tags": [f"tag {n % CLUSTERS}", "any"],
                "year": 1970 + n % 40,
            }
        )
        for n in range(90)
    ]
    about.write_text("\n".join([*lines, '{"song_id": "SO99']), encoding="utf-8")
    return [plays, about]


def news(folder: Path) -> list[Path]:
    """Clicks in milliseconds, of events with their words, within days; sections and bots."""
    start = 1_506_826_800_000
    rows = [["visitorid", "event_type", "article_id", "timestamp", "device"]]
    for person, item, strength, rng in choices(5):
        at = start + int(rng.integers(0, 12 * 86_400_000))
        what = ("click", "view", "share")[int(rng.choice(3, p=[0.6, 0.3, 0.1]))]
        rows.append([f"v{person}", what, 160_000 + item, at, ("phone", "desktop")[person % 2]])
        if strength > 0.5 and rng.random() < 0.2:
            rows.append([f"v{person}", "impression", 160_000 + item, at, "phone"])
    rows += [["bot", "view", 160_000 + n % 90, start + 1000 * n, "phone"] for n in range(1_400)]
    rows.append(["v3", "view", 160_001, "soon", "phone"])
    sections = ("sport", "politics", "culture", "local", "economy", "science")
    articles = [["article_id", "headline", "category", "published_at"]] + [
        [160_000 + n, f"Invented headline {n}", f"news > {sections[n % 6]}",
         f"2017-09-{1 + n % 28:02d}T06:00:00Z"] for n in range(90)
    ]  # fmt: skip
    return [write_csv(folder / "clicks.csv", rows), write_csv(folder / "articles.csv", articles)]


def shown_rows(n_people=40, n_items=30, seed=3):
    """Lists of three places a visit; some are clicked, in a row of its own."""
    draw = np.random.default_rng(seed)
    found = []
    for person in range(n_people):
        for visit in range(4):
            at = pd.Timestamp("2026-03-01") + pd.Timedelta(minutes=100 * visit + person)
            for place, item in enumerate(draw.choice(n_items, 3, replace=False), start=1):
                about = {
                    "visitorid": f"v{person}",
                    "article_id": f"a{item}",
                    "ts": at.isoformat(),
                    "slot": place,
                    "propensity_score": f"{1 / n_items:.4f}",
                    "request_id": f"{person}-{visit}",
                    "variant": "old",
                }
                found.append(about | {"action": "impression"})
                if draw.random() < 0.6:
                    found.append(about | {"action": "click"})
    return pd.DataFrame(found)


SHAPES: dict[str, Callable[[Path], list[Path]]] = {
    one.__name__: one for one in (groceries, gift_shop, books, songs, news)
}
