"""``python -m engine fit``: fit a data set anew and say how good it is."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.fit_options import add_fit_options, config_of, kept_as
from engine.data.wording import counted

if TYPE_CHECKING:
    from engine.data import Dataset
    from engine.fit_config import FitConfig
    from engine.manifest import Quality

__all__ = ["HELP", "NAME", "add_arguments", "fit_and_report", "run"]

NAME = "fit"
SECONDS_AT_LEAST, SECONDS_PER_MILLION = 25, 100
"""As measured; see "How fast it is" in the README."""

HELP = "fit the pipeline for a data set and print how well it finds what was held out"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``fit``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--out", type=Path, help="artifact directory (default: by the data's name)")
    parser.add_argument("--liked", type=float, help="values from here on count as liked")
    parser.add_argument("--seed", type=int, default=0, help="of every random choice (default: 0)")
    parser.add_argument("--steps", action="store_true", help="progress as lines of JSON")
    parser.add_argument(
        "--towards",
        metavar="FIT",
        help="with --stay: the fit whose ranker is meant, by its name or folder (default: the one "
        "that this fit takes the place of, or else the usual one of the data)",
    )
    add_fit_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Load, fit and report."""
    from engine.artifact_format import CURRENT
    from engine.data import artifact_folder, load_dataset
    from engine.data.naming import name_of

    config = config_of(arguments, seed=arguments.seed)
    dataset = load_dataset(arguments.data, liked=arguments.liked)
    name = kept_as(name_of(arguments.data), config)
    out = arguments.out or artifact_folder(name)
    usual = artifact_folder(name_of(arguments.data))
    towards = out if (out / CURRENT).is_file() else usual
    if arguments.towards:
        given = Path(arguments.towards)
        towards = given if given.is_dir() else artifact_folder(arguments.towards)
    fit_and_report(dataset, out, config, as_lines=arguments.steps, towards=towards)
    return 0


def fit_and_report(
    dataset: Dataset,
    out: Path,
    config: FitConfig,
    *,
    as_lines: bool = False,
    towards: Path | None = None,
) -> None:
    """Fit with a progress bar per stage, then print the table of quality and what was read."""
    from engine.artifacts import open_artifacts
    from engine.commands.bars import StageBars
    from engine.commands.outputs import check_folder
    from engine.commands.step_lines import StepLines
    from engine.data.free_text import text_notes
    from engine.data.provenance import PROVENANCES
    from engine.data.wording import left_out
    from engine.fit import fit
    from engine.fit_words import reading_sentences, split_sentence
    from engine.group_words import group_lines
    from engine.objective_words import objective_lines

    check_folder(out)
    drops = (drop.sentence for drop in dataset.drops)
    for sentence in (*dataset.notes, *text_notes(dataset.items), *drops):
        print(sentence)
    print(_patience(len(dataset.interactions)), flush=True)
    with StepLines() if as_lines else StageBars() as bars:
        fit(dataset, out, config=config, on_stage=bars, towards=towards)
    manifest = open_artifacts(out).manifest
    print(f"\n{dataset.title}. {PROVENANCES[dataset.provenance].sentence}")
    print(_quality_table(manifest["metrics"]["quality"]))
    for name, gain in manifest["metrics"]["gains"].items():
        if gain["half_width"] is not None:
            said = f"{gain['difference']:+.4f} ± {gain['half_width']:.4f}"
            print(f"full pipeline against {name}, person by person: {said} NDCG@10")
    for said in (*objective_lines(manifest), *group_lines(manifest)):
        print(said)
    print("± is half of the 95 % interval over people; other seeds move a figure far less.")
    print(split_sentence(manifest))
    for drop in manifest["drops"][len(dataset.drops) :]:
        print(left_out(**drop))
    for name, reason in manifest["metrics"]["left_out"].items():
        if name in config.sources.options:
            print(f"The source {name} was left out: {reason}.")
    print("\n".join(reading_sentences(manifest)))
    print(f"Fitted in {sum(manifest['timings'].values()):.1f} s: {out}")


def _patience(n_interactions: int) -> str:
    """Say how long a fit of so many interactions takes, and how to stop it."""
    seconds = SECONDS_AT_LEAST + SECONDS_PER_MILLION * n_interactions / 1e6
    span = f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
    return (
        f"Fitting {counted(n_interactions, 'interaction')}: about {span} on two free cores, and "
        "half a minute more where it never ran before. Ctrl+C stops it and changes nothing."
    )


def _quality_table(quality: Quality) -> str:
    lines = [f"{'':28}{'NDCG@10':>16}{'recall@200':>16}{'people':>9}"]
    for name, row in quality.items():
        ndcg = _with_half_width(row["ndcg_at_10"], row["ndcg_half_width"])
        recall = _with_half_width(row["recall_at_200"], row["recall_half_width"])
        lines.append(f"{name:28}{ndcg:>16}{recall:>16}{row['n']:>9,}")
    return "\n".join(lines)


def _with_half_width(value: float | None, half: float | None) -> str:
    if value is None:
        return "undefined"
    return f"{value:.4f}" + ("" if half is None else f" ± {half:.4f}")
