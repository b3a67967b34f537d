"""PRM, DLCM and trees re-scored over the same lists, with the parts of PRM taken out one by one.

Usage: ``python -m tests.benchmarks prm`` (all), or ``python -m tests.benchmarks.prm PART ...`` with
``labels DATA [SEED]``, ``alone DATA [SEED ...]``, ``ablations DATA [SEED]``, ``clicks [VISITS]`` or
``test DATA [SEED ...]``.

Everything but ``test`` is measured on labels (or clicks) of people that neither stage was taught
by; settings are chosen there. ``test`` fits the whole pipeline with and without the second stage
and looks at the held-out likes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from engine.artifacts import open_artifacts
from engine.data import artifact_folder, load_dataset
from engine.fit import _moment
from engine.fit_config import FitConfig, suited
from engine.fit_data import prepared
from engine.held_out import is_in_rows, mean_with_half_width
from engine.pipeline.lists import serve_everybody
from engine.pipeline.ranking.choice import GRID
from engine.pipeline.ranking.folds import N_FOLDS, folds_of
from engine.pipeline.ranking.ranker import TrainingSet
from engine.pipeline.ranking.registry import fit_again, fit_ranker
from engine.pipeline.second.out_of_fold import (
    TaughtLists,
    scored_out_of_fold,
    taught_lists,
)
from engine.pipeline.second.registry import SECONDS
from engine.pipeline.second.stage import ListSet, SecondConfig, mixed
from engine.pipeline.second.staged import Staged
from engine.pipeline.source_quality import source_quality, source_weights
from engine.pipeline.teaching import teaching_lists
from engine.simulate.click_log import click_log
from engine.simulate.world import TRUTH, world_of
from engine.stage_clock import StageClock

FIGURES = ("P@5", "P@10", "MAP@5", "MAP@10", "MAP")
STAGES = ("trees", "dlcm", "prm")
ABLATIONS = {
    "PRM (1 block, 2 heads)": {},
    "no place vectors": {"has_places": False},
    "no residual": {"has_residual": False},
    "no dropout": {"dropout": 0.0},
    "no distances": {"has_distances": False},
    "2 blocks": {"blocks": 2},
    "4 blocks": {"blocks": 4},
    "6 blocks": {"blocks": 6},
    "1 head": {"heads": 1},
    "3 heads": {"heads": 3},
    "4 heads": {"heads": 4},
}
K_CLICKS = 30


def figures(is_hit: np.ndarray) -> dict[str, np.ndarray]:
    """The paper's figures of each list; NaN where the list holds no label.

    Average precision at k is over ``min(labels in the list, k)``.
    """
    n = is_hit.sum(axis=1)
    known = np.where(n > 0, 1.0, np.nan)
    precision = np.cumsum(is_hit, axis=1) / np.arange(1, is_hit.shape[1] + 1)

    def average(k: int) -> np.ndarray:
        gained = (precision * is_hit)[:, :k].sum(axis=1)
        return known * gained / np.maximum(np.minimum(n, k), 1)

    return {
        "P@5": known * is_hit[:, :5].mean(axis=1),
        "P@10": known * is_hit[:, :10].mean(axis=1),
        "MAP@5": average(5),
        "MAP@10": average(10),
        "MAP": average(is_hit.shape[1]),
    }


def in_order(taught: TaughtLists, scores: np.ndarray | None) -> np.ndarray:
    """Labels of each list in the order of the scores, or as the lists are."""
    if scores is None:
        return taught.is_label
    known = np.where(taught.lists.is_candidate, scores, -np.inf)
    order = np.argsort(-known, axis=1, kind="stable")
    return np.take_along_axis(taught.is_label, order, axis=1)


def beside(taught: TaughtLists, scores: np.ndarray) -> np.ndarray:
    """As it would serve: beside the first ranker, by the weight best on the other folds' people."""
    options = [mixed(taught.lists, scores, weight) for weight in GRID]
    reached = np.stack([taught.ndcg(one) for one in options])
    fold, found = folds_of(taught.lists.n_people), np.empty(scores.shape)
    for number in range(N_FOLDS):
        own = fold == number
        best = int(np.argmax(np.nanmean(reached[:, ~own], axis=1)))
        found[own] = options[best][own]
    return found


