"""PRM, DLCM and trees re-scored over the same lists, with the parts of PRM taken out one by one.

Usage: ``python -m tests.benchmarks prm [--seeds N] [--test]`` (1 seed, labels alone). All but the
test is measured on labels of people that neither stage was taught by; settings are chosen there.
The test fits the whole pipeline with and without PRM and looks at the held-out likes, once.

It runs in pieces, see :mod:`tests.benchmarks.pieces`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from engine.fit_config import FitConfig
from engine.fit_moment import fitted_moment
from engine.held_out import is_in_rows, ndcg_at
from engine.pipeline.lists import serve_everybody
from engine.pipeline.second.out_of_fold import scored_out_of_fold, weighed
from engine.pipeline.second.registry import SECONDS
from engine.pipeline.second.stage import SecondConfig
from engine.pipeline.second.staged import Staged
from tests.benchmarks.paper_figures import (
    FIGURES,
    beside,
    figures,
    gain_words,
    in_order,
    over_seeds,
    print_rows,
)
from tests.benchmarks.pieces import Arrays, Piece, file_of, measured_folder, read_pieces, run_pieces
from tests.benchmarks.taught_world import LAMBDAMART, World, lists_of, read_lists

FIRST = {"LambdaMART": LAMBDAMART, "the usual blend": FitConfig.rankers}
ROWS = {
    "trees re-scored": ("trees", {}),
    "DLCM": ("dlcm", {}),
    "PRM-BASE": ("prm", {}),
    "PRM random vectors": ("prm_personal", {"pretrained": False}),
    "PRM pre-trained vectors": ("prm_personal", {}),
}
ABLATIONS = {
    "PRM (1 block, 2 heads)": {},
    "no place vectors": {"has_places": False},
    "no residual": {"has_residual": False},
    "no dropout": {"dropout": 0.0},
    "no distances": {"has_distances": False},
    "2 blocks": {"blocks": 2},
    "3 blocks": {"blocks": 3},
    "4 blocks": {"blocks": 4},
    "5 blocks": {"blocks": 5},
    "6 blocks": {"blocks": 6},
    "1 head": {"heads": 1},
    "3 heads": {"heads": 3},
    "4 heads": {"heads": 4},
}
BESIDE = "{} beside it"
TESTED = "PRM random vectors"
"""The best row beside LambdaMART on the labels of five seeds."""


def row(lists: Path, stage: str, change: dict, seed: int) -> Arrays:
    """Score everybody out of fold: figures in the first ranker's place, beside it, and its own."""
    taught = read_lists(lists)
    scores = scored_out_of_fold(SECONDS[stage], taught, replace(SecondConfig(), **change), seed)
    orders = {"first": None, "alone": scores, "beside": beside(taught, scores)}
    return {
        f"{how} {name}": values
        for how, order in orders.items()
        for name, values in figures(in_order(taught, order)).items()
    }


def held_out(name: str, first: str, seed: int) -> Arrays:
    """Fit the whole pipeline behind a first ranker, with PRM and without; look at the test."""
    world = World.named(name, seed, FIRST[first])
    record, change = SECONDS[ROWS[TESTED][0]], ROWS[TESTED][1]
    taught, config = world.rank(seed), replace(world.config.second_stage, **change)
    weight, _ = weighed(taught, scored_out_of_fold(record, taught, config, seed))
    stage = record.fit(taught.lists, taught.is_label, taught.feature_names, config, seed)
    data, ranker = world.data, world.chosen.ranker
    moment = fitted_moment(data, data.seen, world.config, world.clock, "whole").weighed(
        world.weights
    )
    found: Arrays = {"weight": np.array(weight)}
    orders = {"first": ranker, "alone": Staged(ranker, stage)}
    orders["beside"] = Staged(ranker, stage, weight) if weight else ranker
    for how, order in orders.items():
        served = serve_everybody(
            moment, order, data.seen, data.read_codes, max_feature_bytes=0, tell=lambda _: None
        )
        is_hit = is_in_rows(served.candidates, data.parts.holdout, data.parts.n_items)
        found[f"{how} NDCG@10"] = ndcg_at(10, is_hit, data.parts.holdout.lengths())
        for one, values in figures(is_hit[:, : config.first]).items():
            found[f"{how} {one}"] = values
    return found


def figures_of(found: Arrays, how: str) -> dict[str, np.ndarray]:
    """Take one order's figures out of a piece."""
    return {one: found[f"{how} {one}"] for one in FIGURES}


def table_pieces(name: str, first: str, n_seeds: int, folder: Path) -> dict[str, Piece]:
    """Every row of a data set's table, seed by seed."""
    return {
        f"{name}, {first}, {one}, seed {seed}": partial(
            row, lists_at(name, first, seed, folder), stage, change, seed
        )
        for one, (stage, change) in ROWS.items()
        for seed in range(n_seeds)
    }


def ablation_pieces(name: str, n_seeds: int, folder: Path) -> dict[str, Piece]:
    """PRM behind LambdaMART without each of its parts, and larger; one member each."""
    return {
        f"{name}, ablation, {one}, seed {seed}": partial(
            row,
            lists_at(name, "LambdaMART", seed, folder),
            "prm",
            {"members": 1, **change},
            seed,
        )
        for one, change in ABLATIONS.items()
        for seed in range(n_seeds)
    }


