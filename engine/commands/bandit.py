"""``python -m engine bandit``: policies that learn while they show, and what learning costs."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.commands.outputs import Output

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "bandit"
HELP = "let bandits learn on simulated visitors; save what one has learned, and go on from it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``bandit``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--arms", default="genres", help="genres or titles")
    parser.add_argument("--policy", action="append", help="its name; may be given again (all)")
    parser.add_argument("--visits", type=int, default=5000)
    parser.add_argument("--repetitions", type=int, default=10)
    parser.add_argument("--floor", type=float, default=0.0, help="least chance of every arm")
    parser.add_argument("--assume", help="where preferences come from; see simulate")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", type=Path, metavar="FILE", help="go on from a saved state")
    parser.add_argument("--save", type=Output, metavar="OUT", help="write one policy's state there")


def run(arguments: argparse.Namespace) -> int:
    """Learn, print each policy's regret, save the state if asked."""
    from engine.artifacts import open_artifacts
    from engine.commands.bars import ShareBar
    from engine.data import artifact_folder
    from engine.data.naming import name_of
    from engine.errors import ScenarioError
    from engine.online.bandits.arms import arm_table
    from engine.online.bandits.learning_state import load_policy, packed
    from engine.online.bandits.policies import POLICIES
    from engine.online.bandits.trial import TrialConfig, fresh_policy, run_trial
    from engine.simulate.world import world_of

    artifacts = open_artifacts(artifact_folder(name_of(arguments.data)))
    table = arm_table(artifacts, world_of(artifacts, arguments.assume), arguments.arms)
    config = TrialConfig(
        steps=arguments.visits,
        runs=arguments.repetitions,
        floor=arguments.floor,
        seed=arguments.seed,
    )
    names, start = arguments.policy or list(POLICIES), {}
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
        names, start = [name], {name: policy}
    elif arguments.save:
        if len(names) != 1:
            raise ScenarioError("`--save` keeps one policy: name it with `--policy`.")
        start = {names[0]: fresh_policy(names[0], table, config)}
    with ShareBar("Visits") as tell:
        trial = run_trial(table, config, names=names, start=start, tell=tell)
    print(
        f"{config.steps:,} visits, {config.runs} repetitions, {len(table.labels)} {arguments.arms}"
    )
    for name, values in trial.regret.items():
        last = values[:, -1]
        print(f"{name:38}regret {last.mean():9.1f} ({last.min():.1f} to {last.max():.1f})")
    print(f"{'the best single arm, known':38}regret {trial.fixed * config.steps:9.1f}")
    if arguments.save:
        arguments.save.write(packed(names[0], start[names[0]]))
    return 0
