"""Descriptions of items come through an import, where a column reads as free text."""

import pytest

from engine.data import load_dataset
from engine.data.free_text import MOST_CHARACTERS
from engine.importing.publishing import check_files, import_files
from engine.pipeline.retrieval.catalogue import Catalogue
from tests.engine.importing.shapes import choices, write_csv

SAID = (
    "A captain steers his vessel through a howling storm",
    "Bakers compete to make the tallest wedding cake",
    "The detective returns to a case that ruined her",
)


@pytest.fixture
def files(tmp_path):
    """Ratings, and films with an overview, an address and a short label."""
    rows = [[f"u{p}", f"f{i}", int(1 + 4 * s)] for p, i, s, _ in choices(3, 40, 30, 14)]
    films = [
        [f"f{n}", f"Film {n}", ("Drama", "Comedy")[n % 2], f"{SAID[n % 3]}, part {n} of thirty",
         f"https://films.example/{n}/of/all/the/films", ("red", "blue")[n % 2]]
        for n in range(30)
    ]  # fmt: skip
    films[4][3] = "A very long story. " * 1_000
    return [
        write_csv(tmp_path / "ratings.csv", [["user_id", "movie_id", "rating"], *rows]),
        write_csv(
            tmp_path / "films.csv",
            [["movie_id", "title", "genre", "overview", "homepage", "colour"], *films],
        ),
    ]


def test_a_column_of_free_text_is_taken_and_others_are_named_as_left_behind(files):
    built, mapping = check_files(files)
    assert mapping.items.title == "title"
    assert mapping.items.columns == ("overview",)
    left = [one.text for one in built.findings.of("left out") if "columns" in one.text]
    assert left == ["columns that are not taken: `homepage`, `colour`"]


def test_what_items_say_of_themselves_arrives_where_they_are_compared(files):
    import_files(files, None, "films")
    dataset = load_dataset("films")
    row = dataset.items.set_index("item_id").loc["f7"]
    assert row["overview"] == f"{SAID[1]}, part 7 of thirty"
    found = Catalogue.from_items(dataset.items).texts
    texts = dict(zip(dataset.items["item_id"], found, strict=True))
    assert texts["f7"] == f"Film 7. {SAID[1]}, part 7 of thirty"
    assert len(dataset.items.set_index("item_id").loc["f4"]["overview"]) == MOST_CHARACTERS
    assert len(texts["f4"]) == MOST_CHARACTERS
