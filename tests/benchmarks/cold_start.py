"""What somebody or something new is served by, compared on the labels: groups, and content.

Beside genres and words stand what texts mean, and both, where the sentence model is installed.

Usage: ``python -m tests.benchmarks.cold_start [DATA]`` (movielens-100k). No test is looked at:
histories are the training part, and are held against the likes that come right after.
"""

from __future__ import annotations

import sys

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.data import load_dataset
from engine.fit_config import FitConfig, suited
from engine.fit_data import Prepared, prepared
from engine.held_out import is_in_rows, mean_with_half_width, ndcg_at
from engine.pipeline.ranking.item_statistics import item_statistics
from engine.pipeline.ranking.ordering import group_prior
from engine.pipeline.report.cold_items import with_few_of
from engine.pipeline.retrieval.als import fit_als
from engine.pipeline.retrieval.content import content_vectors
from engine.pipeline.retrieval.new_items import with_new_items
from engine.pipeline.retrieval.sentences import sentences_of
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.pipeline.text.extra import has_sentences

FOLDS = 4
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
RIDGES = (3.0, 10.0, 30.0, 100.0)
IN_USE = f"content, ridge {SourceConfig().content_ridge:g}"
Values = dict[str, list[NDArray[np.float64]]]


def people_lines(data: Prepared) -> None:
    """Print NDCG@10 of what is popular, by the weight of groups, for people nobody knows."""
    train, labels = data.train, data.parts.labels
    fold = np.arange(train.n_people) % FOLDS
    values: Values = {}
    for number in range(FOLDS):
        others, asked = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        of = item_statistics(train.take(others), data.read_codes[others])
        every = np.tile(np.arange(train.n_items, dtype=np.int32), (len(asked), 1))
        is_met = train.take(asked).views.toarray() > 0
        own = labels.take(asked)
        for weight in WEIGHTS:
            prior = group_prior(of.liked, of.group_lift, data.read_codes[asked], every, weight)
            order = np.argsort(np.where(is_met, np.inf, -prior), axis=1, kind="stable")[:, :10]
            is_hit = is_in_rows(order.astype(np.int32), own, train.n_items)
            found = ndcg_at(10, is_hit, own.lengths())
            values.setdefault(f"groups by {weight:g}", []).append(found)
    print("Somebody new: popularity, times the lift of their groups to a power")
    _print(values)


def item_lines(data: Prepared) -> None:
    """Print NDCG@10 of the order among new items, by the regression's penalty."""
    train, labels, settings = data.train, data.parts.labels, SourceConfig().als
    liked = np.bincount(train.liked.indices, minlength=train.n_items)
    able = np.flatnonzero(liked >= 10)
    words = content_vectors(data.catalogue)
    meaning = sentences_of(data.catalogue) if has_sentences() else None
    contents = {"content": (words, None)}
    if meaning is not None:
        nothing = sp.csr_matrix((train.n_items, 0), dtype=np.float32)
        contents |= {"sentences": (nothing, meaning), "both": (words, meaning)}
    values: Values = {}
    for number in range(FOLDS):
        items = able[np.arange(len(able)) % FOLDS == number]
        known = with_few_of(train, items, 0)
        als = fit_als(known.likes, settings, seed=0)
        people = als.fold_in(known.likes)
        n_likes = np.bincount(known.liked.indices, minlength=train.n_items)
        is_met = train.views[:, items].toarray() > 0
        every = np.tile(items.astype(np.int32), (train.n_people, 1))
        is_label = is_in_rows(every, labels, train.n_items)
        guessed = {"mean of the genres": with_new_items(als.item_factors, n_likes, data.catalogue)}
        guessed |= {
            f"{name}, ridge {ridge:g}": with_new_items(
                als.item_factors,
                n_likes,
                data.catalogue,
                content=content,
                meaning=meant,
                ridge=ridge,
            )
            for name, (content, meant) in contents.items()
            for ridge in RIDGES
        }
        for name, factors in guessed.items():
            scores = np.where(is_met, -np.inf, people @ factors[items].T)
            order = np.argsort(-scores, axis=1, kind="stable")[:, :10]
            is_hit = np.take_along_axis(is_label, order, axis=1)
            values.setdefault(name, []).append(ndcg_at(10, is_hit, is_label.sum(axis=1)))
    print(f"New items: {len(able):,} with ten likes or more, a fourth at a time without any")
    _print(values, IN_USE)


def _print(values: Values, *others: str) -> None:
    joined = {name: np.concatenate(parts) for name, parts in values.items()}
    first = next(iter(joined))
    for name, own in joined.items():
        mean, half = mean_with_half_width(own)
        words = [f"{mean:.4f} ± {half:.4f}"]
        for said, other in (("the first", first), *((f"“{one}”", one) for one in others)):
            gain, of_gain = mean_with_half_width(own - joined[other])
            words.append(f"against {said} {gain:+.4f} ± {of_gain:.4f}")
        n = int((~np.isnan(own)).sum())
        print(f"  {name:22} {', '.join(words)}, n = {n:,}", flush=True)


if __name__ == "__main__":
    dataset = load_dataset(sys.argv[1] if len(sys.argv) > 1 else "movielens-100k")
    laid_out = prepared(dataset, suited(FitConfig(), dataset))
    people_lines(laid_out)
    item_lines(laid_out)
