"""With 100,000 items and many people a page sends no more than with some thousand."""

from __future__ import annotations

import pytest

from dashboard.cached_names import MAX_LISTED
from tests.pages.conftest import starter
from tests.pages.many import many

MOST_BYTES = 300_000
N_PEOPLE, N_ITEMS = 12_000, 100_000


@pytest.fixture(scope="module")
def large(tiny_artifacts):
    return many(tiny_artifacts, N_PEOPLE, N_ITEMS)


def sent(node):
    """Yield everything on a page that is drawn."""
    parts = getattr(node, "children", None)
    if parts is None:
        yield node
    else:
        for part in parts.values():
            yield from sent(part)


@pytest.mark.parametrize("page", ["", "people", "popularity_exposure", "pipeline"])
def test_no_page_sends_everybody_or_every_item(tiny_home, large, monkeypatch, page):
    monkeypatch.setattr("dashboard.cached_engine.open_artifacts", lambda *_, **__: large)
    app = starter(tiny_home, monkeypatch, page)()
    assert not [one.value for one in app.error]
    drawn = [one.proto for one in sent(app._tree) if getattr(one, "proto", None) is not None]
    sizes = [one.ByteSize() for one in drawn]
    assert 10_000 < sum(sizes) < MOST_BYTES
    for one in (*app.selectbox, *app.multiselect):
        assert len(one.options) <= MAX_LISTED, one.label
    # What is longest is the list of the first people; without it, nothing comes near as many.
    assert sum(sorted(sizes)[:-1]) < MOST_BYTES / 2


def test_the_box_of_people_says_that_not_all_are_listed(tiny_home, large, monkeypatch):
    monkeypatch.setattr("dashboard.cached_engine.open_artifacts", lambda *_, **__: large)
    app = starter(tiny_home, monkeypatch, "people")()
    box = next(one for one in app.selectbox if one.label == "A person")
    assert len(box.options) == MAX_LISTED
    assert "7,000 are listed" in box.help
