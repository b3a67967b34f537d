"""A command of the engine in a process of its own: progress, stopping it, why it failed."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from engine.analysis.trials import Told
from engine.commands.step_lines import read_step
from engine.errors import DataError, StudioError

__all__ = ["SHARES", "run_engine", "share_of"]

ROOT = Path(__file__).resolve().parents[2]
LOOK = 0.3
PATIENCE = 20
NICE = 10

SHARES: dict[str, float] = {
    "Split by time": 0.02,
    "Sources, before the labels": 0.17,
    "Quality of the sources": 0.04,
    "Candidates, before the labels": 0.17,
    "Ranker": 0.22,
    "Sources, whole history": 0.14,
    "Index": 0.02,
    "Candidates and ranking, whole history": 0.18,
    "Quality": 0.02,
    "Artifacts": 0.02,
}
"""Stage of a fit → its part of the time, as measured on MovieLens 100K."""


def share_of(step: str, share: float) -> float:
    """Return how much of a fit is done.

    >>> round(share_of("Quality of the sources", 0.5), 2)
    0.21
    """
    before = 0.0
    for name, part in SHARES.items():
        if name == step:
            return before + part * min(share, 1.0)
        before += part
    return 0.0


def run_engine(
    arguments: Sequence[str],
    tell: Told,
    *,
    on_step: Callable[[str], None] = lambda _: None,
    begins: float = 0.0,
    ends: float = 1.0,
) -> list[str]:
    """Run ``python -m engine …`` and tell of its progress; return what it printed besides.

    It runs behind others (a lower priority). Where ``tell`` raises, it is stopped; it takes away
    what it was writing.

    Raises
    ------
    DataError
        It ended with an error: its sentence.
    """
    said: list[str] = []
    errors: list[str] = []
    with subprocess.Popen(
        [*_politely(), sys.executable, "-m", "engine", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        listener = threading.Thread(target=lambda: errors.extend(process.stderr or ()), daemon=True)
        listener.start()
        try:
            for line in _lines(process):
                step = read_step(line) if line else None
                if step is None:
                    tell(begins)
                    said += [line] if line else []
                    continue
                on_step(step[0])
                done = share_of(*step) if step[0] in SHARES else step[1]
                tell(begins + (ends - begins) * done)
        except BaseException:
            _end(process)
            raise
        finally:
            listener.join(PATIENCE)
        status = process.wait()
    if status:
        raise _why(status, errors)
    return said


def _end(process: subprocess.Popen[str]) -> None:
    """Stop a command, and have it take away what it was writing."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def _politely() -> list[str]:
    """Return what makes a command wait for others, where the system has it."""
    nice = shutil.which("nice")
    return [nice, "-n", str(NICE)] if nice else []


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    """Yield what is printed, line by line, and an empty text now and then while nothing is."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in process.stdout or ():
            lines.put(line.rstrip("\n"))
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=LOOK)
        except queue.Empty:
            yield ""
            continue
        if line is None:
            return
        yield line


def _why(status: int, errors: Sequence[str]) -> StudioError:
    sentence = next((line for line in reversed(errors) if line.startswith("error: ")), "")
    if sentence:
        said = sentence.removeprefix("error: ").strip()
        return DataError(f"{said[:1].upper()}{said[1:]} Nothing was changed.")
    if status < 0:
        return DataError(
            "The process was ended from outside, most likely for want of memory: take a part of "
            "the data. Nothing was changed."
        )
    return DataError(f"The process ended with status {status}. Nothing was changed.")
