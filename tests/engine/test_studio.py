"""The public names, as people write them in a notebook: examples, README, shapes."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import engine
from engine import Scenario, Studio, StudioError, SweepConfig
from engine.evaluation import evaluate_scenario
from engine.metrics.registry import METRICS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def studio(tiny_artifacts) -> Studio:
    return Studio(tiny_artifacts)


def run_examples(module, names) -> int:
    """Run every example of a module; return how many there were."""
    n = 0
    for test in doctest.DocTestFinder().find(module, extraglobs=names):
        result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test)
        assert result.failed == 0, test.name
        n += result.attempted
    return n


def readme_block() -> str:
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## From Python\n")[1]
    return section.split("```python\n")[1].split("```")[0]


@pytest.mark.slow
def test_the_block_of_the_readme_runs(studio, monkeypatch):
    monkeypatch.setattr(Studio, "open", lambda _: studio)
    names: dict = {}
    exec(compile(readme_block(), "README.md", "exec"), names)
    assert names["after"].n_users == studio.n_people


@pytest.mark.slow
def test_every_example_of_the_public_class_runs(studio):
    names = {"studio": studio, "Scenario": Scenario, "SweepConfig": SweepConfig}
    assert run_examples(sys.modules[Studio.__module__], names) >= 15
    assert run_examples(sys.modules["engine.decision.desk"], names) >= 5


def test_every_public_name_is_there_and_no_other():
    assert all(getattr(engine, name) is not None for name in engine.__all__)
    assert set(engine.__all__) <= set(dir(engine))
    with pytest.raises(AttributeError, match="has no attribute 'Stduio'"):
        _ = engine.Stduio


def test_importing_the_engine_loads_nothing_heavy():
    code = "import sys, engine; print(*{'numpy', 'numba', 'pandas'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stdout.strip()) == (0, "")


def test_a_data_set_that_was_never_fitted_is_a_sentence():
    with pytest.raises(StudioError, match="fit"):
        Studio.open("simulated:7x7")


def test_the_frame_says_what_the_figures_say(studio, tiny_artifacts):
    scenario = Scenario(diversity=0.4, k=6)
    frame = studio.evaluate(scenario).frame()
    figures = evaluate_scenario(tiny_artifacts, scenario).figures
    assert list(frame.index) == list(METRICS)
    for name, figure in figures.items():
        assert frame.loc[name, "n"] == figure.n
        np.testing.assert_array_equal(frame.loc[name, "value"], figure.value)
        assert frame.loc[name, "verdict"] == str(figure.verdict)


def test_the_frame_of_groups_says_what_the_groups_say(studio):
    found = studio.evaluate(Scenario(diversity=0.4)).groups("gender")
    frame = found.frame()
    for column, name in enumerate(found.now.names):
        for group, label in enumerate(found.labels):
            row = frame.loc[(name, label)]
            assert row["n"] == found.now.n_defined[group, column]
            np.testing.assert_array_equal(row["value"], found.now.mean[group, column])
            np.testing.assert_array_equal(row["change"], found.change.mean[group, column])


def test_lists_name_people_and_items_by_their_ids(studio, tiny_artifacts):
    scenario = Scenario(diversity=0.4, k=6)
    shown = studio.lists(scenario, people=["u9", "u2"])
    assert list(dict.fromkeys(shown["user_id"])) == ["u9", "u2"]
    items = studio.evaluate(scenario, people=["u9", "u2"]).lists.items
    rows = shown["item_id"].map(tiny_artifacts.item_index).to_numpy().reshape(2, 6)
    np.testing.assert_array_equal(rows, items)
    everyone = studio.lists(scenario)
    own = everyone[everyone["user_id"] == "u9"]
    assert own["item_id"].tolist() == shown["item_id"][:6].tolist()


def test_an_unknown_person_is_a_sentence(studio):
    for ask in (studio.explain, lambda one: studio.evaluate(people=[one])):
        with pytest.raises(StudioError, match=r"Nobody in .* has the id 'nobody'"):
            ask("nobody")