def both_ways(
    taught: TaughtLists, by: Callable[[str], np.ndarray], names: Sequence[str]
) -> dict[str, Callable[[], np.ndarray]]:
    """A row for each stage alone, then one for each beside the first ranker."""
    kept: dict[str, np.ndarray] = {}

    def alone(name: str) -> np.ndarray:
        if name not in kept:
            kept[name] = by(name)
        return kept[name]

    rows = {name: lambda name=name: alone(name) for name in names}
    return rows | {
        f"{name} + first": lambda name=name: beside(taught, alone(name)) for name in names
    }


def print_table(
    title: str,
    taught: TaughtLists,
    scored: dict[str, Callable[[], np.ndarray | None]],
    people: np.ndarray | None = None,
) -> dict[str, dict[str, float]]:
    """Print a row for each order; differences from the first one, paired over people."""
    print(f"\n{title}; × 100; ± half of the 95 % interval of the paired difference over people")
    print(f"{'':26}" + "".join(f"{name:>9}{'':15}" for name in FIGURES) + "   CPU s", flush=True)
    first: dict[str, np.ndarray] | None = None
    found = {}
    for name, score in scored.items():
        begun = time.process_time()
        scores = score()
        spent = time.process_time() - begun
        values = figures(in_order(taught, scores))
        if people is not None:  # lists of one person are no independent ones
            values = {one: by_person(row, people) for one, row in values.items()}
        first = first or values
        cells = []
        found[name] = {"seconds": spent}
        for figure in FIGURES:
            gain, half = mean_with_half_width(values[figure] - first[figure])
            cells.append(
                f"{100 * np.nanmean(values[figure]):9.2f} ({100 * gain:+6.2f} ± {100 * half:4.2f})"
            )
            found[name][figure] = gain
        print(f"{name:26}" + "".join(cells) + f"{spent:8.1f}", flush=True)
    n = int((~np.isnan(first["MAP"])).sum()) if first else 0
    print(f"n = {n:,} people with a label in their list of {taught.is_label.shape[1]}")
    return found


