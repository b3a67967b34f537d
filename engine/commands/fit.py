"""``python -m engine fit``: fit a data set anew and say how good it is."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.data import Dataset
    from engine.manifest import Quality

__all__ = ["HELP", "NAME", "add_arguments", "fit_and_report", "run"]

NAME = "fit"
HELP = "fit the pipeline for a data set and print how well it finds what was held out"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``fit``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--out", type=Path, help="artifact directory (default: by the data's name)")
    parser.add_argument("--liked", type=float, help="values from here on count as liked")
    parser.add_argument("--seed", type=int, default=0, help="of every random choice (default: 0)")


def run(arguments: argparse.Namespace) -> int:
    """Load, fit and report."""
    from engine.data import artifact_folder, load_dataset
    from engine.data.naming import name_of

    dataset = load_dataset(arguments.data, liked=arguments.liked)
    out = arguments.out or artifact_folder(name_of(arguments.data))
    fit_and_report(dataset, out, seed=arguments.seed)
    return 0


def fit_and_report(dataset: Dataset, out: Path, *, seed: int = 0) -> None:
    """Fit with a progress bar per stage, then print the table of quality."""
    from engine.artifacts import open_artifacts
    from engine.commands.stage_bars import StageBars
    from engine.data.provenance import PROVENANCES
    from engine.fit import fit
    from engine.fit_config import FitConfig

    for drop in dataset.drops:
        print(f"Left out of {drop.file}: {drop.n_rows:,} rows ({drop.column}): {drop.reason}.")
    with StageBars() as bars:
        fit(dataset, out, config=FitConfig(seed=seed), on_stage=bars)
    manifest = open_artifacts(out).manifest
    print(f"\n{dataset.title}. {PROVENANCES[dataset.provenance].sentence}")
    print(_quality_table(manifest["metrics"]["quality"]))
    print(f"Fitted in {sum(manifest['timings'].values()):.1f} s: {out}")


def _quality_table(quality: Quality) -> str:
    lines = [f"{'':28}{'NDCG@10':>10}{'recall@200':>12}{'people':>9}"]
    for name, row in quality.items():
        ndcg, recall = (
            "undefined" if row[key] is None else f"{row[key]:.4f}"
            for key in ("ndcg_at_10", "recall_at_200")
        )
        lines.append(f"{name:28}{ndcg:>10}{recall:>12}{row['n']:>9,}")
    return "\n".join(lines)
