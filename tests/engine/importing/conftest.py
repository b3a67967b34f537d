"""Every test of the importer works in a home of its own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch):
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(home))
    return home
