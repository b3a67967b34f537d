"""Sweeps and answers kept as JSON beside the fits that they are about."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from engine.analysis.aims import Aim
from engine.analysis.readings import Readings
from engine.analysis.space import Axis, Space
from engine.analysis.sweep import sweep
from engine.analysis.swept import Mapped, Sweep, SweepConfig
from engine.analysis.trials import Told
from engine.artifacts import Artifacts
from engine.scenario import NEUTRAL, Scenario
from engine.written_beside import write_beside

__all__ = ["kept_sweep", "sweep_from_json", "sweep_key", "sweep_to_json"]

VERSION = 2


def sweep_key(
    artifacts: Artifacts, space: Space, aims: Sequence[str], config: SweepConfig, baseline: Scenario
) -> str:
    """Name what a sweep depends on: data, fit, setting, controls, aims and how it is searched."""
    parts = {
        "version": VERSION,
        "data": artifacts.manifest.get("fingerprint"),
        "fit": artifacts.fit_id,
        "origin": space.origin.to_dict(),
        "axes": [asdict(axis) for axis in space.axes],
        "aims": list(aims),
        "config": asdict(config),
        "baseline": replace(baseline, name="").to_dict(),
    }
    text = json.dumps(parts, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def kept_sweep(
    artifacts: Artifacts,
    space: Space,
    aims: Sequence[str],
    *,
    config: SweepConfig | None = None,
    baseline: Scenario = NEUTRAL,
    tell: Told = lambda _: None,
    show: Callable[[Sweep], None] = lambda _: None,
    only_kept: bool = False,
) -> Sweep | None:
    """Return a sweep from disk, or make and keep it; see :func:`engine.analysis.sweep.sweep`.

    A file that cannot be read counts as none; one that cannot be written is no error: the sweep
    is only made again another time.

    Parameters
    ----------
    only_kept : bool
        Return ``None`` rather than make one.
    """
    config = config or SweepConfig()
    key = sweep_key(artifacts, space, aims, config, baseline)
    path = artifacts.folder.parent / "kept" / f"sweep-{key}.json"
    try:
        return sweep_from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        if only_kept:
            return None
    found = sweep(artifacts, space, aims, config=config, baseline=baseline, tell=tell, show=show)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_beside(path, json.dumps(sweep_to_json(found), allow_nan=False))
    return found


def sweep_to_json(found: Sweep) -> dict[str, Any]:
    """Return a sweep as plain values; undefined numbers are ``None``."""
    return {
        "version": VERSION,
        "aims": [str(aim) for aim in found.aims],
        "controls": [asdict(axis) for axis in found.space.axes],
        "origin": found.space.origin.to_dict(),
        "baseline": found.baseline.to_dict(),
        "n_people": found.n_people,
        "n_sampled": found.n_sampled,
        "n_confirming": found.n_confirming,
        "settings": [_mapped_to_json(mapped) for mapped in found.settings],
    }


def _mapped_to_json(mapped: Mapped) -> dict[str, Any]:
    return {
        "scenario": mapped.scenario.to_dict(),
        "is_confirmed": mapped.is_confirmed,
        "is_on_front": mapped.is_on_front,
        "readings": _readings_to_json(mapped.readings),
        "sampled": None if mapped.sampled is None else _readings_to_json(mapped.sampled),
    }


def _readings_to_json(readings: Readings) -> dict[str, list[float | None]]:
    return {
        name: [None if np.isnan(v) else float(v) for v in getattr(readings, name)]
        for name in ("value", "change", "value_error", "change_error", "n")
    }


def sweep_from_json(given: dict[str, Any]) -> Sweep:
    """Read what :func:`sweep_to_json` returned.

    Raises
    ------
    ValueError, KeyError, TypeError
        It is something else.
    """
    if given["version"] != VERSION:
        raise ValueError(f"a sweep of version {given['version']}")
    axes = tuple(
        Axis(a["name"], tuple(a["values"]), bool(a["is_number"])) for a in given["controls"]
    )
    return Sweep(
        aims=tuple(Aim.parse(text) for text in given["aims"]),
        space=Space(Scenario.from_dict(given["origin"]), axes),
        settings=tuple(_mapped_from_json(one) for one in given["settings"]),
        baseline=Scenario.from_dict(given["baseline"]),
        n_people=int(given["n_people"]),
        n_sampled=int(given["n_sampled"]),
        n_confirming=int(given["n_confirming"]),
    )


def _mapped_from_json(given: dict[str, Any]) -> Mapped:
    sampled = given["sampled"]
    return Mapped(
        Scenario.from_dict(given["scenario"]),
        _readings_from_json(given["readings"]),
        bool(given["is_confirmed"]),
        None if sampled is None else _readings_from_json(sampled),
        bool(given["is_on_front"]),
    )


def _readings_from_json(given: dict[str, list[float | None]]) -> Readings:
    def column(name: str) -> np.ndarray:
        return np.array([np.nan if v is None else v for v in given[name]], dtype=np.float64)

    return Readings(
        column("value"),
        column("change"),
        column("value_error"),
        column("change_error"),
        column("n").astype(np.int64),
    )
