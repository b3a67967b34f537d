"""The processes of a job: started, listened to, and stopped all where one fails."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numba

from engine.errors import ScenarioError, StudioError

__all__ = ["MOST_SHARDS", "cuts_of", "run_pool"]

MOST_SHARDS = 64
A_WHILE = 30.0
"""Seconds that a process has to end after it was asked to."""


def cuts_of(n: int, shards: int) -> list[tuple[int, int]]:
    """Cut ``n`` things into ``shards`` runs of nearly the same length; none is empty.

    >>> cuts_of(10, 3), cuts_of(2, 5)
    ([(0, 3), (3, 6), (6, 10)], [(0, 1), (1, 2)])

    Raises
    ------
    ScenarioError
        The number of shards is out of range.
    """
    if not 1 <= shards <= MOST_SHARDS:
        raise ScenarioError(f"--shards must be from 1 to {MOST_SHARDS}; got {shards}.")
    shards = max(min(n, shards), 1)
    return [(n * at // shards, n * (at + 1) // shards) for at in range(shards)]


def run_pool(folder: Path, n_shards: int, tell: Callable[[float], None]) -> None:
    """Do every shard of the job in ``folder``, each in a process of its own, all at once.

    ``tell`` hears the share done. Where one fails, or ``tell`` raises, the others are stopped.

    Raises
    ------
    StudioError
        A shard ended without having done its part; the sentence is its own.
    """
    shares, heard = [0.0] * n_shards, threading.Event()
    with _running(folder, n_shards) as processes:
        listeners = [
            threading.Thread(target=_listen, args=(process, shares, at, heard), daemon=True)
            for at, process in enumerate(processes)
        ]
        for listener in listeners:
            listener.start()
        while any(listener.is_alive() for listener in listeners):
            heard.wait(0.2)
            heard.clear()
            tell(sum(shares) / n_shards)
            _refuse(processes)
        for process in processes:
            process.wait()
        _refuse(processes)


def _listen(
    process: subprocess.Popen[str], shares: list[float], at: int, heard: threading.Event
) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        shares[at] = float(line)
        heard.set()
    heard.set()


def _refuse(processes: list[subprocess.Popen[str]]) -> None:
    for at, process in enumerate(processes, start=1):
        if process.poll():
            assert process.stderr is not None
            said = process.stderr.read().strip().splitlines()
            why = said[-1] if said else f"it ended with status {process.returncode}"
            raise StudioError(f"Shard {at} of {len(processes)}: {why}")


@contextmanager
def _running(folder: Path, n_shards: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Start the processes, which share the cores; end those that still run."""
    threads = max(numba.config.NUMBA_NUM_THREADS // n_shards, 1)
    given = {**os.environ, "NUMBA_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    root = str(Path(__file__).resolve().parents[2])
    given["PYTHONPATH"] = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    processes: list[subprocess.Popen[str]] = []
    try:
        for shard in range(n_shards):
            command = [sys.executable, "-m", "engine.shards.worker", str(folder), str(shard)]
            process = subprocess.Popen(
                command, env=given, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            processes.append(process)
        yield processes
    finally:
        for process in processes:
            if process.poll() is None:
                process.terminate()
        for process in processes:
            try:
                process.wait(A_WHILE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
