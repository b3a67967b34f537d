"""The work of one process, done by several: lists bit for bit the same, sums added up."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from engine.artifacts import Artifacts
from engine.list_file import BLOCK, Written, write_lists
from engine.metrics.audience import Audience, audience_of
from engine.metrics.figures import Figure, figures_of
from engine.metrics.registry import HEADLINE, USER_METRICS
from engine.metrics.settings import Settings
from engine.metrics.unjudged import unjudged_of
from engine.reranking import Lists, prepare
from engine.scenario import Scenario, neutral
from engine.shards.jobs import JOB
from engine.shards.plain_files import read_lists, read_sums, write_solved
from engine.shards.pool import cuts_of, run_pool

__all__ = ["Pool", "ShardedEvaluation", "evaluate_in_shards", "write_lists_in_shards"]

Tell = Callable[[float], None]
Pool = Callable[[Path, int, Tell], None]
"""Does so many shards of the job in a folder: processes of this machine, or Spark."""


@dataclass(frozen=True, eq=False)
class ShardedEvaluation:
    """Figures and lists of everyone; what belongs to one person stayed in the shards.

    Attributes
    ----------
    n_users : int
    audience : Audience
    settings : Settings
    figures : dict
        Name of a metric → :class:`Figure`.
    lists : Lists
    scenario, baseline_scenario : Scenario
    """

    n_users: int
    audience: Audience
    settings: Settings
    figures: dict[str, Figure]
    lists: Lists
    scenario: Scenario
    baseline_scenario: Scenario


def write_lists_in_shards(
    artifacts: Artifacts,
    scenario: Scenario,
    path: Path,
    shards: int,
    *,
    with_reasons: bool = True,
    block: int = BLOCK,
    pool: Pool = run_pool,
    tell: Tell = lambda _share: None,
) -> Written:
    """Write everybody's list as :func:`engine.list_file.write_lists` does, in several processes.

    Raises
    ------
    ScenarioError, ScoreError, OSError, StudioError
        As there; or a shard failed, and what the others wrote is gone on with next time.
    """
    cuts_of(1, shards)

    def work(lacking: Sequence[int], parts: Path, tell: Tell) -> None:
        if not lacking:
            return
        job = {
            "kind": "rerank",
            "parts": str(parts),
            "block": block,
            "with_reasons": with_reasons,
            "shards": [list(lacking[one:other]) for one, other in cuts_of(len(lacking), shards)],
        }
        with tempfile.TemporaryDirectory(prefix="rerank-") as folder:
            _run(artifacts, {"scenario": scenario}, job, Path(folder), pool, tell)

    return write_lists(
        artifacts, scenario, path, with_reasons=with_reasons, block=block, work=work, tell=tell
    )


def evaluate_in_shards(
    artifacts: Artifacts,
    scenario: Scenario,
    shards: int,
    *,
    baseline: Scenario | None = None,
    pool: Pool = run_pool,
    tell: Tell = lambda _share: None,
) -> ShardedEvaluation:
    """Measure a scenario as :func:`engine.evaluation.evaluate_scenario` does, in several processes.

    Each re-ranks and measures its people; their sums add up to those of everyone, but for the last
    digits, which hang on the order in which numbers are added.

    Raises
    ------
    ScenarioError, ScoreError, StudioError
        As there; or a shard failed.
    """
    before = replace(baseline or neutral(scenario.k), name="")
    audience, settings = audience_of(artifacts), Settings()
    cuts = cuts_of(artifacts.n_users, shards)
    job = {"kind": "evaluate", "shards": cuts}
    with tempfile.TemporaryDirectory(prefix="rerank-") as place:
        folder = Path(place)
        _run(artifacts, {"scenario": scenario, "baseline": before}, job, folder, pool, tell)
        groups = audience.item_groups[settings.item_groups]
        each = [
            read_sums(folder / f"sums-{at}.npz", USER_METRICS, groups) for at in range(len(cuts))
        ]
        lists = read_lists([folder / f"lists-{at}.npz" for at in range(len(cuts))])
    figures = figures_of(unjudged_of(reduce(add, each)), shown=HEADLINE)
    return ShardedEvaluation(
        artifacts.n_users, audience, settings, figures, lists, scenario, before
    )


def _run(
    artifacts: Artifacts,
    scenarios: dict[str, Scenario],
    job: dict[str, Any],
    folder: Path,
    pool: Pool,
    tell: Tell,
) -> None:
    """Solve what hangs on everyone, write it and the job down, and have the shards do it."""
    for name, scenario in scenarios.items():
        write_solved(folder / f"{name}.npz", prepare(artifacts, scenario))
    given = {
        "artifacts": str(artifacts.folder.parent.resolve()),
        "fit": artifacts.fit_id,
        "scenarios": {name: scenario.to_dict() for name, scenario in scenarios.items()},
    }
    (folder / JOB).write_text(json.dumps({**job, **given}), encoding="utf-8")
    pool(folder, len(job["shards"]), tell)
