"""What a sentence model is worth beside TF-IDF where descriptions say alike things in other words.

Usage: ``python -m tests.benchmarks texts``. An invented service of 400 people and 240 items: twelve
topics of twenty descriptions each, written so that those of one topic share few words; topics drive
what is liked, and there are no genres and no titles but ids. MovieLens 100K and the simulated
service, whose items have titles and genres alone, stand beside it. Labels alone; a fourth of the
items at a time is new: nobody has met one. Last, by how many words of a description are left: from
how many on texts are worth it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data import Dataset, load_dataset
from engine.data.assembly import assemble
from engine.fit_config import FitConfig, suited
from engine.fit_data import Prepared, prepared
from engine.held_out import is_in_rows, mean_with_half_width, ndcg_at, recall_at
from engine.pipeline.report.cold_items import with_few_of
from engine.pipeline.retrieval.als import als_of
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.factor_search import grid_rows
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.registry import MODELS, SOURCES
from engine.pipeline.retrieval.sentences import sentences_of
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.pipeline.text.extra import TEXT_MISSING, has_sentences

PARAPHRASES = Path(__file__).with_name("paraphrases.txt")
FOLDS, LEAST_LIKES = 4, 10
WORDS = (1, 2, 3, 4, 6, 8)
OF_CONTENT = ("content", "content_bm25", "sentences")
AGAINST = "content"
Figures = dict[str, NDArray[np.float64]]


def descriptions() -> tuple[NDArray[np.int64], list[str]]:
    """Topic and sentence of every item."""
    lines = PARAPHRASES.read_text(encoding="utf-8").splitlines()
    topics, texts = zip(*(line.split("\t") for line in lines), strict=True)
    return np.unique(topics, return_inverse=True)[1], list(texts)


def invented(n_people: int = 400, n_likes: int = 24, *, seed: int = 0) -> Dataset:
    """Invent people with three topics each, in which an item is thirty times as likely."""
    rng = np.random.default_rng(seed)
    topic, texts = descriptions()
    pull = rng.lognormal(0, 0.7, len(topic))
    rows = []
    for person in range(n_people):
        own = np.isin(topic, rng.choice(topic.max() + 1, 3, replace=False))
        weight = pull * np.where(own, 1.0, 1 / 30)
        item = rng.choice(len(topic), n_likes, replace=False, p=weight / weight.sum())
        when = np.sort(rng.integers(0, 365 * 86_400, n_likes)) + 1_600_000_000
        rows.append(pd.DataFrame({"user_id": f"u{person}", "item_id": item, "timestamp": when}))
    table = pd.concat(rows, ignore_index=True)
    table["timestamp"] = table["timestamp"].to_numpy().astype("datetime64[s]")
    table["item_id"] = "i" + table["item_id"].astype(str)
    ids = [f"i{item}" for item in range(len(texts))]
    items = pd.DataFrame({"item_id": ids, "title": ids, "description": texts})
    users = pd.DataFrame({"user_id": [f"u{person}" for person in range(n_people)]})
    said = {"name": "paraphrased", "title": "Paraphrases", "provenance": "simulated"}
    return assemble(table.assign(value=5.0), items, users, **said, liked_threshold=4.0)


def laid_out(dataset: Dataset) -> Prepared:
    """Split a data set as a fit does."""
    return prepared(dataset, suited(FitConfig(), dataset))


def scores_of(
    catalogue: Catalogue, known: Histories, items: NDArray[np.int64]
) -> dict[str, NDArray[np.floating]]:
    """Scores of some items for everybody: by chance, by sources of content, by guessed taste."""
    every = np.tile(items.astype(np.int32), (known.n_people, 1))
    found: dict[str, NDArray[np.floating]] = {
        "by chance": np.random.default_rng(0).random(every.shape)
    }
    for name in OF_CONTENT:
        model = MODELS[name].fit(known, catalogue, SourceConfig(), 0)
        source = model.source(SOURCES[name].profile)
        found[name] = source.score(known, grid_rows(every)).reshape(every.shape)
    for name, config in (
        ("taste, mean of the genres", SourceConfig(content_ridge=0.0)),
        ("taste, guessed by TF-IDF", SourceConfig()),
        ("taste, by TF-IDF and sentences", SourceConfig(options=("sentences",))),
    ):
        als = als_of(known, catalogue, config, 0)
        found[name] = als.factors_of(known) @ als.item_factors[items].T
    return found


def new_items(data: Prepared, catalogue: Catalogue) -> Figures:
    """NDCG@10 and recall@10 of the order among new items: name → array (2, people · folds)."""
    train, labels = data.train, data.parts.labels
    liked = np.bincount(train.liked.indices, minlength=train.n_items)
    able = np.flatnonzero(liked >= LEAST_LIKES)
    values: dict[str, list[NDArray[np.float64]]] = {}
    for number in range(FOLDS):
        items = able[np.arange(len(able)) % FOLDS == number]
        known = with_few_of(train, items, 0)
        is_met = train.views[:, items].toarray() > 0
        every = np.tile(items.astype(np.int32), (train.n_people, 1))
        is_label = is_in_rows(every, labels, train.n_items)
        n_labels = is_label.sum(axis=1)
        for name, own in scores_of(catalogue, known, items).items():
            order = np.argsort(-np.where(is_met, -np.inf, own), axis=1, kind="stable")[:, :10]
            is_hit = np.take_along_axis(is_label, order, axis=1)
            both = np.stack([ndcg_at(10, is_hit, n_labels), recall_at(10, is_hit, n_labels)])
            values.setdefault(name, []).append(both)
    return {name: np.concatenate(parts, axis=1) for name, parts in values.items()}


def print_figures(title: str, found: Mapping[str, NDArray[np.float64]]) -> None:
    """Print a line each, with the paired difference to TF-IDF."""
    n = int((~np.isnan(found[AGAINST][0])).sum())
    print(f"\n{title}: order among new items, labels, n = {n:,}; ± half of the 95 % interval")
    for name, own in found.items():
        words = []
        for row, base in zip(own, found[AGAINST], strict=True):
            mean, half = mean_with_half_width(row)
            gain, of_gain = mean_with_half_width(row - base)
            words.append(f"{mean:.4f} ± {half:.4f} ({gain:+.4f} ± {of_gain:.4f})")
        print(f"  {name:30} NDCG@10 {words[0]}  recall@10 {words[1]}", flush=True)


def cut(catalogue: Catalogue, n_words: int) -> Catalogue:
    """Keep the first words of each description, and no title."""
    described = [text.partition(". ")[2].split() for text in catalogue.texts]
    return replace(catalogue, texts=tuple(" ".join(words[:n_words]) for words in described))


def run() -> dict[str, dict]:
    """Measure on three data sets, then by the number of words."""
    if not has_sentences():
        print(f"Not measured: {TEXT_MISSING}")
        return {}
    rows: dict[str, dict] = {}
    for name in ("paraphrases", "movielens-100k", "simulated"):
        data = laid_out(invented() if name == "paraphrases" else load_dataset(name))
        begun = time.process_time()
        sentences_of(data.catalogue)
        seconds = time.process_time() - begun
        found = new_items(data, data.catalogue)
        print_figures(f"{name}, texts read in {seconds:.1f} CPU s", found)
        recall = {one: float(np.nanmean(row[1])) for one, row in found.items()}
        rows[f"texts, {name}"] = {
            "seconds": seconds,
            "ratio": recall["sentences"],
            "unit": " recall@10",
            "against": f"TF-IDF {recall[AGAINST]:.4f}, new items",
        }
    data = laid_out(invented())
    for n_words in WORDS:
        found = new_items(data, cut(data.catalogue, n_words))
        shown = {name: row for name, row in found.items() if not name.startswith("taste")}
        print_figures(f"paraphrases, the first {n_words} words", shown)
    return rows
