"""``python -m engine bandit``: policies that learn while they show, and what learning costs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.outputs import Output

if TYPE_CHECKING:
    from engine.artifacts import Artifacts
    from engine.online.bandits.arms import ArmTable
    from engine.online.bandits.bandit import Bandit
    from engine.online.bandits.trial import TrialConfig

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "bandit"
KNOWN = "the best single arm, known"
HELP = "let bandits learn on simulated visitors; save what one has learned, and go on from it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``bandit``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--arms", default="genres", help="genres, titles or explanations")
    parser.add_argument("--policy", action="append", help="its name; may be given again (all)")
    parser.add_argument("--visits", type=int, default=5000)
    parser.add_argument("--repetitions", type=int, default=10)
    parser.add_argument("--floor", type=float, default=0.0, help="least chance of every arm")
    parser.add_argument(
        "--new-lift",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="a play of a title of the last year counts as 1 + SHARE plays",
    )
    parser.add_argument("--assume", help="where preferences come from; see simulate")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--log",
        metavar="LOG",
        help="replay policies on a log instead: `kept` with the fit, or a file as for ope",
    )
    parser.add_argument("--resume", type=Path, metavar="FILE", help="go on from a saved state")
    parser.add_argument("--save", type=Output, metavar="OUT", help="write one policy's state there")


def run(arguments: argparse.Namespace) -> int:
    """Learn, print each policy's regret, save the state if asked."""
    from engine.artifacts import open_artifacts
    from engine.commands.bars import ShareBar
    from engine.data import artifact_folder
    from engine.data.naming import name_of
    from engine.online.bandits.arms import arm_table
    from engine.online.bandits.learning_state import packed
    from engine.online.bandits.trial import TrialConfig, run_trial
    from engine.simulate.world import world_of

    artifacts = open_artifacts(artifact_folder(name_of(arguments.data)))
    if arguments.log:
        return _replayed(arguments, artifacts)
    world = world_of(artifacts, arguments.assume)
    table = arm_table(artifacts, world, arguments.arms, new_lift=arguments.new_lift)
    config = TrialConfig(
        steps=arguments.visits,
        runs=arguments.repetitions,
        floor=arguments.floor,
        seed=arguments.seed,
    )
    names, start = _begun(arguments, table, config)
    with ShareBar("Visits") as tell:
        trial = run_trial(table, config, names=names, start=start, tell=tell)
    print(
        f"{config.steps:,} visits, {config.runs} repetitions, {len(table.labels)} {arguments.arms}"
    )
    width = max(map(len, (KNOWN, *trial.regret))) + 1
    for name, values in trial.regret.items():
        last = values[:, -1]
        cost = trial.guard_cost[name].mean()
        floor = f"; {cost:.1f} of it given away by the floor" if config.floor else ""
        print(
            f"{name:{width}}regret {last.mean():9.1f} ({last.min():.1f} to {last.max():.1f}){floor}"
        )
    print(f"{KNOWN:{width}}regret {trial.fixed * config.steps:9.1f}")
    if arguments.save:
        arguments.save.write(packed(names[0], start[names[0]]))
    return 0


def _begun(
    arguments: argparse.Namespace, table: ArmTable, config: TrialConfig
) -> tuple[list[str], dict[str, Bandit]]:
    """Return the policies asked for, and those that begin with what they learned before."""
    from engine.errors import ScenarioError
    from engine.online.bandits.learning_state import load_policy
    from engine.online.bandits.policies import POLICIES
    from engine.online.bandits.trial import fresh_policy

    names = arguments.policy or list(POLICIES)
    unknown = [name for name in names if name not in POLICIES]
    if unknown:
        raise ScenarioError(f"`--policy` must be one of {', '.join(POLICIES)}; got {unknown[0]!r}.")
    if arguments.resume:
        name, policy = load_policy(arguments.resume)
        expected = fresh_policy(name, table, config).sizes
        if policy.sizes != expected:
            raise ScenarioError(
                f"{arguments.resume.name} is of {policy.sizes}, these arms and repetitions of "
                f"{expected}: give those that it was saved with."
            )
        return [name], {name: policy}
    if not arguments.save:
        return names, {}
    if len(names) != 1:
        raise ScenarioError("`--save` keeps one policy: name it with `--policy`.")
    return names, {names[0]: fresh_policy(names[0], table, config)}


def _replayed(arguments: argparse.Namespace, artifacts: Artifacts) -> int:
    """Replay policies on a log, and print what they would have earned."""
    from engine.commands.bars import ShareBar
    from engine.commands.ope import KEPT
    from engine.errors import DataError, ScenarioError
    from engine.online.bandits.replayed import REPLAYED, replay_bandits, replayed_lines
    from engine.online.kept_log import kept_log
    from engine.online.log import read_log
    from engine.online.log_file import read_log_file

    names = arguments.policy or list(REPLAYED)
    unknown = [name for name in names if name not in REPLAYED]
    if unknown:
        raise ScenarioError(f"`--policy` must be one of {', '.join(REPLAYED)}; got {unknown[0]!r}.")
    file = Path(arguments.log)
    is_kept = arguments.log == KEPT
    log = kept_log(artifacts) if is_kept else read_log(read_log_file(file), file.name)
    if log is None:
        raise DataError("The fit keeps no log of what was shown: give a file with --log.")
    with ShareBar("Policies") as tell:
        labels, found = replay_bandits(log, artifacts, names=names, seed=arguments.seed, tell=tell)
    print("\n".join(replayed_lines(labels, found)))
    return 0
