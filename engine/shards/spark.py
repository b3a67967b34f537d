"""The shards of a job on Spark: a task does one, and the files it wrote come back through Arrow.

Executors must see the fit's folder under the same path (each memory-maps it) and have this package;
nothing else is shared. The job, with what was solved over everyone, goes out with the tasks.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba
import pyarrow as pa

from engine.errors import StudioError
from engine.shards.jobs import JOB, run_shard

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["run_on_spark"]

PARTS = "parts"
SCHEMA = "name string, content binary, refusal string"
LACKING = (
    "Spark is not installed: `make setup SPARK=1` installs PySpark, which needs Java 17 or newer."
)
GONE = "Spark's driver ended in the middle of the work, as a rule for lack of memory (4 GB here)."


def run_on_spark(folder: Path, n_shards: int, tell: Callable[[float], None]) -> None:
    """Do every shard of the job in ``folder``, as many at once as Spark has cores.

    The session is the one there is, or that of ``spark-submit``; else one on this machine alone.
    ``tell`` hears the share done; where it raises, Spark's jobs are cancelled.

    Raises
    ------
    StudioError
        Spark is not installed, did not start or lost a task, or a shard refused its part.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of pandas 3, which is not used here
        session = _session()
    at_once = max(session.sparkContext.defaultParallelism, 1)
    given = {path.name: path.read_bytes() for path in folder.iterdir()}
    for start in range(0, n_shards, at_once):
        shards = range(start, min(start + at_once, n_shards))
        _wave(session, given, folder, shards, lambda done: tell(done / n_shards))


def _wave(
    session: SparkSession,
    given: dict[str, bytes],
    folder: Path,
    shards: range,
    tell: Callable[[float], None],
) -> None:
    """Do some shards at once and put down what they wrote."""
    frame = session.range(shards.start, shards.stop, numPartitions=len(shards))
    with ThreadPoolExecutor(1) as threads, warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of pandas 3, which is not used here
        rows = threads.submit(frame.mapInArrow(partial(do_shards, given), SCHEMA).toArrow)
        try:
            done = 0
            while not wait([rows], 0.3).done:
                # Between its last task and its rows no stage is active: none of it is undone.
                done = max(done, _n_done(session))
                tell(shards.start + done)
        except BaseException:
            with contextlib.suppress(ConnectionError):  # where Java is gone, so are its jobs
                session.sparkContext.cancelAllJobs()
            raise
    _put_down(_rows_of(rows.result), json.loads(given[JOB]), folder)
    tell(shards.stop)


def _rows_of(result: Callable[[], pa.Table]) -> list[dict[str, Any]]:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        rows: list[dict[str, Any]] = result().to_pylist()
    except ConnectionError:
        raise StudioError(GONE) from None
    except (Py4JError, PySparkException) as error:
        raise StudioError(f"Spark lost a task: {_reason(str(error))}") from None
    return rows


def _reason(said: str) -> str:
    r"""Return the line of a long report that names what was raised in the task.

    >>> _reason("Thrown:\nTraceback\n  File x\nOSError: disk full\n\tat java.base")
    'OSError: disk full'
    """
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    raised = [line for line in lines if re.match(r"[\w.]*(Error|Exception): ", line)]
    return (raised or lines or ["it gave no reason"])[-1 if raised else 0][:300]


def _put_down(rows: list[dict[str, Any]], job: dict[str, Any], folder: Path) -> None:
    for row in rows:
        if row["refusal"]:
            raise StudioError(row["refusal"])
    for row in rows:
        name = Path(row["name"])
        path = Path(job[PARTS]) / name.name if name.parent.name == PARTS else folder / name.name
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(row["content"])
        beside.replace(path)


def _n_done(session: SparkSession) -> int:
    tracker = session.sparkContext.statusTracker()
    try:
        stages = list(map(tracker.getStageInfo, tracker.getActiveStageIds()))
    except ConnectionError:
        raise StudioError(GONE) from None
    return sum(stage.numCompletedTasks for stage in stages if stage)


def do_shards(
    given: dict[str, bytes], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Do the shards whose numbers come, in an executor: a row for each file that was written.

    Parameters
    ----------
    given : dict
        Name of a file of the job → its content.
    batches : iterator of RecordBatch
        One column of shard numbers.
    """
    from pyspark import TaskContext

    context = TaskContext.get()
    if context is not None:
        numba.set_num_threads(min(max(context.cpus(), 1), numba.config.NUMBA_NUM_THREADS))
    for batch in batches:
        for shard in batch.column(0).to_pylist():
            yield from _do_one(given, shard)


def _do_one(given: dict[str, bytes], shard: int) -> Iterator[pa.RecordBatch]:
    with tempfile.TemporaryDirectory(prefix="rerank-") as place:
        folder = Path(place)
        (folder / PARTS).mkdir()
        for name, content in given.items():
            (folder / name).write_bytes(content)
        job = json.loads(given[JOB])
        (folder / JOB).write_text(json.dumps(job | {PARTS: str(folder / PARTS)}), "utf-8")
        try:
            run_shard(folder, shard, lambda _share: None)
        except StudioError as error:
            yield _row("", b"", f"Shard {shard + 1}: {' '.join(str(error).split())}")
            return
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name not in given:
                yield _row(str(path.relative_to(folder)), path.read_bytes(), "")


def _row(name: str, content: bytes, refusal: str) -> pa.RecordBatch:
    row = {"name": [name], "content": [content], "refusal": [refusal]}
    return pa.RecordBatch.from_pydict(row, schema=_ARROW)


_ARROW = pa.schema([("name", pa.string()), ("content", pa.binary()), ("refusal", pa.string())])


def _session() -> SparkSession:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise StudioError(LACKING) from None

    known = SparkSession.getActiveSession()
    if known is not None:
        return known
    builder = SparkSession.builder.appName("rerank-studio")
    if "PYSPARK_GATEWAY_PORT" not in os.environ:  # which spark-submit sets, with a master
        root = str(Path(__file__).resolve().parents[2])
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        here = {
            "spark.master": "local[*]",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.memory": "4g",  # everybody's lists pass through it
            "spark.driver.maxResultSize": "0",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.log.level": "FATAL",
            "spark.executorEnv.PYTHONPATH": root,
        }
        for name, value in here.items():
            builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError):
        raise StudioError(
            "Spark did not start; it needs Java 17 or newer (on Debian: openjdk-17-jre-headless)."
        ) from None
