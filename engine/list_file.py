"""Everybody's lists as one Parquet file: block by block, and from where it was stopped.

The lists are those of the page: the plan (what item fairness solves for, say) is made once, from
everyone, and a person's list depends on nothing else. Each block is a file of its own, written
whole or not at all; they are joined at the end, one block in memory at a time.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.list_table import list_table
from engine.reranking import Lists, RerankPlan, prepare
from engine.reranking.ledger import ledger_of
from engine.scenario import Scenario
from engine.written_beside import write_beside

__all__ = ["BLOCK", "Written", "list_block", "write_block", "write_lists"]

BLOCK = 500
"""People whose lists are in memory at once."""

Work = Callable[[Sequence[int], Path, Callable[[float], None]], None]
"""Makes the blocks of those numbers in a folder, and tells the share done."""

JOB = "job.json"
NOT_THERE = 0
"""Rank at a stage that did not hold the item."""


@dataclass(frozen=True)
class Written:
    """What was written: rows, people, and blocks that an earlier run had left."""

    n_rows: int
    n_people: int
    n_resumed: int


def write_lists(
    artifacts: Artifacts,
    scenario: Scenario,
    path: Path,
    *,
    with_reasons: bool = True,
    block: int = BLOCK,
    work: Work | None = None,
    tell: Callable[[float], None] = lambda _share: None,
) -> Written:
    """Write everybody's list; what an earlier run of the same had done is kept.

    Parameters
    ----------
    artifacts : Artifacts
    scenario : Scenario
    path : Path
        Of the Parquet file. Blocks stand in ``.NAME.parts`` beside it until all are done.
    with_reasons : bool
        Say why each item moved, which takes some ten milliseconds a person.
    block : int
        People at once.
    work : callable, optional
        Makes the blocks that are not there yet, in place of this process.
    tell : callable
        Hears the share done; may raise to stop, and the next run goes on from there.

    Returns
    -------
    Written

    Raises
    ------
    ScenarioError, ScoreError, OSError
    """
    plan = prepare(artifacts, replace(scenario, name=""))
    parts = path.resolve().with_name(f".{path.name}.parts")
    _same_job(parts, _job(artifacts, scenario, with_reasons, block))
    n_blocks = -(-artifacts.n_users // block)
    lacking = [at for at in range(n_blocks) if not _part(parts, at).exists()]

    def here(lacking: Sequence[int], parts: Path, tell: Callable[[float], None]) -> None:
        for done, at in enumerate(lacking, start=1):
            write_block(artifacts, plan, parts, at, block, with_reasons)
            tell(done / len(lacking))

    (work or here)(lacking, parts, lambda share: tell(0.99 * share))
    n_rows = _join([_part(parts, at) for at in range(n_blocks)], path)
    shutil.rmtree(parts)
    tell(1.0)
    return Written(n_rows, artifacts.n_users, n_blocks - len(lacking))


def write_block(
    artifacts: Artifacts, plan: RerankPlan, parts: Path, at: int, block: int, with_reasons: bool
) -> None:
    """Write the lists of the block ``at`` of ``block`` people where they are gathered."""
    users = np.arange(at * block, min((at + 1) * block, artifacts.n_users))
    _put(_part(parts, at), list_block(artifacts, plan, users, with_reasons=with_reasons))


def _part(parts: Path, at: int) -> Path:
    return parts / f"{at:06}.parquet"


def list_block(
    artifacts: Artifacts, plan: RerankPlan, users: NDArray[np.integer], *, with_reasons: bool
) -> pd.DataFrame:
    """Return the lists of some people: a row a place.

    Columns of :func:`engine.list_table.list_table`, then ``score`` (the ranker's), the ranks at
    the stages before (``rank_retrieved``, ``rank_filtered``; 0 where the stage did not hold it)
    and, if asked for, ``reason`` (the part that moved it; empty where nothing did) and
    ``reason_words``.
    """
    lists = plan.run(users)
    frame = list_table(artifacts, lists, users)
    row, place = np.nonzero(lists.items >= 0)
    who, items = users[row], lists.items[row, place]
    frame["score"] = artifacts.scores[who, lists.positions[row, place]]
    for stage in ("retrieved", "filtered"):
        frame[f"rank_{stage}"] = _ranks(getattr(artifacts, stage), users, row, items)
    if with_reasons:
        frame["reason"], frame["reason_words"] = _reasons(plan, users, lists)
    return frame


def _ranks(
    stage: NDArray[np.int32],
    users: NDArray[np.integer],
    row: NDArray[np.integer],
    items: NDArray[np.int32],
) -> NDArray[np.int32]:
    """Return where each item stood, from 1, in the stage's row of its person."""
    found = np.full(len(items), NOT_THERE, np.int32)
    ends = np.searchsorted(row, np.arange(len(users) + 1)).tolist()
    for at, user in enumerate(users.tolist()):
        own = slice(ends[at], ends[at + 1])
        is_same = items[own][:, None] == stage[user][None, :]
        found[own] = np.where(is_same.any(axis=1), is_same.argmax(axis=1) + 1, NOT_THERE)
    return found


def _reasons(
    plan: RerankPlan, users: NDArray[np.integer], lists: Lists
) -> tuple[list[str], list[str]]:
    reasons: list[str] = []
    words: list[str] = []
    for at, user in enumerate(users.tolist()):
        entries = {entry.item: entry for entry in ledger_of(plan, user).entries}
        for item in lists.items[at][lists.items[at] >= 0].tolist():
            reasons.append(str(entries[item].reason or ""))
            words.append(entries[item].text)
    return reasons, words


def _job(artifacts: Artifacts, scenario: Scenario, with_reasons: bool, block: int) -> str:
    told = {
        "fit": artifacts.fit_id,
        "data": artifacts.manifest["fingerprint"],
        "scenario": replace(scenario, name="").to_dict(),
        "with_reasons": with_reasons,
        "block": block,
    }
    return json.dumps(told, sort_keys=True)


def _same_job(parts: Path, job: str) -> None:
    """Keep the blocks of an earlier run of the same job; those of another are of no use."""
    note = parts / JOB
    if note.exists() and note.read_text(encoding="utf-8") == job:
        return
    shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir(parents=True)
    write_beside(note, job)


def _put(part: Path, frame: pd.DataFrame) -> None:
    beside = part.with_name(f"{part.name}.{secrets.token_hex(4)}.part")
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), beside)
    os.replace(beside, part)


def _join(parts: list[Path], path: Path) -> int:
    """Join the blocks, a row group each; what was at ``path`` stays until all is there."""
    beside = path.resolve().with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    n_rows = 0
    try:
        schema = pq.read_schema(parts[0])
        with pq.ParquetWriter(beside, schema) as writer:
            for part in parts:
                block = pq.read_table(part, schema=schema)
                writer.write_table(block)
                n_rows += block.num_rows
        os.replace(beside, path.resolve())
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return n_rows
