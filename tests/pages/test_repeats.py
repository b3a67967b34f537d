"""On data whose items come again, pages say so, and no filter is spoken of that there is not."""

from __future__ import annotations

import pytest

from engine.data.naming import name_of
from engine.fit import fit
from tests.conftest import TINY_CONFIG
from tests.engine.repeats.habits import habits
from tests.pages.conftest import starter


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("habits")
    fit(habits(n_people=60), home / ".artifacts" / name_of("tiny"), config=TINY_CONFIG)
    return home


def words(app) -> str:
    return " ".join(one.value for one in (*app.markdown, *app.caption, *app.subheader))


def test_the_data_page_says_that_repeats_are_kept(home, monkeypatch):
    app = starter(home, monkeypatch, "data")()
    card = next(one.value for one in app.dataframe if "part" in one.value.columns)
    assert card.set_index("what")["value"]["kept"].startswith("yes")


@pytest.mark.parametrize("page", ["people", "pipeline", "popularity_exposure"])
def test_no_page_says_that_what_was_met_is_filtered_out(home, monkeypatch, page):
    app = starter(home, monkeypatch, page)()
    assert "still hold what a person ha" not in words(app)
    assert "already seen" not in " ".join(one.label for one in app.toggle)
