"""``python -m engine simulate``: what happens if a setting runs for a year."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.outputs import Output

if TYPE_CHECKING:
    from engine.artifacts import Artifacts

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "simulate"
HELP = "run a setting and the baseline through rounds of lists, plays and learning"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``simulate``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--scenario", type=Path, help="the setting (default: neutral)")
    parser.add_argument("--baseline", type=Path, help="what it is held against (default: neutral)")
    parser.add_argument(
        "--explore", type=int, default=0, metavar="N", help="exploration places of the setting"
    )
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--refit-every", type=int, default=10, metavar="ROUNDS")
    parser.add_argument(
        "--attention",
        default="position",
        help="position, cascade, everything, neighbours (of one genre take plays from each other), "
        "or log: as the fit's log of what was shown says",
    )
    parser.add_argument(
        "--assume",
        help="where preferences come from: true (simulated data), estimated, 'popular because "
        "shown', 'popular because liked'",
    )
    parser.add_argument("--by", help="attribute of the gap (default: the first)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Output, metavar="OUT", help="write every round there")
    parser.add_argument(
        "--clicks",
        type=Output,
        metavar="OUT",
        help="instead of a year, one list of 30 for each person and what is clicked in it, as CSV",
    )


def run(arguments: argparse.Namespace) -> int:
    """Simulate with progress, print where the two part, write the JSON if asked."""
    from dataclasses import replace

    from engine.artifacts import open_artifacts
    from engine.commands.bars import ShareBar
    from engine.commands.inputs import read_scenario
    from engine.data import artifact_folder
    from engine.data.naming import name_of
    from engine.errors import ScenarioError
    from engine.simulate.fork import partings
    from engine.simulate.loop import run_year
    from engine.simulate.loop_config import Arm, LoopConfig
    from engine.simulate.year_words import assumed, parting_words, year_to_json

    artifacts = open_artifacts(artifact_folder(name_of(arguments.data)))
    if arguments.clicks:
        return _clicks(arguments, artifacts)
    scenario = read_scenario(arguments.scenario)
    baseline = read_scenario(arguments.baseline)
    by = arguments.by or next(iter(artifacts.attributes))
    if by not in artifacts.attributes:
        raise ScenarioError(
            f"`--by` must be one of {', '.join(artifacts.attributes)}; got {by!r:.60}."
        )
    config = LoopConfig(
        rounds=arguments.rounds,
        seeds=arguments.repetitions,
        refit_every=arguments.refit_every,
        attention=arguments.attention,
        assumption=arguments.assume,
        first_seed=arguments.seed,
    )
    arms = (
        Arm("Baseline", replace(baseline, k=scenario.k)),
        Arm("Your setting", scenario, arguments.explore),
    )
    with ShareBar("Rounds") as tell:
        year = run_year(artifacts, arms, config, tell=tell)
    title = artifacts.manifest["title"]
    print(f"{title}: {config.rounds} rounds, the last fifth of them, baseline → setting.")
    for line in (*map(parting_words, partings(year, 1, by)), *assumed(year)):
        print(line)
    if arguments.json:
        arguments.json.write_json(year_to_json(year, by))
    return 0


def _clicks(arguments: argparse.Namespace, artifacts: Artifacts) -> int:
    """Write a log of long lists."""
    from engine.simulate.click_log import click_log, click_table
    from engine.simulate.world import ASSUMPTIONS, world_of

    world = world_of(artifacts, arguments.assume)
    log = click_log(artifacts, world, attention=arguments.attention, seed=arguments.seed)
    arguments.clicks.write(click_table(artifacts, log).to_csv(index=False))
    print(
        f"A simulated log: {len(log.items):,} lists of {log.items.shape[1]} titles, "
        f"{int(log.is_clicked.sum()):,} clicks. It rests on: "
        f"{ASSUMPTIONS[world.assumption].words}."
    )
    return 0
