"""Fixtures of the tests of retrieval."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import pytest

from engine.pipeline.retrieval import index_measure


@pytest.fixture
def exact_is_slow(monkeypatch):
    """A clock by which the exact search takes 1,000 s: the index is widened as far as it needs.

    By the machine's own, how far it is widened in so small a catalogue hangs on the moment.
    """
    ticks = itertools.chain([0.0, 1000.0], itertools.count(1000.0, 0.001))
    clock = SimpleNamespace(perf_counter=lambda: next(ticks))
    monkeypatch.setattr(index_measure, "time", clock)
