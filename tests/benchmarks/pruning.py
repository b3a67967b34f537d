"""What keeping only the strongest links of each item loses, measured on the labels.

Usage: ``python -m tests.benchmarks.pruning [DATA]`` (movielens-100k). Each source with dense
weights is fitted once with all links and once with so many; no test is looked at.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.data import load_dataset
from engine.fit_config import FitConfig, suited
from engine.fit_data import Prepared, prepared
from engine.held_out import is_in_rows, mean_with_half_width, ndcg_at, recall_at
from engine.pipeline.retrieval.registry import MODELS, SOURCES
from engine.pipeline.retrieval.source_config import SourceConfig

KEPT = (50, 100, 200, 400)
NAMES = ("ease", "ease_seen_last_20", "directed_ridge")
DEPTH = 200


def found(
    data: Prepared, name: str, config: SourceConfig, links: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """NDCG@10 and recall@200 of everybody by one source, and its number of links."""
    record, labels = SOURCES[name], data.parts.labels
    settings = replace(config, links_per_item=links)
    model = MODELS[record.model].fit(data.train, data.catalogue, settings, 0)
    lists = model.source(record.profile).propose(data.train, DEPTH).items
    is_hit = is_in_rows(lists, labels, data.parts.n_items)
    lengths = labels.lengths()
    kept = int(model.report()["links"])
    return ndcg_at(10, is_hit, lengths), recall_at(DEPTH, is_hit, lengths), kept


def main(name: str) -> None:
    """Print a line for each source and number of links."""
    dataset = load_dataset(name)
    config = suited(FitConfig(), dataset)
    data = prepared(dataset, config)
    n_items = data.parts.n_items
    for source in NAMES:
        ndcg, recall, links = found(data, source, config.sources, n_items)
        said = [mean_with_half_width(one) for one in (ndcg, recall)]
        n = int(np.isfinite(ndcg).sum())
        print(
            f"{name}, {source}, all {links:,} links: NDCG@10 {said[0][0]:.4f} ± {said[0][1]:.4f}, "
            f"recall@{DEPTH} {said[1][0]:.4f} ± {said[1][1]:.4f}, n = {n:,}"
        )
        for kept in KEPT:
            other, other_recall, links = found(data, source, config.sources, kept)
            lost = mean_with_half_width(other - ndcg)
            lost_recall = mean_with_half_width(other_recall - recall)
            print(
                f"  {kept:4} an item, {links:,}: NDCG@10 {lost[0]:+.4f} ± {lost[1]:.4f}, "
                f"recall {lost_recall[0]:+.4f} ± {lost_recall[1]:.4f}",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "movielens-100k")
