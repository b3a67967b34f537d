"""Long benchmarks in pieces: each in a process of its own, beside others, and kept when it is done.

A benchmark that is stopped goes on where it was: what its folder holds is not measured again.
``RERANK_STUDIO_PROCESSES`` says how many run at once (1), each on one thread.
"""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

import numpy as np

from engine.threads import THREADS_SETTING

PROCESSES_SETTING = "RERANK_STUDIO_PROCESSES"
FOLDER_SETTING = "RERANK_STUDIO_MEASURED"
Arrays = dict[str, np.ndarray]
Piece = Callable[[], Arrays]


def measured_folder(name: str) -> Path:
    """Where a benchmark's pieces are kept: a folder that git does not know."""
    folder = Path(os.environ.get(FOLDER_SETTING, ".artifacts/measured")) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def file_of(folder: Path, name: str) -> Path:
    """Return where a piece of this name is kept."""
    return folder / (name.replace(" ", "-").replace(",", "") + ".npz")


def run_pieces(pieces: Mapping[str, Piece], folder: Path) -> None:
    """Measure what the folder does not hold yet; a piece that fails is told and left out."""
    left = {name: piece for name, piece in pieces.items() if not file_of(folder, name).is_file()}
    n = int(os.environ.get(PROCESSES_SETTING, "1"))
    one_thread = dict.fromkeys((THREADS_SETTING, "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    pool = ProcessPoolExecutor(n, mp_context=get_context("spawn"), max_tasks_per_child=1)
    with patch.dict(os.environ, one_thread), pool:  # what a process starts with
        begun = time.perf_counter()
        running = {pool.submit(partial(_kept, file_of(folder, a), b)): a for a, b in left.items()}
        for number, piece in enumerate(as_completed(running), 1):
            said = piece.result() or f"{time.perf_counter() - begun:.0f} s"
            print(f"[{number}/{len(left)}] {running[piece]}: {said}", flush=True)


def read_pieces(names: Mapping[str, Piece], folder: Path) -> dict[str, Arrays]:
    """Read the pieces that are there."""
    found = {}
    for name in names:
        if file_of(folder, name).is_file():
            with np.load(file_of(folder, name), allow_pickle=False) as file:
                found[name] = dict(file)
    return found


def _kept(path: Path, piece: Piece) -> str:
    begun = time.process_time()
    try:
        arrays = piece()
    except Exception:
        return traceback.format_exc()
    arrays.setdefault("seconds", np.array(time.process_time() - begun))
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, allow_pickle=False, **arrays)
    part.replace(path)
    return ""
