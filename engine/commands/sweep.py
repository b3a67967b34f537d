"""``python -m engine sweep``: a map of two metrics over many settings."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.outputs import Output

if TYPE_CHECKING:
    from engine.analysis.swept import Sweep

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "sweep"
HELP = "map what two metrics could be over many settings, and which of them nothing beats"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``sweep``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument(
        "--controls",
        default="diversity,freshness,calibration,genre_cap",
        help="what may move, separated by commas; a choice is narrowed by NAME=one/two",
    )
    parser.add_argument(
        "--aims",
        default="ndcg,ild",
        help="the axes, then what else to measure: ndcg, ndcg@worst:gender, ndcg@gap:gender, "
        "ndcg@gender=woman",
    )
    parser.add_argument("--scenario", type=Path, help="has all other controls (default: neutral)")
    parser.add_argument("--baseline", type=Path, help="compare with this scenario, not neutral")
    parser.add_argument("--settings", type=int, default=300, help="how many to try")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Output, metavar="OUT", help="write the map there as well")


def run(arguments: argparse.Namespace) -> int:
    """Sweep with progress, print the front, write the JSON if asked."""
    from engine.analysis.kept_sweeps import kept_sweep, sweep_to_json
    from engine.analysis.space import controls_of, idle_sentences, make_space
    from engine.analysis.swept import SweepConfig
    from engine.artifacts import open_artifacts
    from engine.commands.bars import ShareBar
    from engine.commands.inputs import read_scenario
    from engine.data import artifact_folder
    from engine.data.naming import name_of

    artifacts = open_artifacts(artifact_folder(name_of(arguments.data)))
    origin = read_scenario(arguments.scenario)
    baseline = read_scenario(arguments.baseline)
    space = make_space(origin, controls_of(arguments.controls))
    config = SweepConfig(n_settings=arguments.settings, seed=arguments.seed)
    with ShareBar("Settings") as tell:
        aims = arguments.aims.split(",")
        found = kept_sweep(artifacts, space, aims, config=config, baseline=baseline, tell=tell)
    assert found is not None
    idle = idle_sentences(artifacts, space)
    print("\n".join([*_lines(found, artifacts.manifest["title"]), *idle]))
    if arguments.json:
        arguments.json.write_json(sweep_to_json(found))
    return 0


def _lines(found: Sweep, title: str) -> list[str]:
    n_confirmed = sum(mapped.is_confirmed for mapped in found.settings)
    again = f"all {found.n_people:,}"
    if found.n_confirming < found.n_people:
        again = f"{found.n_confirming:,} of {found.n_people:,}"
    lines = [
        f"{title}: {len(found.settings)} settings on {found.n_sampled:,} people, {n_confirmed} of "
        f"them measured on {again}. The front, nothing beats these in both; brackets "
        "hold 95 % intervals of the change from the baseline, over the same people.",
        "   ".join(f"{aim.words:>34}" for aim in found.aims),
    ]
    for mapped in found.front:
        read = mapped.readings
        cells = [
            f"{v:.4f} ({c:+.4f} [{c - 1.96 * e:+.4f}, {c + 1.96 * e:+.4f}])"
            for v, c, e in zip(read.value, read.change, read.change_error, strict=True)
        ]
        moved = [f"{axis.name} {_shown(mapped, axis.name)}" for axis in found.space.axes]
        lines.append("   ".join(f"{cell:>34}" for cell in cells) + "   " + ", ".join(moved))
    return lines


def _shown(mapped: object, name: str) -> str:
    from engine.analysis.space import CAP
    from engine.analysis.swept import Mapped

    assert isinstance(mapped, Mapped)
    if name == CAP:
        caps = [c for c in mapped.scenario.caps if c.kind == "genre" and c.value is None]
        return f"{caps[-1].at_most} in {caps[-1].top}" if caps else "none"
    value = getattr(mapped.scenario, name)
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)
