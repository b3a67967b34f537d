"""A callback that fails leaves the page: Streamlit calls it outside of any boundary."""

import ast
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner import RerunException, StopException

from dashboard import session
from dashboard.boundary import callback
from engine.errors import ScenarioError

ROOT = Path(__file__).resolve().parents[2]
WHEN = ("on_click", "on_change", "on_select")


def trees():
    for folder in ("dashboard", "pages"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text())


def is_guarded(function):
    """Whether the function, or the one that it makes, is decorated."""
    inner = [node for node in ast.walk(function) if isinstance(node, ast.FunctionDef)]
    return any(
        isinstance(mark, ast.Name) and mark.id == "callback"
        for node in inner
        for mark in node.decorator_list
    ) or any(
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "callback"
        for node in ast.walk(function)
    )


def either(value):
    """Both branches of `a if … else b`."""
    return (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,)


def functions_and_callbacks():
    functions, given = {}, []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                functions.setdefault(node.name, []).append(node)
            if isinstance(node, ast.Call):
                words = [word.value for word in node.keywords if word.arg in WHEN]
                given += [(path, value) for word in words for value in either(word)]
    return functions, given


def test_every_callback_of_a_widget_is_inside_a_boundary():
    functions, given = functions_and_callbacks()
    unguarded = []
    for path, value in given:
        if isinstance(value, (ast.Constant, ast.BoolOp)):  # "ignore"; `on_click or "ignore"`
            continue
        called = value.func if isinstance(value, ast.Call) else value
        name = getattr(called, "id", getattr(called, "attr", ""))
        found = functions.get(name, ())
        if name != "callback" and not (found and any(map(is_guarded, found))):
            unguarded.append((path.name, value.lineno, name))
    assert len(given) > 20
    assert not unguarded


@pytest.fixture
def notices(monkeypatch):
    said = []
    monkeypatch.setattr(session, "notice", said.append)
    return said


def test_what_the_input_caused_is_said(notices):
    @callback
    def fail():
        raise ScenarioError("`k` is wrong.")

    assert fail() is None
    assert notices == ["`k` is wrong."]


def test_our_own_mistake_is_said_without_its_details(notices):
    @callback
    def fail():
        raise ZeroDivisionError("secret")

    assert fail() is None
    assert "server's log" in notices[0]
    assert "secret" not in notices[0]


class Signal(BaseException):
    """As Streamlit's own signals (stop, rerun) are."""


def test_what_streamlit_signals_passes_through(notices):
    @callback
    def stop():
        raise Signal("stop")

    @callback
    def works(value):
        return value

    with pytest.raises(Signal, match="stop"):
        stop()
    assert works(3) == 3
    assert not notices


def test_streamlits_signals_are_still_no_exceptions():
    for signal in (StopException, RerunException):
        assert not issubclass(signal, Exception)
