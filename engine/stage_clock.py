"""Progress and time of the stages of a fit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["OnStage", "StageClock"]

OnStage = Callable[[str, float], None]
"""Called with the stage's name and the share of it done, in [0, 1]."""


class StageClock:
    """Tells a listener how far each stage is, and remembers the seconds that each took."""

    def __init__(self, on_stage: OnStage | None) -> None:
        self.seconds: dict[str, float] = {}
        self._on_stage = on_stage

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[float], None]]:
        """Time a stage; yields a function that takes the share of it done."""

        def tell(share: float) -> None:
            if self._on_stage:
                self._on_stage(name, share)

        start = time.perf_counter()
        tell(0.0)
        yield tell
        self.seconds[name] = round(time.perf_counter() - start, 4)
        tell(1.0)
