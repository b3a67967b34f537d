"""``python -m engine ope``: what a setting would have earned, from a log."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.outputs import Output

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.artifacts import Artifacts
    from engine.online.answers import Answer
    from engine.online.log import Log
    from engine.scenario import Scenario

    Find = Callable[[argparse.Namespace, Artifacts, Scenario, str], tuple[Answer, list[str]]]

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "ope"
KEPT, SIMULATED = "kept", "simulated"
HELP = "estimate what a setting would have earned, from a log of what was shown"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``ope``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--scenario", type=Path, help="the setting (default: neutral)")
    parser.add_argument(
        "--baseline",
        type=Path,
        help="beside what the setting stands; a simulated log is of its lists (default: neutral)",
    )
    parser.add_argument(
        "--log",
        help="`kept`: the log that the fit keeps (the default where real data have one); "
        "`simulated`; the folder of `serve --log`; or a CSV, Parquet or JSON lines file with "
        "user_id, item_id, event, position, propensity and, where known, timestamp, policy, slate, "
        "seconds",
    )
    parser.add_argument("--temperature", type=float, default=0.5, help="of the setting's policy")
    parser.add_argument("--visits", type=int, default=20_000, help="of the simulated log")
    parser.add_argument(
        "--attention", default="position", help="in the simulated log; see simulate"
    )
    parser.add_argument("--assume", help="preferences of the simulated log; see simulate")
    parser.add_argument("--by", help="attribute of the groups (default: the first)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Output, metavar="OUT", help="write the answer there")


def run(arguments: argparse.Namespace) -> int:
    """Estimate and print, support first; status 1 where the log cannot answer."""
    from engine.artifacts import open_artifacts
    from engine.commands.inputs import read_scenario
    from engine.data import artifact_folder
    from engine.data.naming import name_of
    from engine.errors import ScenarioError
    from engine.online.answer_words import answer_lines, answer_to_json

    artifacts = open_artifacts(artifact_folder(name_of(arguments.data)))
    scenario = read_scenario(arguments.scenario)
    by = arguments.by or next(iter(artifacts.attributes))
    if by not in artifacts.attributes:
        raise ScenarioError(
            f"`--by` must be one of {', '.join(artifacts.attributes)}; got {by!r:.60}."
        )
    find = _found(arguments.log, artifacts)
    answer, notes = find(arguments, artifacts, scenario, by)
    print("\n".join([*notes, *answer_lines(answer)]))
    if arguments.json:
        arguments.json.write_json({"notes": notes, **answer_to_json(answer)})
    return 1 if answer.support.refusal else 0


def _found(asked: str | None, artifacts: Artifacts) -> Find:
    """Return what reads the log that is asked for."""
    from engine.online.kept_log import has_kept_log

    if asked is None:
        is_own = artifacts.manifest["provenance"] != "simulated" and has_kept_log(artifacts)
        asked = KEPT if is_own else SIMULATED
    return {KEPT: _from_fit, SIMULATED: _simulated}.get(asked, _from_file)


def _from_fit(
    arguments: argparse.Namespace, artifacts: Artifacts, scenario: Scenario, by: str
) -> tuple[Answer, list[str]]:
    from engine.errors import DataError
    from engine.online.kept_log import kept_log

    log = kept_log(artifacts)
    if log is None:
        raise DataError(
            f"{artifacts.manifest['title']} was fitted without a log of what was shown: give its "
            "interactions `event`, `position` and `propensity` and fit again, or a file with --log."
        )
    return _answered(arguments, log, artifacts, scenario, by)


def _from_file(
    arguments: argparse.Namespace, artifacts: Artifacts, scenario: Scenario, by: str
) -> tuple[Answer, list[str]]:
    from engine.online.log import read_log
    from engine.online.log_file import read_log_file

    file = Path(arguments.log)
    log = read_log(read_log_file(file), file.name)
    return _answered(arguments, log, artifacts, scenario, by)


def _answered(
    arguments: argparse.Namespace, log: Log, artifacts: Artifacts, scenario: Scenario, by: str
) -> tuple[Answer, list[str]]:
    from engine.commands.inputs import read_scenario
    from engine.online.given_log import answer_log
    from engine.online.log_words import log_lines

    base = read_scenario(arguments.baseline)
    answer, notes = answer_log(artifacts, log, scenario, arguments.temperature, by, base)
    return answer, [*log_lines(log, artifacts, by), *notes]


def _simulated(
    arguments: argparse.Namespace, artifacts: Artifacts, scenario: Scenario, by: str
) -> tuple[Answer, list[str]]:
    from dataclasses import replace

    from engine.commands.inputs import read_scenario
    from engine.online.earned import earned
    from engine.online.experiment import DesignConfig, design_of, simulate_log
    from engine.simulate.world import ASSUMPTIONS, world_of

    config = DesignConfig(
        visits=arguments.visits,
        temperature=arguments.temperature,
        attention=arguments.attention,
        seed=arguments.seed,
    )
    world = world_of(artifacts, arguments.assume)
    given = read_scenario(arguments.baseline)
    baseline = replace(given, k=scenario.k)
    design = design_of(artifacts, world, baseline, scenario, config)
    note = (
        f"A simulated log: {config.visits:,} lists of {config.places} titles, drawn from the "
        f"{config.pool} that the baseline or the setting puts first, by the baseline's ranks "
        f"(temperature {config.logging_temperature:g}); preferences: "
        f"{ASSUMPTIONS[world.assumption].label.lower()}."
    )
    return earned(artifacts, simulate_log(design), by), [note]
