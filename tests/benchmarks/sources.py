"""What each source of candidates is worth on the labels: alone, and by what it adds to the others.

Usage: ``python -m tests.benchmarks.sources [DATA] [N_SEEDS]`` (movielens-100k, 3). No test is
looked at: sources know the training part, and are held against the likes that come right after.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

from engine.arrays import Ragged
from engine.data import load_dataset, split
from engine.fit_config import FitConfig, suited
from engine.held_out import is_in_rows, mean_with_half_width, ndcg_at, recall_at
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.fusion import Proposals, fuse
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.met_again import AGAIN
from engine.pipeline.retrieval.registry import SOURCES, learnable
from engine.pipeline.retrieval.stage import Retrieval, fit_retrieval
from engine.pipeline.source_quality import source_weights

N_CANDIDATES = 200
Figures = dict[str, tuple[np.ndarray, np.ndarray]]


def reached(items: np.ndarray, labels: Ragged, n_items: int) -> tuple[np.ndarray, np.ndarray]:
    """NDCG@10 and recall@200 of everybody; NaN without a label."""
    is_hit, n = is_in_rows(items, labels, n_items), labels.lengths()
    return ndcg_at(10, is_hit, n), recall_at(N_CANDIDATES, is_hit, n)


def fitted(data: str, seed: int) -> tuple[Retrieval, Histories, Ragged]:
    """Fit every source, the options too, on the training part; the neural ones are elsewhere."""
    dataset = load_dataset(data)
    config = suited(FitConfig(seed=seed), dataset)
    options = tuple(
        name
        for name in learnable()
        if SOURCES[name].is_option and not SOURCES[name].is_neural and name not in AGAIN
    )
    parts = split(dataset, seed=seed, how=config.split)
    days = parts.train_times / 86_400
    train = Histories(parts.n_items, parts.train, parts.train_is_liked, days)
    retrieval = fit_retrieval(
        train,
        Catalogue.from_items(dataset.items),
        replace(config.sources, options=options),
        n_candidates=N_CANDIDATES,
        seed=seed,
    )
    return retrieval, train, parts.labels


def measured(retrieval: Retrieval, train: Histories, labels: Ragged) -> tuple[Figures, Figures]:
    """Measure each source alone, and the union of the default ones without it or with it."""
    proposed = retrieval.propose(train)
    alone = {name: reached(one.items, labels, train.n_items) for name, one in proposed.items()}
    quality = {name: {"ndcg_at_10": float(np.nanmean(row[0]))} for name, row in alone.items()}
    weights = source_weights(quality)
    depth = {use.name: use.depth for use in retrieval.proposing}

    def union(names: list[str]) -> tuple[np.ndarray, np.ndarray]:
        proposals = [Proposals(proposed[name], depth[name], weights[name]) for name in names]
        fused = fuse(proposals, train, retrieval.popularity, N_CANDIDATES)
        return reached(fused.filtered, labels, train.n_items)

    usual = [name for name in proposed if not SOURCES[name].is_option]
    base, adds = union(usual), {}
    for name in proposed:
        if SOURCES[name].is_option:
            other, sign = union([*usual, name]), 1
        else:
            other, sign = union([one for one in usual if one != name]), -1
        adds[name] = tuple(sign * (new - old) for new, old in zip(other, base, strict=True))
    return alone, adds


def main(name: str, n_seeds: int) -> None:
    """Print a line a source: means of seeds, with the 95 % interval over people."""
    rows: dict[str, list[np.ndarray]] = {}
    seconds: dict[str, float] = {}
    for seed in range(n_seeds):
        retrieval, train, labels = fitted(name, seed)
        alone, adds = measured(retrieval, train, labels)
        for source in alone:
            rows.setdefault(source, []).append(np.stack([*alone[source], *adds[source]]))
            seconds[source] = retrieval.seconds[SOURCES[source].model]
    print(f"{name}, labels of the split, {n_seeds} seeds; ± half of the 95 % interval over people")
    print(
        f"{'source':20}{'':9}{'NDCG@10':>16}{'recall@200':>16}{'adds NDCG':>18}{'adds recall':>18}"
    )
    for source, found in rows.items():
        # seeds break ties of time in another way; people are the same
        figures = [mean_with_half_width(np.mean(f, axis=0)) for f in zip(*found, strict=True)]
        words = [f"{mean:.4f} ± {half:.4f}" for mean, half in figures[:2]]
        words += [f"{mean:+.4f} ± {half:.4f}" for mean, half in figures[2:]]
        kind = "option" if SOURCES[source].is_option else "default"
        print(
            f"{source:20}{kind:9}{words[0]:>16}{words[1]:>16}{words[2]:>18}{words[3]:>18}"
            f"{seconds[source]:8.1f} s",
            flush=True,
        )


if __name__ == "__main__":
    main(
        sys.argv[1] if len(sys.argv) > 1 else "movielens-100k",
        int(sys.argv[2]) if len(sys.argv) > 2 else 3,
    )
