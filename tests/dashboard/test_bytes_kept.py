"""What grows with people or items is kept for all sessions, and bounded by bytes."""

from __future__ import annotations

import numpy as np
import pytest
import streamlit as st

from dashboard.bytes_kept import kept
from engine import recent


@pytest.fixture(autouse=True)
def nothing_kept():
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def counted(size):
    """A function that says how often it was really asked."""
    asked = []

    @kept(size)
    def zeros(name: str, n: int) -> np.ndarray:
        asked.append((name, n))
        return np.zeros(n)

    return zeros, asked


def test_the_same_arguments_give_the_same_object():
    zeros, asked = counted(4)
    assert zeros("a", 3) is zeros("a", 3)
    assert zeros("a", 3) is not zeros("b", 3)
    assert asked == [("a", 3), ("b", 3)]


def test_two_functions_do_not_share_results():
    one, _ = counted(4)

    @kept(4)
    def other(name: str, n: int) -> str:
        return f"{name}{n}"

    assert other("a", 3) == "a3"
    assert len(one("a", 3)) == 3


def test_large_results_push_out_the_oldest(monkeypatch):
    monkeypatch.setattr(recent.Recent.__init__, "__defaults__", (1000,))
    zeros, asked = counted(50)
    for n in (100, 101, 100):  # 800 and 808 bytes: no room for both
        zeros("a", n)
    assert asked == [("a", 100), ("a", 101), ("a", 100)]


def test_clearing_the_servers_caches_clears_it():
    zeros, asked = counted(4)
    zeros("a", 3)
    st.cache_resource.clear()
    zeros("a", 3)
    assert len(asked) == 2
