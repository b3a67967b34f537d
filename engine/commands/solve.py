"""``python -m engine solve``: the most of a metric that keeps limits, shown on other people."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.commands.outputs import Output

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "solve"
HELP = "find the setting with most of a metric that keeps limits, and show that it keeps them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``solve``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--most", required=True, help="what to have most of: ild, aplt, …")
    parser.add_argument("--least", action="store_true", help="have least of it instead")
    parser.add_argument(
        "--such-that",
        action="append",
        default=[],
        metavar="LIMIT",
        help="'ndcg loss <= 1%%', 'ndcg loss <= 2%% for every gender', 'aplt >= 20%%', "
        "'top_item_share <= 40%%'; may be given again",
    )
    parser.add_argument("--controls", default="diversity,freshness,calibration")
    parser.add_argument("--scenario", type=Path, help="has all other controls (default: neutral)")
    parser.add_argument("--baseline", type=Path, help="compare with this scenario, not neutral")
    parser.add_argument("--confidence", type=float, default=0.95)
    parser.add_argument("--confirm", choices=("half", "everyone"), default="half")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save", type=Output, metavar="OUT", help="write the scenario found there")
    parser.add_argument("--json", type=Output, metavar="OUT", help="write the answer there")


def run(arguments: argparse.Namespace) -> int:
    """Search, print the answer, write what was asked for; status 1 where there is none."""
    from engine.analysis.answer import answer_lines, answer_to_json
    from engine.analysis.goal import SolveConfig
    from engine.analysis.solve import solve
    from engine.analysis.space import controls_of, idle_sentences, make_space
    from engine.artifacts import open_artifacts
    from engine.commands.bars import ShareBar
    from engine.commands.inputs import read_scenario
    from engine.data import artifact_folder
    from engine.data.naming import name_of

    artifacts = open_artifacts(artifact_folder(name_of(arguments.data)))
    origin = read_scenario(arguments.scenario)
    baseline = read_scenario(arguments.baseline)
    space = make_space(origin, controls_of(arguments.controls))
    config = SolveConfig(
        confidence=arguments.confidence, confirm=arguments.confirm, seed=arguments.seed
    )
    with ShareBar("Settings") as tell:
        found = solve(
            artifacts,
            space,
            arguments.most,
            arguments.such_that,
            least=arguments.least,
            config=config,
            baseline=baseline,
            tell=tell,
        )
    print("\n".join([*answer_lines(found), *idle_sentences(artifacts, space)]))
    best = found.shown or found.estimated
    if arguments.json:
        arguments.json.write_json(answer_to_json(found))
    if arguments.save and best:
        arguments.save.write(best.scenario.to_json())
    return 0 if best else 1
