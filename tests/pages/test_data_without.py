"""Every page on data without genres, providers, dates, titles, ratings, people's columns and time:
it works, and says nothing of what is not there."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from dashboard.page_registry import PAGES, START
from engine.data.naming import name_of
from engine.fit import fit
from tests.conftest import TINY_CONFIG
from tests.pages.conftest import starter
from tests.tiny_service import dataset_of, tiny_dataset

ABSENT = re.compile(r"(?<!no )(?<!nor )genres?\b", re.IGNORECASE)
OF_ORDER = re.compile(
    r"right after|comes next|liked next|lately|last \d+ (liked|seen)", re.IGNORECASE
)
MAY = re.compile(
    r"no genres|neither genres|without (any )?genres?|these are off|is off", re.IGNORECASE
)
"""What says that genres are not there."""


@pytest.fixture(scope="module")
def bare_home(tmp_path_factory):
    data = tiny_dataset()
    log = data.interactions[["user_id", "item_id"]].assign(
        timestamp=pd.Timestamp("2000-01-01"), value=1.0
    )
    items = pd.DataFrame({"item_id": data.items["item_id"], "title": data.items["item_id"]})
    users = data.users[["user_id"]]
    home = tmp_path_factory.mktemp("bare")
    dataset = dataset_of(log, items, users, has_time=False, liked_threshold=1.0)
    fit(dataset, home / ".artifacts" / name_of("tiny"), config=TINY_CONFIG)
    return home


def shown(app) -> list[str]:
    """What people read without opening a help: labels, texts, options, names of columns."""
    texts = [one.value for one in (*app.markdown, *app.caption, *app.subheader, *app.text)]
    texts += [one.label for one in (*app.button, *app.selectbox, *app.slider)]
    for box in app.selectbox:
        texts += box.options
    for one in app.dataframe:
        texts += [str(name) for name in one.value.columns]
    return [str(text).replace("\\", "").replace("\u2060", "") for text in texts]


OF_DATA = [name for name in PAGES if name not in ("feedback", "glossary")]
"""Pages that speak of the data: the glossary is a dictionary of the program's words, and a year
needs to be asked for."""


@pytest.mark.parametrize("name", OF_DATA)
def test_a_page_works_and_speaks_of_nothing_that_is_not_there(bare_home, monkeypatch, name):
    app = starter(bare_home, monkeypatch, "" if name == START else name)()
    assert not [one.value for one in app.error]
    texts = shown(app)
    assert not [text for text in texts if OF_ORDER.search(text)]
    said = [text for text in texts if ABSENT.search(text) and not MAY.search(text)]
    assert said == [], said
