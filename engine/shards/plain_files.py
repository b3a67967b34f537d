"""What goes between the processes, as arrays in files: what was solved for, and sums."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.metrics.groups import GroupTable
from engine.metrics.item_groups import ItemGroups
from engine.metrics.kernels.exposure_blocks import Exposure
from engine.metrics.sums import Sums
from engine.reranking import Lists, RerankPlan
from engine.reranking.group_lift import GroupLift, Solved

__all__ = ["read_lists", "read_solved", "read_sums", "write_lists_part", "write_solved"]
__all__ += ["write_sums"]

Arrays = dict[str, NDArray[Any]]

TABLES = ("now", "before", "change")
BLOCKS = ("blocks", "baseline_blocks")


def write_solved(path: Path, plan: RerankPlan) -> None:
    """Write what of a plan hangs on everyone."""
    group = plan.group
    told = json.dumps({"solved": group.solved, "levels": list(group.levels)})
    np.savez(
        path,
        shares=plan.problem.shares,
        is_in=group.is_in,
        lift=group.lift,
        floors=group.floors,
        told=np.array(told),
    )


def read_solved(path: Path) -> Solved:
    """Read what :func:`write_solved` wrote."""
    given = _read(path)
    told = json.loads(str(given["told"]))
    group = GroupLift(
        given["is_in"], given["lift"], given["floors"], told["solved"], tuple(told["levels"])
    )
    shares = given["shares"]
    shares.setflags(write=False)
    return Solved(shares, group)


def write_sums(path: Path, sums: Sums) -> None:
    """Write the sums of some people; what is alike for all stays with who asked for them."""
    out: Arrays = {}
    for name in TABLES:
        out |= _columns(name, getattr(sums, name), skip=("names", "is_difference"))
    for name in BLOCKS:
        out |= _columns(name, getattr(sums, name))
    out["target"] = sums.target
    out["aims"] = np.array(json.dumps(sums.aims))
    np.savez(path, **out)  # type: ignore[arg-type]


def read_sums(path: Path, names: tuple[str, ...], groups: ItemGroups) -> Sums:
    """Read what :func:`write_sums` wrote, for the metrics and item groups that it was of."""
    given = _read(path)

    def table(name: str) -> GroupTable:
        columns = _of(name, given)
        return GroupTable(names, **columns, is_difference=name == "change")

    def exposure(name: str) -> Exposure:
        columns = _of(name, given)
        return Exposure(**{**columns, "k": int(columns["k"])})  # type: ignore[arg-type]

    now, before, change = map(table, TABLES)
    blocks, of_baseline = map(exposure, BLOCKS)
    return Sums(
        now,
        before,
        change,
        blocks,
        of_baseline,
        groups,
        given["target"],
        json.loads(str(given["aims"])),
    )


def write_lists_part(path: Path, lists: Lists) -> None:
    """Write some people's lists."""
    np.savez(path, **_columns("lists", lists))  # type: ignore[arg-type]


def read_lists(paths: list[Path]) -> Lists:
    """Read lists that :func:`write_lists_part` wrote, one part under the other."""
    parts = [_of("lists", _read(path)) for path in paths]
    return Lists(**{name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _columns(name: str, record: Any, skip: tuple[str, ...] = ()) -> Arrays:
    kept = (field.name for field in fields(record) if field.name not in skip)
    return {f"{name}.{field}": np.asarray(getattr(record, field)) for field in kept}


def _of(name: str, given: Arrays) -> Arrays:
    start = f"{name}."
    return {key.removeprefix(start): value for key, value in given.items() if key.startswith(start)}


def _read(path: Path) -> Arrays:
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}