def lists_at(name: str, first: str, seed: int, folder: Path) -> Path:
    """Where the lists of a first ranker are kept."""
    return file_of(folder, f"lists, {name}, {first}, seed {seed}")


def print_table(
    title: str, found: dict[str, Arrays], start: str, names: list[str], n_seeds: int, *, both: bool
) -> dict[str, float]:
    """Print rows of which every seed is there; returns CPU seconds of each."""
    rows, seconds, first = {}, {}, []
    for one in names:
        tables = [found.get(f"{start}, {one}, seed {seed}") for seed in range(n_seeds)]
        if any(table is None for table in tables):
            print(f"{one}: not every seed was measured")
            continue
        first = first or [figures_of(table, "first") for table in tables]
        rows[one] = [figures_of(table, "alone") for table in tables]
        seconds[one] = float(np.mean([table["seconds"] for table in tables]))
        if both:
            rows[BESIDE.format(one)] = [figures_of(table, "beside") for table in tables]
    if rows:
        print_rows(title, rows, first, seconds)
    return seconds


def print_ablations(title: str, found: dict[str, Arrays], start: str, n_seeds: int) -> None:
    """Print the parts of PRM against the whole."""
    whole, *others = ABLATIONS
    at = [found.get(f"{start}, {whole}, seed {seed}") for seed in range(n_seeds)]
    there = {
        one: [found.get(f"{start}, {one}, seed {seed}") for seed in range(n_seeds)]
        for one in others
    }
    if any(table is None for table in at):
        return
    rows = {
        one: [figures_of(table, "alone") for table in tables]
        for one, tables in there.items()
        if all(table is not None for table in tables)
    }
    seconds = {one: float(np.mean([t["seconds"] for t in there[one]])) for one in rows}
    print_rows(title, rows, [figures_of(table, "alone") for table in at], seconds)


def print_test(found: dict[str, Arrays], name: str, first: str, n_seeds: int) -> None:
    """Print what PRM gains on the held-out likes."""
    tables = [found.get(f"test, {name}, {first}, seed {seed}") for seed in range(n_seeds)]
    if any(table is None for table in tables):
        return
    weights = [float(table["weight"]) for table in tables]
    print(f"\n{name}, test, {TESTED} behind {first}; weights {weights}")
    for how in ("alone", "beside"):
        for one in ("NDCG@10", *FIGURES):
            gains = [table[f"{how} {one}"] - table[f"first {one}"] for table in tables]
            base = 100 * np.nanmean([np.nanmean(table[f"first {one}"]) for table in tables])
            by_seed = " ".join(f"{100 * np.nanmean(gain):+.2f}" for gain in gains)
            said = gain_words(over_seeds(gains))
            print(f"  PRM {how:7}{one:9}{base:8.2f}  {said}   by seed {by_seed}", flush=True)


def run(n_seeds: int = 1, *, with_test: bool = False) -> dict[str, dict]:
    """Print every table; return PRM's gains in MAP@10 for ``bench.json``."""
    folder = measured_folder("prm")
    asked = [(name, first) for name in ("movielens-100k", "simulated") for first in FIRST]
    made: dict[str, Piece] = {
        lists_at(name, first, seed, folder).stem: partial(lists_of, name, FIRST[first], seed)
        for name, first in asked
        for seed in range(n_seeds)
    }
    run_pieces(made, folder)
    tables = {pair: table_pieces(*pair, n_seeds, folder) for pair in asked}
    parts = ablation_pieces("movielens-100k", n_seeds, folder)
    tests: dict[str, Piece] = {
        f"test, movielens-100k, {first}, seed {seed}": partial(
            held_out, "movielens-100k", first, seed
        )
        for first in FIRST
        for seed in range(n_seeds if with_test else 0)
    }
    pieces = {name: piece for table in tables.values() for name, piece in table.items()}
    pieces |= parts | tests
    run_pieces(pieces, folder)
    found = read_pieces(pieces, folder)
    rows = {}
    for name, first in asked:
        start = f"{name}, {first}"
        spent = print_table(
            f"{name}, labels, behind {first}", found, start, list(ROWS), n_seeds, both=True
        )
        gains = [
            table["beside MAP@10"] - table["first MAP@10"]
            for key, table in found.items()
            if key.startswith(f"{start}, PRM-BASE")
        ]
        rows[f"prm, {start}"] = {
            "seconds": spent.get("PRM-BASE", float("nan")),
            "ratio": float(100 * np.nanmean(over_seeds(gains))) if gains else float("nan"),
            "unit": " points",
            "against": "MAP@10 gained beside the first ranker, on the labels",
        }
    title = "movielens-100k, labels: PRM behind LambdaMART, parts against the whole"
    print_ablations(title, found, "movielens-100k, ablation", n_seeds)
    for first in FIRST if with_test else ():
        print_test(found, "movielens-100k", first, n_seeds)
    return rows
