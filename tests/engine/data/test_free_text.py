"""Free text of items: which columns are, whatever their names, and what items' texts become."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.free_text import MOST_CHARACTERS, free_text_columns, is_prose, item_texts
from engine.data.readers import read_folder
from engine.pipeline.retrieval.catalogue import Catalogue

PROSE = [
    "A captain steers his vessel through a howling storm",
    "Bakers compete to make the tallest wedding cake",
    "Wölfe kehren ins Tal zurück und erschrecken die Hirten",
]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (PROSE, True),
        (PROSE + [""] * 30, True),  # where few items have one, these are read
        (["red", "blue", "green"], False),
        (["for all ages and for everybody"] * 3, False),  # a label, however long
        ([f"https://shop.example/a/b/c/d/e/{n}.html" for n in range(3)], False),
        ([f"www.shop.example see the page number {n} there" for n in range(3)], False),
        (["2020-01-01 10:00:00", "1 2 3 4 5 6 7", "12-34-56-78-90"], False),
        (["", "", ""], False),
        ([np.nan, None, ""], False),
        ([1.5, 2.5, 3.5], False),
    ],
)
def test_a_column_is_free_text_by_what_it_holds(cells, expected):
    items = pd.DataFrame({"title": ["T"] * len(cells), "what": cells})
    assert free_text_columns(items) == (("what",) if expected else ())
    filled = [one for one in cells if isinstance(one, str) and one]
    assert is_prose(filled) == expected


def test_an_items_text_is_its_title_and_every_free_text_cut_where_it_is_too_long():
    items = pd.DataFrame(
        {
            "title": ["One", "Two", "Three"],
            "genres": ["Drama"] * 3,
            "plot": PROSE,
            "colour": ["red", "blue", "red"],
            "review": ["", " ".join(["word"] * 5_000), "Seen it twice and loved every minute"],
        }
    )
    first, second, third = item_texts(items)
    assert first == f"One. {PROSE[0]}"
    assert second.startswith(f"Two. {PROSE[1]}. word word")
    assert len(second) == MOST_CHARACTERS
    assert third == f"Three. {PROSE[2]}. Seen it twice and loved every minute"


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=80)), max_size=6))
def test_whatever_is_written_every_item_has_a_text_of_bounded_length(rows):
    items = pd.DataFrame(rows, columns=["title", "about"], dtype="str")
    texts = item_texts(items)
    assert len(texts) == len(rows)
    assert all(len(text) <= MOST_CHARACTERS for text in texts)
    for (title, _), text in zip(rows, texts, strict=True):
        assert text.startswith(title.strip())


def test_a_description_in_somebodys_own_folder_arrives_where_items_are_compared(tmp_path):
    (tmp_path / "interactions.csv").write_text(
        "user_id,item_id,timestamp\n"
        + "".join(f"u{n},i{n % 3},2024-01-0{n + 1}\n" for n in range(6))
    )
    rows = "".join(f'i{n},Title {n},"{text}"\n' for n, text in enumerate(PROSE))
    (tmp_path / "items.csv").write_text(f"item_id,title,about it\n{rows}", encoding="utf-8")
    texts = Catalogue.from_items(read_folder(tmp_path).items).texts
    assert texts == tuple(f"Title {n}. {text}" for n, text in enumerate(PROSE))
