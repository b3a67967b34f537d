"""``python -m engine evaluate``: what a scenario does, in the figures that the dashboard shows."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands import several
from engine.commands.outputs import Output

if TYPE_CHECKING:
    from engine.evaluation import Evaluation
    from engine.evaluation_json import Reported
    from engine.reranking import ControlNote
    from engine.shards.drive import ShardedEvaluation

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "evaluate"
HELP = "measure a scenario for everyone, against the ranker's own order"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``evaluate``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--scenario", type=Path, help="a scenario file (default: neutral)")
    parser.add_argument("--baseline", type=Path, help="compare with this scenario, not neutral")
    several.add_arguments(parser)
    parser.add_argument(
        "--json", type=Output, metavar="OUT", help="write the figures there as well"
    )


def run(arguments: argparse.Namespace) -> int:
    """Open the fit, evaluate, print, and write the JSON if asked."""
    from engine.artifacts import open_artifacts
    from engine.commands.inputs import read_scenario
    from engine.controls import CONTROLS
    from engine.data import artifact_folder
    from engine.data.naming import name_of
    from engine.evaluation import evaluate_scenario, to_json
    from engine.fit_words import liked_words, reading_sentences, split_caveat
    from engine.reranking import control_notes
    from engine.shards.drive import evaluate_in_shards

    artifacts = open_artifacts(artifact_folder(name_of(arguments.data)))
    scenario = read_scenario(arguments.scenario)
    baseline = read_scenario(arguments.baseline) if arguments.baseline else None
    evaluation: Evaluation | ShardedEvaluation
    pool = several.pool_of(arguments)
    if pool is None:
        evaluation = evaluate_scenario(artifacts, scenario, baseline=baseline)
    else:
        evaluation = evaluate_in_shards(
            artifacts, scenario, arguments.shards, baseline=baseline, pool=pool
        )
    print("\n".join(_lines(evaluation, artifacts.manifest["title"])))
    notes = control_notes(artifacts, scenario, evaluation.lists)
    for note in notes.values():
        if note.words:
            print(f"{CONTROLS[note.control].label}: {note.words}")
    print(f"{liked_words(artifacts.manifest)}.")
    print(split_caveat(artifacts.manifest))
    print(reading_sentences(artifacts.manifest)[0])
    if arguments.json:
        report = to_json(evaluation, artifacts.manifest)
        controls = {name: _facts(note) for name, note in notes.items()}
        arguments.json.write_json(report | {"controls": controls})
    return 0


def _facts(note: ControlNote) -> dict[str, Any]:
    """Return what is known of a control, for JSON: None where a figure is undefined."""
    from engine.table_json import plain

    facts = asdict(note)
    cost = facts.pop("cost") or {}
    return facts | {"cost": {name: plain(value) for name, value in cost.items()} or None}


def _lines(evaluation: Reported, title: str) -> list[str]:
    from engine.metrics.registry import METRICS

    scenario, baseline = evaluation.scenario, evaluation.baseline_scenario
    assert scenario is not None
    assert baseline is not None
    lines = [
        f"{title}: {evaluation.n_users:,} people, lists of {scenario.k}. Changes are from "
        f"{'the ranker order' if baseline.is_neutral else 'the baseline'}, over the same people; "
        "brackets hold 95 % intervals. Verdicts and the intervals of changes are corrected for "
        "looking at many metrics (Holm).",
        f"{'':28}{'value':>10}  {'interval':^21}{'people':>8}{'change':>11}  {'interval':^21}",
    ]
    for name, figure in evaluation.figures.items():
        if figure.reason:
            lines.append(f"{METRICS[name].label:28}{'undefined':>10}  {figure.reason}")
            continue
        change, word = f"{figure.difference:+.4f}", str(figure.verdict)
        if figure.overshoot:
            word = f"{word} ({figure.overshoot})"
        if figure.difference != figure.difference:
            change, word = "-", f"{figure.verdict}: {figure.change_reason}"
        lines.append(
            f"{METRICS[name].label:28}{figure.value:>10.4f}  "
            f"{_interval(figure.low, figure.high)}{figure.n:>8,}{change:>11}  "
            f"{_interval(figure.difference_low, figure.difference_high)} {word}".rstrip()
        )
    return lines


def _interval(low: float, high: float) -> str:
    return f"{f'[{low:.4f}, {high:.4f}]' if low == low else '':^21}"
