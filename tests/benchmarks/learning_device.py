"""Where networks are learned: one core beside the GPU, in seconds, and what each comes to there.

Usage: ``python -m tests.benchmarks.learning_device`` (where there is no GPU, the core alone).
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from functools import partial

import numpy as np

from engine.data.contract import Dataset
from engine.fit_config import FitConfig
from engine.fit_data import Prepared, prepared
from engine.pipeline.retrieval.source_config import SourceConfig
from tests.benchmarks.neural import planted
from tests.benchmarks.pieces import Arrays, Piece, measured_folder, read_pieces, run_pieces

SOURCES = ("SASRec", "GRU4Rec", "two towers", "NeuMF", "LightGCN")
LISTS = {"PRM, 620 lists of 50": (620, 50, 51), "PRM, 10,656 lists of 30": (10_656, 30, 20)}
SIZES = {"600 x 400": (600, 40, 80), "6,000 x 4,000": (6_000, 40, 800)}
FEW = 3
"""Epochs that are timed, all of them learned from to the end."""


def source(what: str, data: Prepared, config: SourceConfig, epochs: int | None) -> float:
    """Learn a source's network; return its best figure on the people held back."""
    from engine.pipeline.neural import learn_graph, learn_neumf, learn_sequences, learn_towers

    def of(settings):
        return replace(settings, epochs=epochs) if epochs else settings

    train, catalogue = data.train, data.catalogue
    if what in ("SASRec", "GRU4Rec"):
        make = {
            "SASRec": learn_sequences.attention_net,
            "GRU4Rec": learn_sequences.recurrent_net,
        }[what]
        settings = config.sasrec if what == "SASRec" else config.gru
        return learn_sequences.learn_sequences(train, of(settings), 0, make).best
    if what == "two towers":
        return learn_towers.learn_towers(train, catalogue, of(config.towers), 0)[-1].best
    if what == "NeuMF":
        return learn_neumf.learn_neumf(train, catalogue, of(config.neumf), 0)[-1].best
    return learn_graph.learn_graph(train, of(config.graph), 0)[-1].best


def over_lists(what: str) -> float:
    """Learn one PRM from drawn lists, for so many epochs; nothing of it is worth a figure."""
    from engine.pipeline.second.registry import SECONDS
    from engine.pipeline.second.stage import ListSet, SecondConfig

    n_lists, n, n_features = LISTS[what]
    rng = np.random.default_rng(0)
    features = rng.standard_normal((n_lists, n, n_features)).astype(np.float32)
    scores = -np.sort(-rng.standard_normal((n_lists, n))).astype(np.float32)
    lists = ListSet(features, scores, np.ones((n_lists, n), bool))
    is_label = rng.random((n_lists, n)) < 0.1
    batch = 32 if n_lists < 1_000 else 128
    config = SecondConfig(first=n, members=1, epochs=FEW, patience=FEW, batch=batch)
    names = tuple(f"feature {one}" for one in range(n_features))
    SECONDS["prm"].fit(lists, is_label, names, config, 0)
    return float("nan")


def piece(what: str, size: str, epochs: int | None, *, gpu: bool) -> Arrays:
    """Time learning; what a device needs to begin with is not counted."""
    os.environ["CUDA_VISIBLE_DEVICES"] = "0" if gpu else ""
    import torch

    from engine.pipeline.neural.training import learning_device

    if learning_device().type != ("cuda" if gpu else "cpu"):
        raise RuntimeError("the device that was asked for is not there")
    torch.ones((64, 64), device=learning_device()) @ torch.ones((64, 64), device=learning_device())
    run = partial(over_lists, what)
    if size:
        dataset: Dataset = planted(*SIZES[size])
        config = FitConfig()
        run = partial(source, what, prepared(dataset, config), config.sources, epochs)
    begun = time.perf_counter()
    best = run()
    return {"wall": np.array(time.perf_counter() - begun), "best": np.array(best)}


def main() -> None:
    """Print seconds of learning on one core and on the GPU."""
    import torch

    places = ("core", "GPU")[: 1 + torch.cuda.is_available()]
    asked = [(what, "", FEW) for what in LISTS]
    asked += [(what, "600 x 400", None) for what in SOURCES]
    asked += [(what, "6,000 x 4,000", FEW) for what in SOURCES]
    pieces: dict[str, Piece] = {
        f"{what} {size} {place}": partial(piece, what, size, epochs, gpu=place == "GPU")
        for what, size, epochs in asked
        for place in places
    }
    folder = measured_folder("learning_device")
    run_pieces(pieces, folder)
    found = read_pieces(pieces, folder)
    for what, size, epochs in asked:
        cells = [found.get(f"{what} {size} {place}") for place in places]
        said = [f"{float(one['wall']):8.2f} s ({float(one['best']):.3f})" for one in cells if one]
        span = f"{epochs} epochs" if epochs else "to the end"
        print(f"{what:26}{size:16}{span:12}" + "".join(said), flush=True)


if __name__ == "__main__":
    main()
