"""Whether any pipeline with neural stages is better than the default one on MovieLens 100K.

Usage: ``python -m tests.benchmarks neural_pipelines [--seeds N] [--test]``. They are compared on
the labels, by people whom their rankers did not see; with ``--test`` the best one by its mean over
the seeds is held against the default on the held-out likes, once.

It runs in pieces, see :mod:`tests.benchmarks.pieces`: one for each set of sources and seed, which
keeps what every ranker says of everybody's candidates out of fold.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from engine.data import load_dataset
from engine.fit_config import FitConfig
from engine.fit_moment import fitted_moment
from engine.held_out import is_in_rows, mean_with_half_width, ndcg_at
from engine.pipeline.lists import serve_everybody
from engine.pipeline.ranking.blend_choice import blendings
from engine.pipeline.ranking.folds import first_places, folds_of, label_ndcg, out_of_fold
from engine.pipeline.ranking.ranker import TrainingSet
from engine.pipeline.ranking.registry import fit_ranker
from engine.pipeline.second.out_of_fold import TaughtLists, scored_out_of_fold
from engine.pipeline.second.registry import SECONDS
from engine.pipeline.second.staged import first_lists
from tests.benchmarks.paper_figures import beside, in_order, over_seeds
from tests.benchmarks.pieces import Arrays, Piece, measured_folder, read_pieces, run_pieces
from tests.benchmarks.taught_world import World, learner

DATA = "movielens-100k"
USUAL = FitConfig.rankers
NETWORKS = ("wide_deep", "dcn_v2", "din")
OTHERS = ("deep_fm", "fm", "fm3", "bst")
"""Networks that are measured with the default sources alone."""

DEFAULT = "the default"
SETS: Mapping[str, Mapping[str, int]] = {
    DEFAULT: {},
    "two towers": {"two_towers": 1},
    "SASRec": {"sasrec": 1},
    "two towers, SASRec": {"two_towers": 1, "sasrec": 1},
    "two towers of four, SASRec": {"two_towers": 4, "sasrec": 1},
    "two towers, SASRec, NeuMF, LightGCN": {
        "two_towers": 1,
        "sasrec": 1,
        "neumf": 1,
        "lightgcn": 1,
    },
}
"""Neural sources beside the default ones → how many networks each is the mean of."""

RANKERS = {
    "": USUAL,
    "Wide & Deep": (*USUAL, "wide_deep"),
    "DIN": (*USUAL, "din"),
    "Wide & Deep, DCN-v2, DIN": (*USUAL, *NETWORKS),
}
"""Neural rankers beside the default ones."""

SECOND, BEHIND = "prm", "two towers, SASRec"
"""A second stage, and the sources that it is measured with."""


@dataclass(frozen=True)
class Pipeline:
    """Neural sources, and neural rankers or a second stage behind them."""

    sources: str = DEFAULT
    rankers: str = ""
    second: str = ""

    @property
    def name(self) -> str:
        """For people."""
        ranked = f"rankers {self.rankers}" if self.rankers else self.second
        return "; ".join(filter(None, (self.sources, ranked)))

    def config(self, seed: int) -> FitConfig:
        """Return the settings of a fit."""
        return config_of(self.sources, seed, RANKERS[self.rankers])


PIPELINES = [
    *(Pipeline(sources, rankers) for sources in SETS for rankers in RANKERS),
    Pipeline(BEHIND, second=SECOND),
]


def config_of(sources: str, seed: int, rankers: tuple[str, ...] = USUAL) -> FitConfig:
    """Return the settings of a fit with some neural sources."""
    asked, config = SETS[sources], FitConfig(seed=seed, rankers=rankers)
    settings = {"two_towers": "towers", "sasrec": "sasrec"}
    several = {
        settings[name]: replace(getattr(config.sources, settings[name]), members=n)
        for name, n in asked.items()
        if name in settings
    }
    return replace(config, sources=replace(config.sources, options=tuple(asked), **several))


def piece(sources: str, seed: int) -> Arrays:
    """Score everybody's candidates by each ranker out of fold; CPU seconds of all of it."""
    world = World(load_dataset(DATA), config_of(sources, seed))
    training, n = world.training, world.data.parts.labels.lengths()
    found: Arrays = {
        "seconds sources": np.array(time.process_time()),
        "is_label": training.is_label,
        "is_candidate": training.is_candidate,
        "people": world.people,
        "n_labels": n,
    }
    for name in (*USUAL, *NETWORKS, *(OTHERS if sources == DEFAULT else ())):
        begun = time.process_time()
        fit = learner(name, world.config.ranker, seed)
        found[f"scores {name}"] = out_of_fold(fit, training).astype(np.float32)
        found[f"seconds {name}"] = np.array(time.process_time() - begun)
    if sources == BEHIND:
        scores, _ = _served(found, USUAL)
        config, begun = world.config.second_stage, time.process_time()
        lists, places = first_lists(scores, training.features, training.is_candidate, config.first)
        is_label = np.take_along_axis(training.is_label, places, axis=1)
        taught = TaughtLists(lists, is_label, n[world.people], training.feature_names)
        order = beside(taught, scored_out_of_fold(SECONDS[SECOND], taught, config, seed))
        found[f"ndcg {SECOND}"] = ndcg_at(10, in_order(taught, order), n[world.people])
        found[f"seconds {SECOND}"] = np.array(time.process_time() - begun)
    return found


def _sample(found: Arrays) -> TrainingSet:
    nothing = np.zeros((*found["is_label"].shape, 0), np.float32)
    return TrainingSet(nothing, found["is_candidate"], found["is_label"], ())


