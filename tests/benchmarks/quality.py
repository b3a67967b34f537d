"""How good the lists are: the README's figures, with what other seeds and other people would give.

Usage: ``python -m tests.benchmarks.quality [N_SEEDS]`` (default 5; about a minute a fit).
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from engine.arrays import Ragged
from engine.artifacts import Artifacts, open_artifacts
from engine.data import Dataset, load_dataset, split
from engine.data.split import ONE_MOMENT, PER_PERSON
from engine.evaluation import evaluate_scenario
from engine.fit import fit
from engine.fit_config import FitConfig
from engine.held_out import is_in_rows, ndcg_at
from engine.metrics.intervals import t_quantile
from engine.metrics.registry import METRICS
from engine.pipeline.retrieval.ease import ease_weights
from engine.scenario import NEUTRAL
from engine.user_groups import ALL_ATTRIBUTES

JUDGED = ("unjudged", "dislike_rate", "precision", "judged_precision", "condensed_ndcg", "bpref")
SECONDS_PER_DAY = 86_400


def likes_alone(dataset: Dataset) -> Dataset:
    """Leave out what was not liked, from histories and from what is left out of lists."""
    table = dataset.interactions
    liked = table[table["value"] >= dataset.liked_threshold].reset_index(drop=True)
    return replace(dataset, interactions=liked)


def fitted(dataset: Dataset, config: FitConfig) -> Artifacts:
    """Fit into a folder that is gone afterwards; arrays stay readable while they are open."""
    with tempfile.TemporaryDirectory() as out:
        return open_artifacts(fit(dataset, Path(out), config=config).parent)


def quality_lines(name: str, dataset: Dataset, config: FitConfig, n_seeds: int) -> None:
    """Print each order's NDCG@10: the first seed's with its interval, and the spread of seeds."""
    runs = [
        fitted(dataset, replace(config, seed=seed)).manifest["metrics"]["quality"]
        for seed in range(n_seeds)
    ]
    print(f"\n{name}")
    for order, row in runs[0].items():
        found = [run[order]["ndcg_at_10"] or np.nan for run in runs]
        spread = f"{np.std(found, ddof=1):.4f}" if n_seeds > 1 else "–"
        print(
            f"  {order:28} mean of seeds {np.mean(found):.4f}, sd of seeds {spread}, sampling "
            f"± {row['ndcg_half_width']:.4f}, n = {row['n']}",
            flush=True,
        )


def judged_lines(name: str, artifacts: Artifacts) -> None:
    """Print what is known of the shown places of neutral lists."""
    found = evaluate_scenario(artifacts, NEUTRAL)
    print(f"\n{name}: the first {NEUTRAL.k} places of {found.n_users} people")
    for metric in JUDGED:
        figure = found.figures[metric]
        print(
            f"  {METRICS[metric].label:28} {figure.value:.4f} [{figure.low:.4f}, "
            f"{figure.high:.4f}], n = {figure.n}"
        )
    lists = found.measured.items
    n_liked = is_in_rows(lists, artifacts.holdout, artifacts.n_items).sum()
    n_not = is_in_rows(lists, artifacts.later_not_liked, artifacts.n_items).sum()
    n_places = (lists >= 0).sum()
    print(
        f"  of {n_places} places {n_liked} liked later, {n_not} not liked, "
        f"{n_places - n_liked - n_not} unjudged; precision among judged places together "
        f"{n_liked / (n_liked + n_not):.4f}",
        flush=True,
    )


def ease_of(likes: sp.csr_matrix) -> np.ndarray:
    """Weights of EASE, as dense as they are, at the regularisation that suits this data set."""
    rows = Ragged(likes.indptr.astype(np.int64), likes.indices.astype(np.int32))
    return ease_weights(rows, likes.shape[1], 400.0)


def first_ten(scores: np.ndarray) -> np.ndarray:
    """Ten best items of each row, best first; ties by item."""
    return np.argsort(-scores, axis=1, kind="stable")[:, :10].astype(np.int32)


def future_lines(dataset: Dataset) -> None:
    """Print what EASE loses where it may not know what others did after a person's history ends.

    The person's own history is the same both times; only the others' is cut, at the start of the
    day of the person's last interaction before the test.
    """
    parts = split(dataset)
    n, n_items = parts.n_users, parts.n_items
    rows = np.repeat(np.arange(n), parts.seen.lengths())
    liked = parts.seen_is_liked
    day = parts.seen_times // SECONDS_PER_DAY
    last_day = day[parts.seen.indptr[1:] - 1]

    def likes(is_kept: np.ndarray) -> sp.csr_matrix:
        places = rows[is_kept], parts.seen.indices[is_kept]
        return sp.csr_matrix((np.ones(is_kept.sum(), np.float32), places), shape=(n, n_items))

    own, whole = likes(liked), ease_of(likes(liked))
    values = np.empty((n, 2))
    for today in np.unique(last_day):
        people = np.flatnonzero(last_day == today)
        links = whole, ease_of(likes(liked & (day < today)))
        for column, link in enumerate(links):
            scores = np.asarray(own[people] @ link, dtype=np.float32)
            for place, person in enumerate(people):
                scores[place, parts.seen.row(person)] = -np.inf
            held = parts.holdout.take(people)
            is_hit = is_in_rows(first_ten(scores), held, n_items)
            values[people, column] = ndcg_at(10, is_hit, held.lengths())
    change = values[:, 1] - values[:, 0]
    half = float(t_quantile(np.array([n - 1]))[0]) * change.std(ddof=1) / np.sqrt(n)
    known, unknown = values.mean(axis=0)
    print(
        f"\nEASE alone, n = {n}: {known:.4f} with what others did later, {unknown:.4f} without "
        f"({unknown / known - 1:+.1%}; paired change {change.mean():+.4f} ± {half:.4f})",
        flush=True,
    )


def main(n_seeds: int) -> int:
    """Print everything."""
    dataset = load_dataset("movielens-100k")
    future_lines(dataset)
    for how in (PER_PERSON, ONE_MOMENT):
        config = FitConfig(split=how)
        judged_lines(how, fitted(dataset, config))
        quality_lines(f"{how}, everything rated is left out", dataset, config, n_seeds)
        quality_lines(f"{how}, from likes alone", likes_alone(dataset), config, n_seeds)
        without = replace(config, without=(ALL_ATTRIBUTES,))
        quality_lines(f"{how}, ranker without people's attributes", dataset, without, n_seeds)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
