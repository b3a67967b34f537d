"""Who finds out that neighbours compete: what the truth allows, trees, DLCM and PRM beside it.

Usage: ``python -m tests.benchmarks.neighbours [SEED ...] [NETWORK ...]`` (by default five seeds and
every network of :data:`NETWORKS`); with ``ablations [SEED]`` the parts of PRM are taken out one by
one.

A third of the people is tested on and seen by nobody. Trees learn from the clicks of the others, as
the paper's first ranker does; the networks get lists as they were shown with the trees' score
(out of fold where they learn), the place and the genres of each title. The pointwise rival gets
the same columns and the same clicks, and "half each" adds the trees' score to each alike: what a
network gains so over the rival that is mixed so, it gains by seeing the list.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace

import lightgbm as lgb
import numpy as np

from engine.artifacts import open_artifacts
from engine.data import artifact_folder
from engine.held_out import mean_with_half_width
from engine.pipeline.second.registry import SECONDS
from engine.pipeline.second.stage import ListSet, SecondConfig, mixed
from engine.simulate.click_log import click_log
from engine.simulate.kernels.competition import compete
from engine.simulate.world import TRUTH, world_of
from tests.benchmarks.prm import ABLATIONS, FIGURES, by_person, figures

K, VISITS, N_PARTS = 30, 8, 3
CONFIG = SecondConfig(
    first=K, members=3, batch=128, epochs=20, patience=8, rate=5e-3, dropout=0.1, falls=True
)
NETWORKS = {
    "prm": ("prm", {}),
    "prm_places_alone": ("prm", {"has_distances": False}),
    "dlcm": ("dlcm", {}),
}
RIVAL = "trees re-scored, alone"
PLACE = np.arange(1, K + 1) ** -0.2


@dataclass
class Log:
    """Lists as shown, clicks, the truth, and who is tested on."""

    whole: ListSet
    small: ListSet
    names: tuple[str, ...]
    genre_names: tuple[str, ...]
    genres: np.ndarray
    items: np.ndarray
    people: np.ndarray
    is_clicked: np.ndarray
    chances: np.ndarray
    own: np.ndarray
    is_test: np.ndarray
    trees: np.ndarray


def made(seed: int) -> Log:
    """Draw a log, and let trees learn from its clicks."""
    artifacts = open_artifacts(artifact_folder("simulated"))
    world = world_of(artifacts, TRUTH)
    log = click_log(artifacts, world, k=K, visits=VISITS, seed=seed)
    own = world.preference[np.searchsorted(world.people, log.people)[:, None], log.items]
    rows = log.people[:, None], log.places
    genres = np.asarray(artifacts.genre_matrix)
    held = genres[log.items].astype(np.float32)
    features = np.concatenate([np.asarray(artifacts.features)[rows], held], axis=2)
    scores = np.asarray(artifacts.scores)[rows].astype(np.float32)
    is_there = np.ones(log.items.shape, bool)
    names = (*artifacts.manifest["feature_names"], *artifacts.genre_names)
    whole = ListSet(features.astype(np.float32), scores, is_there, log.people)
    part = np.random.default_rng((seed, 77)).permutation(artifacts.n_users) % N_PARTS
    is_test = part[log.people] == 0
    trees = on_clicks(whole, log.is_clicked, names, part[log.people], seed)
    small = ListSet(held, trees, is_there, log.people)
    return Log(
        whole,
        small,
        names,
        artifacts.genre_names,
        genres,
        log.items,
        log.people,
        log.is_clicked,
        log.chances,
        own,
        is_test,
        trees,
    )


def on_clicks(
    lists: ListSet,
    is_clicked: np.ndarray,
    names: tuple[str, ...],
    part: np.ndarray,
    seed: int,
) -> np.ndarray:
    """Scores of trees: the people tested on by all others, those by the other half of them."""
    scores = np.zeros(lists.scores.shape, np.float32)
    for asked, taught in ((0, part != 0), (1, part == 2), (2, part == 1)):
        trees = SECONDS["trees"].fit(lists.take(taught), is_clicked[taught], names, CONFIG, seed)
        scores[part == asked] = trees.score(lists.take(part == asked))
    return scores


def pointwise(log: Log, columns: list[np.ndarray], seed: int) -> np.ndarray:
    """Score the tested lists by trees over a few columns, each of shape (n_lists, K)."""
    rows = np.stack(columns, axis=2)
    settings = {
        "objective": "lambdarank",
        "num_leaves": 15,
        "min_data_in_leaf": 200,
        "seed": seed,
        "deterministic": True,
        "num_threads": 1,
        "verbose": -1,
    }
    taught = rows[~log.is_test].reshape(-1, rows.shape[2])
    clicked = log.is_clicked[~log.is_test].ravel().astype(np.int32)
    data = lgb.Dataset(taught, clicked, group=[K] * int((~log.is_test).sum()))
    found = lgb.train(settings, data, 150).predict(
        rows[log.is_test].reshape(-1, rows.shape[2]), num_threads=1
    )
    return np.asarray(found).reshape(-1, K)


def against(log: Log, appeal: np.ndarray) -> list[np.ndarray]:
    """What is left of an appeal beside its neighbours, as the simulation has it."""
    left = np.empty(appeal.shape, np.float32)
    compete(log.items, np.ascontiguousarray(appeal, np.float32), log.genres, 2, 1.0, left)
    return [left, left / np.maximum(appeal, 1e-6)]


def orders(log: Log, seed: int, networks: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Scores of the tested lists, name by name."""
    test, taught = log.is_test, ~log.is_test
    score = log.small.standard_scores()
    place = np.broadcast_to(np.arange(K, dtype=np.float32), score.shape)
    alone = [score, place, *np.moveaxis(log.small.features, 2, 0)]
    guessed = 1 / (1 + np.exp(1.0 - 0.8 * score))
    found = {
        "trees on clicks": log.trees[test],
        "as shown": -place[test],
        "truth, each title alone": (log.own * PLACE)[test],
        "truth, list seen": log.chances[test],
        RIVAL: pointwise(log, alone, seed),
        "trees, neighbours by hand": pointwise(log, [*alone, *against(log, guessed)], seed),
    }
    lists = log.small.take(test)
    for name in (RIVAL, "trees, neighbours by hand"):
        found[f"{name}, half each"] = mixed(lists, found[name].astype(np.float32), 0.5)
    for name in networks:
        begun = time.process_time()
        stage, change = NETWORKS[name]
        config = replace(CONFIG, **change)
        stage = SECONDS[stage].fit(
            log.small.take(taught), log.is_clicked[taught], log.genre_names, config, seed
        )
        spent = time.process_time() - begun
        found[name] = stage.score(lists)
        found[f"{name}, half each"] = mixed(lists, found[name], 0.5)
        print(f"  {name}: {spent:.0f} CPU s", flush=True)
    return found


