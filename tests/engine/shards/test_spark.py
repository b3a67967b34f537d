"""On Spark: the same lists, bit for bit, and the same figures; each refusal is one sentence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from engine.errors import StudioError
from engine.evaluation import evaluate_scenario, to_json
from engine.list_file import write_lists
from engine.shards import spark
from engine.shards.jobs import JOB
from tests.engine.shards.test_shards import EVERYTHING, assert_alike

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import json, sys
from pathlib import Path

import numpy as np
from pyspark.sql import SparkSession

from engine.artifacts import open_artifacts
from engine.errors import StudioError
from engine.evaluation_json import to_json
from engine.scenario import Scenario
from engine.shards.drive import evaluate_in_shards, write_lists_in_shards
from engine.shards.jobs import JOB
from engine.shards.spark import run_on_spark

given, out = Path(sys.argv[1]), Path(sys.argv[2])
SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
artifacts, scenario = open_artifacts(given), Scenario.from_json((out / "s.json").read_text())
told = []
found = evaluate_in_shards(artifacts, scenario, 3, pool=run_on_spark, tell=told.append)
assert told == sorted(told) and told[-1] == 1.0, told
(out / "figures.json").write_text(json.dumps(to_json(found)))
np.savez(out / "lists.npz", items=found.lists.items, positions=found.lists.positions)
write_lists_in_shards(
    artifacts, scenario, out / "lists.parquet", 2, block=25, with_reasons=False, pool=run_on_spark
)
(out / "job").mkdir()
(out / "job" / JOB).write_text(json.dumps({"artifacts": str(given), "fit": "x", "scenarios": {}}))
try:
    run_on_spark(out / "job", 2, lambda share: None)
except StudioError as error:
    (out / "refusal.txt").write_text(str(error))
"""


def test_lists_and_figures_of_spark_are_those_of_one_process(tiny_artifacts, tmp_path):
    pytest.importorskip("pyspark", reason="PySpark is not installed: make setup SPARK=1")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, and there is none")
    (tmp_path / "s.json").write_text(EVERYTHING.to_json())
    place = str(tiny_artifacts.folder.parent)
    program = [sys.executable, "-c", PROGRAM, place, str(tmp_path)]
    given = os.environ | {"PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable}
    subprocess.run(program, cwd=ROOT, check=True, env=given)

    one = evaluate_scenario(tiny_artifacts, EVERYTHING)
    with np.load(tmp_path / "lists.npz") as lists:
        assert np.array_equal(lists["items"], one.lists.items)
        assert np.array_equal(lists["positions"], one.lists.positions)
    alone = json.loads(json.dumps(to_json(one)))
    assert_alike(json.loads((tmp_path / "figures.json").read_text()), alone)

    write_lists(tiny_artifacts, EVERYTHING, tmp_path / "one.parquet", with_reasons=False)
    written = [pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("one", "lists")]
    pd.testing.assert_frame_equal(*written)
    assert (tmp_path / "refusal.txt").read_text().startswith("Shard 1: A new fit was published")


def test_a_task_without_its_fit_says_so_in_a_row_of_its_own(tmp_path):
    pytest.importorskip("pyspark", reason="PySpark is not installed: make setup SPARK=1")
    job = {"artifacts": str(tmp_path / "nowhere"), "fit": "x", "scenarios": {}}
    asked = pa.RecordBatch.from_pydict({"id": [4]})
    rows = list(spark.do_shards({JOB: json.dumps(job).encode()}, iter([asked])))
    assert [row.num_rows for row in rows] == [1]
    assert rows[0].to_pylist()[0]["refusal"].startswith("Shard 5: No fitted pipeline")


def test_without_pyspark_one_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    (tmp_path / JOB).write_text("{}")
    with pytest.raises(StudioError, match=r"^Spark is not installed: `make setup SPARK=1`"):
        spark.run_on_spark(tmp_path, 1, lambda _share: None)


def test_what_is_told_never_goes_back(monkeypatch, tmp_path):
    """Between its last task and its rows Spark knows of no active stage; seen on a busy machine."""
    seen, enough = iter([0, 1, 0, 2, 0]), threading.Event()

    def n_done(_session):
        found = next(seen, None)
        if found is None:
            enough.set()
        return found or 0

    def rows():
        enough.wait(30)
        return pa.table({"name": [], "content": [], "refusal": []})

    class Session:
        """As much of a session as a wave asks for; its rows come when all was seen."""

        def range(self, *_cut, **_parts):
            return self

        def mapInArrow(self, *_work):
            return self

        def toArrow(self):
            return rows()

    (tmp_path / JOB).write_text(json.dumps({"parts": str(tmp_path)}))
    monkeypatch.setattr(spark, "_n_done", n_done)
    told = []
    given = {JOB: (tmp_path / JOB).read_bytes()}
    spark._wave(Session(), given, tmp_path, range(2, 4), told.append)
    assert told[:5] == [2, 3, 3, 4, 4]
    assert told == sorted(told)
