"""Progress as lines for a program that started this one: ``{"step": "Ranker", "share": 0.5}``."""

from __future__ import annotations

import json
from types import TracebackType

__all__ = ["StepLines", "read_step"]

FINEST = 0.01


class StepLines:
    """Listens as :class:`engine.commands.bars.StageBars` does, and prints a line a step."""

    def __init__(self) -> None:
        self._said: tuple[str, float] = ("", 0.0)

    def __enter__(self) -> StepLines:
        return self

    def __call__(self, step: str, share: float) -> None:
        """Print how far a step is, where that has moved by a hundredth."""
        before, at = self._said
        if step != before or share - at >= FINEST or share >= 1.0:
            self._said = step, share
            print(json.dumps({"step": step, "share": round(share, 4)}), flush=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""


def read_step(line: str) -> tuple[str, float] | None:
    """Return what a line says of progress; None where it says something else.

    >>> read_step('{"step": "Ranker", "share": 0.5}'), read_step("Fitted in 3 s")
    (('Ranker', 0.5), None)
    """
    if not line.startswith('{"step"'):
        return None
    try:
        said = json.loads(line)
        return str(said["step"]), float(said["share"])
    except (ValueError, KeyError, TypeError):
        return None
