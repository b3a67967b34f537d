"""Who finds out that neighbours compete: what the truth allows, trees, DLCM and PRM beside it.

Usage: ``python -m tests.benchmarks neighbours [--seeds N]`` (1). A seed is another log and
another third of the people to be tested on, whom nothing was taught by.

Trees learn from the clicks of the others, as the paper's first ranker does; the networks get lists
as they were shown with the trees' score (out of fold where they learn), the place and the genres of
each title. The pointwise rival gets the same columns and the same clicks, and "half each" adds the
trees' score to each alike: what a network gains so over the rival that is mixed so, it gains by
seeing the list. It runs in pieces, see :mod:`tests.benchmarks.pieces`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from engine.pipeline.second.registry import SECONDS
from engine.pipeline.second.stage import mixed
from tests.benchmarks.paper_figures import (
    FIGURES,
    by_person,
    figures,
    gain_words,
    over_seeds,
    print_rows,
)
from tests.benchmarks.pieces import Arrays, Piece, file_of, measured_folder, read_pieces, run_pieces
from tests.benchmarks.prm import ABLATIONS
from tests.benchmarks.shown_lists import CONFIG, K, Log, against, made, pointwise

NETWORKS = {
    "PRM": ("prm", {}),
    "PRM, no distances": ("prm", {"has_distances": False}),
    "DLCM": ("dlcm", {}),
}
FIRST, RIVAL = "trees on clicks", "trees re-scored, alone"
HALF = "{}, half each"
PLACE = np.arange(1, K + 1) ** -0.2


def reached(log: Log, orders: dict[str, np.ndarray]) -> Arrays:
    """The paper's figures by person of orders of the tested lists, as they are and half each."""
    tested, found = log.lists.take(log.is_test), {}
    for name, scores in orders.items():
        half = mixed(tested, scores.astype(np.float32), 0.5)
        for row, order in ((name, scores), (HALF.format(name), half)):
            place = np.argsort(-order, axis=1, kind="stable")
            is_hit = np.take_along_axis(log.is_clicked[log.is_test], place, axis=1)
            for figure, values in figures(is_hit).items():
                people = log.people[log.is_test]
                found[f"{row}|{figure}"] = by_person(values, people, int(log.people.max()) + 1)
    return found


def without_networks(path: Path, seed: int) -> Arrays:
    """What trees reach, the rival, trees that are told of the neighbours, and the truth."""
    log = Log.read(path)
    test, score = log.is_test, log.lists.standard_scores()
    place = np.broadcast_to(np.arange(K, dtype=np.float32), score.shape)
    alone = [score, place, *np.moveaxis(log.lists.features, 2, 0)]
    guessed = 1 / (1 + np.exp(1.0 - 0.8 * score))
    orders = {
        FIRST: log.trees[test],
        "as shown": -place[test],
        "the truth, each title alone": (log.own * PLACE)[test],
        "the truth, the list seen": log.chances[test],
        RIVAL: pointwise(log, alone, seed),
        "trees, neighbours by hand": pointwise(log, [*alone, *against(log, guessed)], seed),
    }
    return reached(log, orders)


def network(path: Path, name: str, stage: str, change: dict, seed: int) -> Arrays:
    """What a network reaches that learned from the lists of the others."""
    log = Log.read(path)
    taught = ~log.is_test
    fitted = SECONDS[stage].fit(
        log.lists.take(taught), log.is_clicked[taught], log.names, replace(CONFIG, **change), seed
    )
    return reached(log, {name: fitted.score(log.lists.take(log.is_test))})


def pieces_of(n_seeds: int, folder: Path) -> dict[str, Piece]:
    """Every row of every seed; the parts of PRM are taken out of one network, not of three."""
    pieces: dict[str, Piece] = {}
    for seed in range(n_seeds):
        path = log_at(seed, folder)
        pieces[f"trees, seed {seed}"] = partial(without_networks, path, seed)
        for name, (stage, change) in NETWORKS.items():
            pieces[f"{name}, seed {seed}"] = partial(network, path, name, stage, change, seed)
        for name, change in ABLATIONS.items():
            one = {"members": 1, **change}
            pieces[f"part {name}, seed {seed}"] = partial(network, path, name, "prm", one, seed)
    return pieces


def log_at(seed: int, folder: Path) -> Path:
    """Where a log is kept."""
    return file_of(folder, f"log, seed {seed}")


def tables_of(found: Arrays, row: str) -> dict[str, np.ndarray]:
    """Take one row's figures out of a piece."""
    return {figure: found[f"{row}|{figure}"] for figure in FIGURES}


def rows_of(
    found: dict[str, Arrays], pieces: Iterable[str], n_seeds: int, *, start: str = ""
) -> dict[str, list]:
    """Rows of pieces that are there for every seed."""
    rows: dict[str, list] = {}
    for piece in pieces:
        seeds = [found.get(f"{start}{piece}, seed {seed}") for seed in range(n_seeds)]
        if any(one is None for one in seeds):
            print(f"{piece}: not every seed was measured")
            continue
        for name in dict.fromkeys(key.partition("|")[0] for key in seeds[0] if "|" in key):
            rows[name] = [tables_of(one, name) for one in seeds]
    return rows


def run(n_seeds: int = 1) -> dict[str, dict]:
    """Print the table, what networks gain over the rival, and the parts of PRM."""
    folder = measured_folder("neighbours")
    run_pieces({log_at(s, folder).stem: partial(made, s) for s in range(n_seeds)}, folder)
    pieces = pieces_of(n_seeds, folder)
    run_pieces(pieces, folder)
    found = read_pieces(pieces, folder)
    rows = rows_of(found, ["trees", *NETWORKS], n_seeds)
    spent = {
        name: float(np.mean([found[f"{name}, seed {seed}"]["seconds"] for seed in range(n_seeds)]))
        for name in NETWORKS
        if name in rows
    }
    title = "Simulated clicks, neighbours of one genre compete"
    print_rows(title, rows, rows[FIRST], spent)
    print("\nMAP@10 gained over the rival that is mixed alike, by seeing the list")
    measured = {}
    for name in spent:
        for row, rival in ((name, RIVAL), (HALF.format(name), HALF.format(RIVAL))):
            both = zip(rows[row], rows[rival], strict=True)
            gains = [own["MAP@10"] - other["MAP@10"] for own, other in both]
            by_seed = " ".join(f"{100 * np.nanmean(gain):+.2f}" for gain in gains)
            print(f"{row:34}{gain_words(over_seeds(gains)):>16}   by seed {by_seed}")
        gain = over_seeds(
            [a["MAP@10"] - b["MAP@10"] for a, b in zip(rows[name], rows[FIRST], strict=True)]
        )
        measured[f"{name}, clicks"] = {
            "seconds": spent[name],
            "ratio": float(100 * np.nanmean(gain)),
            "unit": " points",
            "against": "MAP@10 gained over trees that learned from the clicks",
        }
    parts = rows_of(found, ABLATIONS, n_seeds, start="part ")
    if parts:
        whole = next(iter(ABLATIONS))
        kept = {name: one for name, one in parts.items() if name in ABLATIONS}
        print_rows(f"{title}: parts of PRM against the trees", kept, rows[FIRST], {})
        others = {name: one for name, one in kept.items() if name != whole}
        print_rows(f"{title}: parts of PRM against the whole", others, parts[whole], {})
    return measured