def reached_by(log: Log, scores: np.ndarray, rows: np.ndarray) -> dict[str, np.ndarray]:
    """The paper's figures by person."""
    order = np.argsort(-scores, axis=1, kind="stable")
    is_hit = np.take_along_axis(log.is_clicked[rows], order, axis=1)
    return {name: by_person(one, log.people[rows]) for name, one in figures(is_hit).items()}


def printed(
    title: str, log: Log, found: dict[str, np.ndarray], first: str
) -> dict[str, np.ndarray]:
    """Print a row for each order, against ``first``; return the differences in MAP@10."""
    reached = {name: reached_by(log, scores, log.is_test) for name, scores in found.items()}
    print(f"\n{title}; × 100; ± half of the 95 % interval of the paired difference over people")
    gained = {}
    for name, one in reached.items():
        cells = []
        for figure in FIGURES:
            gain, half = mean_with_half_width(100 * (one[figure] - reached[first][figure]))
            cells.append(f"{figure} {100 * np.nanmean(one[figure]):.2f} ({gain:+.2f} ± {half:.2f})")
        gained[name] = one["MAP@10"] - reached[first]["MAP@10"]
        print(f"{name:38}" + "  ".join(cells), flush=True)
    return gained


def ablations(seed: int = 0) -> None:
    """PRM without each of its parts against the whole."""
    log, found = made(seed), {}
    taught = log.small.take(~log.is_test)
    for row, change in ABLATIONS.items():
        config = replace(CONFIG, members=1, **change)
        stage = SECONDS["prm"].fit(
            taught, log.is_clicked[~log.is_test], log.genre_names, config, seed
        )
        found[row] = stage.score(log.small.take(log.is_test))
        print(row, flush=True)
    printed(f"Simulated clicks, seed {seed}: parts of PRM", log, found, next(iter(ABLATIONS)))


def run(*seeds: int, networks: tuple[str, ...] = ()) -> dict[str, list[np.ndarray]]:
    """Print a table for each seed, then all seeds together, and the networks over the rival."""
    networks = networks or tuple(NETWORKS)
    gained: dict[str, list[np.ndarray]] = {}
    for seed in seeds or range(5):
        log = made(seed)
        scored = orders(log, seed, networks)
        found = printed(f"Simulated clicks, seed {seed}", log, scored, "trees on clicks")
        for name, one in found.items():
            gained.setdefault(name, []).append(one)
    print("\nMAP@10 gained over the trees, all seeds together: people of all seeds, paired")
    over = {
        f"{name}{how} - rival{how}": [
            own - other for own, other in zip(gained[name + how], gained[RIVAL + how], strict=True)
        ]
        for name in networks
        for how in ("", ", half each")
    }
    for name, values in {**gained, **over}.items():
        gain, half = mean_with_half_width(100 * np.concatenate(values))
        means = ", ".join(f"{100 * np.nanmean(one):+.2f}" for one in values)
        print(f"{name:38}{gain:+.2f} ± {half:.2f}   by seed {means}", flush=True)
    return gained


if __name__ == "__main__":
    if sys.argv[1:2] == ["ablations"]:
        ablations(*map(int, sys.argv[2:]))
    else:
        named = tuple(one for one in sys.argv[1:] if not one.isdigit())
        run(*(int(one) for one in sys.argv[1:] if one.isdigit()), networks=named)
