"""A metric is known by its name: one that is added in the middle relabels no other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from engine.metrics.audience import describe
from engine.metrics.audience_wide import order_by_name
from engine.metrics.kernels import (
    discovery,
    genre_mix,
    list_change,
    objectives,
    popularity,
    relevance,
    repeats,
)
from engine.metrics.kernels.columns import check_written, located
from engine.metrics.registry import AUDIENCE_METRICS, COLUMN, USER_METRICS
from engine.metrics.user_matrix import measure
from tests.engine.metrics.random_service import random_artifacts, random_lists

ROOT = Path(__file__).resolve().parents[3]
KERNELS = (
    *(relevance.AT, discovery.AT, genre_mix.AT, list_change.AT, popularity.AT, repeats.AT),
    objectives.AT,
)

MEASURE = """
import json, sys
from tests.engine.metrics.test_columns import figures
json.dump(figures(), sys.stdout)
"""

DEFINED = """    Metric(
        "places",
        "Places",
        "Places of the list that are asked for.",
        "k",
        0.0,
        50.0,
        "neither",
        "items",
        "relevance",
        "Invented for a test",
        "Never.",
    ),
    _share(
        "precision",
"""

WIDE = """    _metric(
        "shown_items",
        "Items shown",
        "Items that appear in at least one list.",
        "|∪_u L_u|",
        "Invented for a test",
        high=inf,
    ),
    _metric(
        "gini",
"""


def figures() -> dict[str, str]:
    """Bits of every metric by name."""
    artifacts = random_artifacts(seed=7)
    lists = random_lists(artifacts, 5, seed=7)
    found = measure(describe(artifacts), lists, baseline=artifacts.candidates[:, :5])
    of_people = {name: found.column(name).tobytes().hex() for name in found.names}
    of_everyone = {
        name: np.ascontiguousarray(found.replicates[:, at]).tobytes().hex()
        for at, name in enumerate(AUDIENCE_METRICS)
    }
    return of_people | of_everyone


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, (path, before)
    path.write_text(text.replace(before, after), encoding="utf-8")


def in_the_copy(copy: Path, code: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(copy), "NUMBA_CACHE_DIR": str(copy / "compiled")}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=copy, env=environment, capture_output=True, text=True
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    no_caches = shutil.ignore_patterns("__pycache__")
    for name in ("engine", "demo_data", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=no_caches)
    return tmp_path


@pytest.mark.slow
def test_metrics_added_in_the_middle_leave_every_other_its_value(copy: Path) -> None:
    """One metric of people and one of everyone, by two files each."""
    metrics = copy / "engine" / "metrics"
    edit(metrics / "relevance_definitions.py", '    _share(\n        "precision",\n', DEFINED)
    edit(metrics / "exposure_definitions.py", '    _metric(\n        "gini",\n', WIDE)
    kernel, formulas = metrics / "kernels" / "relevance.py", metrics / "concentration.py"
    edit(kernel, "    bpref: int\n", "    bpref: int\n    places: int\n")
    counted = "        found = _mark_hits("
    edit(kernel, counted, f"        row[AT.places] = len(items)\n{counted}")
    edit(formulas, '    "coverage": _coverage,\n', '    "coverage": _coverage,\n'
         '    "shown_items": lambda spread: (spread.slots > 0).sum(axis=1) * 1.0,\n')  # fmt: skip
    run = in_the_copy(copy, MEASURE)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert np.frombuffer(bytes.fromhex(found.pop("places")), np.float32) == pytest.approx(5)
    shown = np.frombuffer(bytes.fromhex(found.pop("shown_items")))
    coverage = np.frombuffer(bytes.fromhex(found["coverage"]))
    assert shown == pytest.approx(coverage * 60)
    assert found == figures()


def test_a_metric_that_no_kernel_fills_fails_at_import(copy: Path) -> None:
    definitions = copy / "engine" / "metrics" / "relevance_definitions.py"
    edit(definitions, '    _share(\n        "precision",\n', DEFINED)
    run = in_the_copy(copy, "import engine.metrics.user_matrix")
    assert "ImportError: No kernel fills the column of 'places'" in run.stderr


def test_a_kernel_column_without_a_metric_fails_at_import(copy: Path) -> None:
    kernel = copy / "engine" / "metrics" / "kernels" / "relevance.py"
    edit(kernel, "    bpref: int\n", "    bpref: int\n    places: int\n")
    run = in_the_copy(copy, "import engine.metrics.user_matrix")
    assert "ImportError: A kernel fills a column for 'places', which is no per-user" in run.stderr


def test_each_column_is_filled_by_one_kernel() -> None:
    fields = [name for record in KERNELS for name in record._fields]
    assert sorted(fields) == sorted(USER_METRICS)
    assert all(
        getattr(record, name) == COLUMN[name] for record in KERNELS for name in record._fields
    )
    with pytest.raises(ImportError, match="Two kernels fill the column of 'overlap'"):
        check_written(*KERNELS, list_change.AT._replace())


def test_a_column_goes_by_its_name_not_by_its_place() -> None:
    class Swapped(NamedTuple):
        awrf: int
        ndcg: int

    assert located(Swapped) == (COLUMN["awrf"], COLUMN["ndcg"])


@pytest.mark.parametrize(
    ("computed", "odd"),
    [(("gini",), "'n90'"), (("gini", "n90", "spare"), "'spare'"), (("n90", "n90"), "'gini'")],
)
def test_a_figure_of_everyone_without_its_formula_is_refused(computed, odd) -> None:
    with pytest.raises(ImportError, match=odd):
        order_by_name(computed, ("gini", "n90"))
    assert order_by_name(("n90", "gini"), ("gini", "n90")) == [1, 0]