def by_person(values: np.ndarray, people: np.ndarray) -> np.ndarray:
    known = ~np.isnan(values)
    total = np.bincount(people[known], values[known], minlength=people.max() + 1)
    count = np.bincount(people[known], minlength=people.max() + 1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


class World:
    """A data set as a fit sees it before the labels, with the ranker chosen on them."""

    def __init__(self, name: str, seed: int, rankers: Sequence[str] = ()) -> None:
        dataset = load_dataset(name)
        self.config = suited(FitConfig(seed=seed), dataset)
        if rankers:
            self.config = replace(self.config, rankers=tuple(rankers))
        self.clock = StageClock(None)
        self.data = prepared(dataset, self.config)
        moment = _moment(self.data, self.data.train, self.config, self.clock, "before")
        labels = self.data.parts.labels
        quality = source_quality(moment.retrieval, self.data.train, labels)
        self.weights = source_weights(quality)
        self.training = teaching_lists(
            moment.weighed(self.weights),
            self.data.train,
            self.data.read_codes,
            labels,
            max_bytes=self.config.ranker.max_training_bytes,
            tell=lambda _: None,
        ).training
        self.rank(seed)

    def rank(self, seed: int) -> None:
        """Fit the ranker anew, and put everybody's candidates in its order out of fold."""
        self.config = replace(self.config, seed=seed)
        self.chosen = fit_ranker(self.config.rankers, self.training, self.config.ranker, seed=seed)
        self.taught = taught_lists(self.training, self.again, self.config.second_stage.first)

    def again(self, some: TrainingSet):
        return fit_again(self.chosen, some, self.config.ranker, seed=self.config.seed)

    def scored(self, name: str, config: SecondConfig) -> np.ndarray:
        return scored_out_of_fold(SECONDS[name], self.taught, config, self.config.seed)


def labels(name: str, seed: int = 0) -> dict[str, dict[str, float]]:
    """Second stages over the first 50, on the labels."""
    world, config = World(name, seed), SecondConfig()

    def by(row: str) -> np.ndarray:
        stage = row.partition(",")[0]
        return world.scored(stage, replace(config, pretrained=not row.endswith("random")))

    names = (*STAGES, "prm_personal, random", "prm_personal")
    return print_table(
        f"{name}, labels, seed {seed}, first ranker: {world.chosen.name}",
        world.taught,
        {"first ranker": lambda: None, **both_ways(world.taught, by, names)},
    )


def alone(name: str, *seeds: int) -> dict[str, dict[str, float]]:
    """The paper's comparison: behind LambdaMART alone, no blend, seed by seed.

    Sources and candidates are those of the first seed; trees and networks have each their own.
    """
    world, found, gains = World(name, 0, ("listwise",)), {}, []
    config = SecondConfig(members=2)
    for seed in seeds or range(5):
        if seed != world.config.seed:
            world.rank(seed)
        prm = world.scored("prm", config)
        found[f"seed {seed}"] = print_table(
            f"{name}, labels, seed {seed}, first ranker: {world.chosen.name} alone",
            world.taught,
            {
                "LambdaMART": lambda: None,
                "prm": lambda prm=prm: prm,
                "prm + first": lambda prm=prm: beside(world.taught, prm),
            },
        )
        gains.append(found[f"seed {seed}"])
    for row in ("prm", "prm + first"):
        by_seed = [100 * one[row]["MAP@10"] for one in gains]
        n_at_least = sum(gain >= 0 for gain in by_seed)
        said = ", ".join(f"{gain:+.2f}" for gain in by_seed)
        print(f"{row}: MAP@10 at least LambdaMART's in {n_at_least} of {len(by_seed)}: {said}")
    return found


def ablations(name: str, seed: int = 0) -> dict[str, dict[str, float]]:
    """PRM behind LambdaMART without each of its parts, and larger; one member each."""
    world = World(name, seed, ("listwise",))
    rows = {
        row: lambda change=change: world.scored("prm", replace(SecondConfig(members=1), **change))
        for row, change in ABLATIONS.items()
    }
    return print_table(
        f"{name}, labels, seed {seed}: PRM without its parts, against the first row",
        world.taught,
        rows,
    )


def clicks(visits: int = 8) -> dict[str, dict[str, float]]:
    """Long lists of the simulated service in which neighbours of one genre compete."""
    artifacts = open_artifacts(artifact_folder("simulated"))
    world = world_of(artifacts, TRUTH)
    log = click_log(artifacts, world, k=K_CLICKS, visits=visits)
    n_people = len(log.people) // visits // 3 * 3  # a person's lists are all in one fold
    kept = np.tile(np.arange(len(log.people) // visits) < n_people, visits)
    people, places, items = log.people[kept], log.places[kept], log.items[kept]
    features = np.asarray(artifacts.features)[people[:, None], places]
    genres = np.asarray(artifacts.genre_matrix)[items].astype(np.float32)
    scores = np.asarray(artifacts.scores)[people[:, None], places].astype(np.float32)
    lists = ListSet(np.concatenate([features, genres], axis=2), scores, np.ones(items.shape, bool))
    is_label = log.is_clicked[kept]
    names = (*artifacts.manifest["feature_names"], *artifacts.genre_names)
    taught = TaughtLists(lists, is_label, is_label.sum(axis=1), names)
    config = SecondConfig(first=K_CLICKS, members=1, batch=128, epochs=40, patience=6)
    trees = scored_out_of_fold(SECONDS["trees"], taught, config, 0)
    # as in the paper: lists in the order shown, with the scores of trees that learned from clicks
    behind = replace(taught, lists=replace(lists, scores=trees))
    rows = both_ways(
        behind, lambda one: scored_out_of_fold(SECONDS[one], behind, config, 0), STAGES
    )
    return print_table(
        f"Simulated clicks, neighbours of one genre compete, {len(items):,} lists of {K_CLICKS}",
        behind,
        {
            "trees": lambda: trees,
            "as shown": lambda: None,
            **rows,
            "by the true chance": lambda: log.chances[kept],
        },
        people,
    )


def test(name: str, *seeds: int) -> dict[str, dict[str, float]]:
    """The whole pipeline on the held-out likes, with the second stage behind it and without."""
    found = {}
    for seed in seeds or (0,):
        world = World(name, seed)
        data, config = world.data, world.config
        moment = _moment(data, data.seen, config, world.clock, "whole")
        moment = moment.weighed(world.weights)
        begun = time.process_time()
        lists = world.taught
        stage = SECONDS["prm"].fit(
            lists.lists, lists.is_label, lists.feature_names, SecondConfig(), seed
        )
        spent = time.process_time() - begun
        orders = {}
        for row, ranker in (
            ("ranker", world.chosen.ranker),
            ("then PRM", Staged(world.chosen.ranker, stage)),
        ):
            served = serve_everybody(
                moment, ranker, data.seen, data.read_codes, max_feature_bytes=0, tell=lambda _: None
            )
            orders[row] = served.candidates
        found[f"seed {seed}"] = _held_out(f"{name}, test, seed {seed}", world, orders, spent)
    return found


def _held_out(title: str, world: World, orders: dict, spent: float) -> dict[str, float]:
    from engine.held_out import ndcg_at

    holdout, n_items = world.data.parts.holdout, world.data.parts.n_items
    n = holdout.lengths()
    rows = {}
    for row, order in orders.items():
        is_hit = is_in_rows(order, holdout, n_items)
        first = world.config.second_stage.first
        values = {"NDCG@10": ndcg_at(10, is_hit, n), **figures(is_hit[:, :first])}
        rows[row] = values
    print(f"\n{title}, first ranker {world.chosen.name}; PRM {spent:.1f} CPU s")
    gains = {}
    for figure in rows["ranker"]:
        before, after = rows["ranker"][figure], rows["then PRM"][figure]
        gain, half = mean_with_half_width(after - before)
        gains[figure] = gain
        print(
            f"  {figure:8}{np.nanmean(before):8.4f} -> {np.nanmean(after):.4f}  "
            f"({gain:+.4f} ± {half:.4f}, n = {int((~np.isnan(after)).sum())})",
            flush=True,
        )
    return {**gains, "seconds": spent}


def run() -> dict[str, dict]:
    """Print every table; return PRM's gains in MAP@10 for ``bench.json``."""
    tables = {
        "prm_movielens": labels("movielens-100k"),
        "prm_simulated": labels("simulated"),
        "prm_clicks": clicks(),
    }
    ablations("movielens-100k")
    test("movielens-100k", 0, 1, 2, 3, 4)
    return {
        name: {
            "seconds": table["prm"]["seconds"],
            "ratio": 100 * table["prm + first"]["MAP@10"],
            "unit": " points",
            "against": "MAP@10 gained over the first ranker, on the labels",
        }
        for name, table in tables.items()
    }


PARTS = {"labels": labels, "alone": alone, "ablations": ablations, "clicks": clicks, "test": test}

if __name__ == "__main__":
    if len(sys.argv) > 1:
        PARTS[sys.argv[1]](*(int(a) if a.isdigit() else a for a in sys.argv[2:]))
    else:
        run()
