"""What a shard is to do, and how it does it: the same functions as in one process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.artifacts import Artifacts, open_artifacts
from engine.errors import ArtifactError
from engine.evaluation import evaluate_scenario
from engine.list_file import write_block
from engine.reranking import prepare
from engine.reranking.candidate_pool import pool_of
from engine.reranking.plan import make_plan
from engine.scenario import Scenario
from engine.shards.plain_files import read_solved, write_lists_part, write_sums

__all__ = ["JOB", "run_shard"]

JOB = "job.json"

Tell = Callable[[float], None]


def run_shard(folder: Path, shard: int, tell: Tell) -> None:
    """Do the part ``shard`` of the job in ``folder``.

    Raises
    ------
    ArtifactError
        A new fit was published since the job was given.
    """
    job = json.loads((folder / JOB).read_text(encoding="utf-8"))
    artifacts = open_artifacts(Path(job["artifacts"]), is_checked=True)
    if artifacts.fit_id != job["fit"]:
        raise ArtifactError("A new fit was published while the shards started: run it again.")
    for name, given in job["scenarios"].items():
        _put_in_place(artifacts, Scenario.from_dict(given), folder / f"{name}.npz")
    WORK[job["kind"]](artifacts, job, shard, folder, tell)


def _put_in_place(artifacts: Artifacts, scenario: Scenario, solved: Path) -> None:
    """Keep the plan with what was solved for over everyone, so that nobody solves it again."""
    audience = pool_of(artifacts)
    unnamed = replace(scenario, name="")
    audience.plans.get(unnamed, lambda: make_plan(audience, unnamed, solved=read_solved(solved)))


def _rerank(
    artifacts: Artifacts, job: dict[str, Any], shard: int, _folder: Path, tell: Tell
) -> None:
    plan = prepare(artifacts, Scenario.from_dict(job["scenarios"]["scenario"]))
    blocks = job["shards"][shard]
    for done, at in enumerate(blocks, start=1):
        write_block(artifacts, plan, Path(job["parts"]), at, job["block"], job["with_reasons"])
        tell(done / len(blocks))


def _evaluate(
    artifacts: Artifacts, job: dict[str, Any], shard: int, folder: Path, tell: Tell
) -> None:
    start, stop = job["shards"][shard]
    scenarios = {name: Scenario.from_dict(given) for name, given in job["scenarios"].items()}
    found = evaluate_scenario(
        artifacts,
        scenarios["scenario"],
        baseline=scenarios["baseline"],
        users=np.arange(start, stop),
    )
    assert found.lists is not None
    write_lists_part(folder / f"lists-{shard}.npz", found.lists)
    write_sums(folder / f"sums-{shard}.npz", found.sums)
    tell(1.0)


WORK = {"rerank": _rerank, "evaluate": _evaluate}
"""Kind of a job → what does a shard of it."""