def _served(found: Arrays, rankers: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Scores as a fit would choose them, by the people of the other folds; and what won."""
    sample = _sample(found)
    scores = {name: found[f"scores {name}"].astype(np.float64) for name in rankers}
    reached = {name: label_ndcg(table, sample) for name, table in scores.items()}
    best_first = sorted(rankers, key=lambda name: -reached[name].mean())
    for blend in blendings(scores, best_first, sample):
        scores[blend.name] = blend.scores
        reached[blend.name] = label_ndcg(blend.scores, sample)
    fold, chosen, won = folds_of(sample.n_people), np.zeros(sample.is_label.shape), []
    for number in np.unique(fold):
        own = fold == number
        best = max(reached, key=lambda name: reached[name][~own].mean())
        chosen[own] = scores[best][own]
        won.append(best)
    return chosen, won


def everybody(found: Arrays, pipeline: Pipeline) -> tuple[np.ndarray, list[str]]:
    """NDCG@10 of all who have labels, 0 where none is among the candidates; and what served."""
    n = found["n_labels"]
    ndcg = np.where(n > 0, 0.0, np.nan)
    if pipeline.second:
        ndcg[found["people"]] = found[f"ndcg {pipeline.second}"]
        return ndcg, [pipeline.second]
    scores, won = _served(found, RANKERS[pipeline.rankers])
    is_hit = np.take_along_axis(found["is_label"], first_places(scores, _sample(found)), axis=1)
    ndcg[found["people"]] = ndcg_at(10, is_hit, n[found["people"]])
    return ndcg, won


def seconds_of(found: Arrays, pipeline: Pipeline) -> float:
    """CPU seconds up to the labels, with all that the pipeline's rankers are compared by."""
    parts = ("sources", *RANKERS[pipeline.rankers], *filter(None, (pipeline.second,)))
    return float(sum(found[f"seconds {one}"] for one in parts))


def on_test(pipeline: Pipeline, seed: int) -> Arrays:
    """NDCG@10 of everybody's held-out likes by the whole pipeline."""
    world = World(load_dataset(DATA), pipeline.config(seed))
    data, config = world.data, world.config
    ranker = fit_ranker(config.rankers, world.training, config.ranker, seed=seed).ranker
    moment = fitted_moment(data, data.seen, config, world.clock, "whole").weighed(world.weights)
    served = serve_everybody(
        moment, ranker, data.seen, data.read_codes, max_feature_bytes=0, tell=lambda _: None
    )
    is_hit = is_in_rows(served.candidates, data.parts.holdout, data.parts.n_items)
    return {"ndcg": ndcg_at(10, is_hit, data.parts.holdout.lengths())}


def line(name: str, own: Sequence[np.ndarray], base: Sequence[np.ndarray], rest: str) -> float:
    """Print a pipeline against the default, paired over people; return its mean."""
    gains = [one - other for one, other in zip(own, base, strict=True)]
    gain, half = mean_with_half_width(over_seeds(gains))
    mean = float(np.mean([np.nanmean(one) for one in own]))
    by_seed = " ".join(f"{np.nanmean(one):+.4f}" for one in gains)
    print(f"{name:70}{mean:.4f}  {gain:+.4f} ± {half:.4f}   by seed {by_seed}  {rest}", flush=True)
    return mean


def print_labels(found: dict[str, Arrays], n: int) -> dict[Pipeline, float]:
    """Print every pipeline of which each seed is there; return means."""
    means: dict[Pipeline, float] = {}
    default = Pipeline()
    base = [everybody(found[f"{DEFAULT}, seed {seed}"], default)[0] for seed in range(n)]
    people = int((~np.isnan(base[0])).sum())
    print(f"\n{DATA}, labels, {n} seeds, n = {people}; NDCG@10, and the gain over the default")
    for one in PIPELINES:
        tables = [found.get(f"{one.sources}, seed {seed}") for seed in range(n)]
        if any(table is None for table in tables):
            print(f"{one.name}: not every seed was measured")
            continue
        values = [everybody(table, one) for table in tables]
        spent = float(np.mean([seconds_of(table, one) for table in tables]))
        won = ", ".join(sorted({name for _, names in values for name in names}))
        rest = f"{spent:6.0f} CPU s; served: {won}"
        means[one] = line(one.name, [ndcg for ndcg, _ in values], base, rest)
    return means


def run(n_seeds: int = 1, *, with_test: bool = False) -> dict[str, dict]:
    """Compare on the labels; look at the test with the best."""
    folder = measured_folder("neural_pipelines")
    pieces: dict[str, Piece] = {
        f"{sources}, seed {seed}": partial(piece, sources, seed)
        for sources in reversed(SETS)
        for seed in range(n_seeds)
    }
    run_pieces(pieces, folder)
    means = print_labels(read_pieces(pieces, folder), n_seeds)
    best = max(
        (one for one in means if one != Pipeline() and not one.second), key=means.__getitem__
    )
    print(f"Best on the labels: {best.name}")
    if not with_test:
        return {}
    tests: dict[str, Piece] = {
        f"test, {one.name}, seed {seed}": partial(on_test, one, seed)
        for one in (best, Pipeline())
        for seed in range(n_seeds)
    }
    run_pieces(tests, folder)
    found = read_pieces(tests, folder)
    base, own = (
        [found[f"test, {one.name}, seed {seed}"]["ndcg"] for seed in range(n_seeds)]
        for one in (Pipeline(), best)
    )
    print(f"\n{DATA}, test, {n_seeds} seeds, n = {int((~np.isnan(base[0])).sum())}")
    line(DEFAULT, base, base, "")
    line(best.name, own, base, "")
    return {}
