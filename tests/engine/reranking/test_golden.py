"""Lists as they were when they were last reviewed; see ``golden.py`` for how to write them anew."""

from __future__ import annotations

import json

import pytest

from tests.engine.reranking import golden


@pytest.fixture(scope="module")
def computed():
    return golden.compute()


@pytest.mark.parametrize("name", golden.SCENARIOS)
def test_lists_are_those_that_were_reviewed(computed, name):
    kept = json.loads(golden.FILE.read_text(encoding="utf-8"))
    assert computed[name] == kept[name]
