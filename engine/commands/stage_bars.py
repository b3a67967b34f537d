"""One progress bar per stage of a fit, on standard error."""

from __future__ import annotations

from types import TracebackType

from tqdm import tqdm

__all__ = ["StageBars"]


class StageBars:
    """Listens to a fit (``on_stage``) and draws one bar per stage."""

    def __init__(self) -> None:
        self._bars: dict[str, tqdm] = {}

    def __enter__(self) -> StageBars:
        return self

    def __call__(self, stage: str, share: float) -> None:
        """Draw ``share`` in [0, 1] of ``stage`` as done."""
        if stage not in self._bars:
            form = "{desc:<32}{percentage:3.0f} %|{bar:24}| {elapsed}"
            self._bars[stage] = tqdm(total=1.0, desc=stage, bar_format=form, leave=True)
        bar = self._bars[stage]
        bar.update(max(0.0, min(share, 1.0) - bar.n))
        if share >= 1.0:
            bar.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for bar in self._bars.values():
            bar.close()
