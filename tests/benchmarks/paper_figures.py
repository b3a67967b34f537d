"""The figures of Pei et al. 2019 for lists with labels, and how orders of lists are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.held_out import mean_with_half_width
from engine.pipeline.ranking.blend_choice import GRID
from engine.pipeline.ranking.folds import N_FOLDS, folds_of
from engine.pipeline.second.out_of_fold import TaughtLists
from engine.pipeline.second.stage import mixed

FIGURES = ("P@5", "P@10", "MAP@5", "MAP@10", "MAP")
Figures = Mapping[str, np.ndarray]
"""Each figure's values, float64 of shape (n_people,), NaN where undefined."""


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


def by_person(values: np.ndarray, people: np.ndarray, n_people: int | None = None) -> np.ndarray:
    """Mean of each person's lists, float64 of shape (n_people,); NaN where none is known.

    Lists of one person are not independent: intervals are over people.
    """
    known = ~np.isnan(values)
    n = n_people or int(people.max()) + 1
    total = np.bincount(people[known], values[known], minlength=n)
    count = np.bincount(people[known], minlength=n)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def over_seeds(seeds: Sequence[np.ndarray]) -> np.ndarray:
    """Mean of each person over the seeds that know them; NaN where none does."""
    table = np.stack(seeds)
    known = ~np.isnan(table)
    n = known.sum(axis=0)
    return np.where(n > 0, np.where(known, table, 0).sum(axis=0) / np.maximum(n, 1), np.nan)


def gain_words(gain: np.ndarray) -> str:
    """Mean of paired differences × 100, and half of its 95 % interval over people."""
    mean, half = mean_with_half_width(100 * gain)
    return f"{mean:+.2f} ± {half:.2f}"


def print_rows(
    title: str, rows: Mapping[str, Sequence[Figures]], first: Sequence[Figures], seconds: Mapping
) -> None:
    """Print a row for each order, paired with the first one's in the same seed.

    Parameters
    ----------
    title : str
    rows : mapping of str to sequence of figures
        A row's figures, seed by seed.
    first : sequence of figures
        What is compared with, in the same seeds.
    seconds : mapping of str to float
        CPU seconds of a row in one seed; nothing where it is not known.
    """
    base = {one: over_seeds([table[one] for table in first]) for one in FIGURES}
    n = int((~np.isnan(base["MAP"])).sum())
    said = "  ".join(f"{one} {100 * np.nanmean(base[one]):.2f}" for one in FIGURES)
    print(f"\n{title}; {len(first)} seeds, n = {n:,} people\n{'compared with':34}{said}")
    print(f"{'gained, × 100, 95 %':34}" + "".join(f"{one:>16}" for one in FIGURES), end="")
    print(f"{'MAP@10 by seed':>34}{'s a seed':>10}")
    for name, tables in rows.items():
        gains = {
            one: [new[one] - old[one] for new, old in zip(tables, first, strict=True)]
            for one in FIGURES
        }
        cells = "".join(f"{gain_words(over_seeds(gains[one])):>16}" for one in FIGURES)
        by_seed = " ".join(f"{100 * np.nanmean(one):+.2f}" for one in gains["MAP@10"])
        print(f"{name:34}{cells}{by_seed:>34}{seconds.get(name, np.nan):10.0f}", flush=True)
