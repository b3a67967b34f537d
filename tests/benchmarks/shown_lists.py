"""Lists shown to people where neighbours compete, and trees that learned from clicks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import lightgbm as lgb
import numpy as np

from engine.artifacts import open_artifacts
from engine.data import artifact_folder
from engine.pipeline.second.registry import SECONDS
from engine.pipeline.second.stage import ListSet, SecondConfig
from engine.simulate.click_log import click_log
from engine.simulate.kernels.competition import compete
from engine.simulate.world import TRUTH, world_of
from tests.benchmarks.pieces import Arrays

K, VISITS, N_PARTS = 30, 8, 3
CONFIG = SecondConfig(
    first=K, members=3, batch=128, epochs=20, patience=8, rate=5e-3, dropout=0.1, falls=True
)


@dataclass(frozen=True, eq=False)
class Log:
    """Lists as shown with the trees' score, clicks, the truth, and who is tested on.

    ``chances`` are of a click where the list is seen, ``own`` a title's own appeal. The arrays are
    of shape (n_lists, 30); ``people`` and ``is_test`` of shape (n_lists,).
    """

    items: np.ndarray
    people: np.ndarray
    is_clicked: np.ndarray
    chances: np.ndarray
    own: np.ndarray
    is_test: np.ndarray
    trees: np.ndarray
    genres: np.ndarray
    genre_names: np.ndarray

    @classmethod
    def read(cls, path: Path) -> Log:
        """Read what :func:`made` gave."""
        with np.load(path, allow_pickle=False) as file:
            return cls(**{name: file[name] for name in cls.__dataclass_fields__})

    @property
    def lists(self) -> ListSet:
        """What networks are given of all lists."""
        held, is_there = self.genres[self.items].astype(np.float32), np.ones(self.items.shape, bool)
        return ListSet(held, self.trees, is_there, self.people)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the genres."""
        return tuple(str(name) for name in self.genre_names)


def made(seed: int) -> Arrays:
    """Draw a log, and let trees learn from its clicks."""
    artifacts = open_artifacts(artifact_folder("simulated"))
    world = world_of(artifacts, TRUTH)
    log = click_log(artifacts, world, k=K, visits=VISITS, seed=seed)
    rows = log.people[:, None], log.places
    genres = np.asarray(artifacts.genre_matrix)
    held = genres[log.items].astype(np.float32)
    features = np.concatenate([np.asarray(artifacts.features)[rows], held], axis=2)
    scores = np.asarray(artifacts.scores)[rows].astype(np.float32)
    names = (*artifacts.manifest["feature_names"], *artifacts.genre_names)
    is_there = np.ones(log.items.shape, bool)
    whole = ListSet(features.astype(np.float32), scores, is_there, log.people)
    part = np.random.default_rng((seed, 77)).permutation(artifacts.n_users) % N_PARTS
    return {
        "items": log.items,
        "people": log.people,
        "is_clicked": log.is_clicked,
        "chances": log.chances.astype(np.float32),
        "own": world.preference[np.searchsorted(world.people, log.people)[:, None], log.items],
        "is_test": part[log.people] == 0,
        "trees": on_clicks(whole, log.is_clicked, names, part[log.people], seed),
        "genres": genres,
        "genre_names": np.array(artifacts.genre_names),
    }


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
