"""What the terminal shows of a long command: how far it is, and which step it is at."""

from __future__ import annotations

from types import TracebackType

from tqdm import tqdm

__all__ = ["ShareBar", "StageBars"]


class ShareBar:
    """``with ShareBar("Settings") as tell: …``; ``tell`` takes the share done, in [0, 1]."""

    def __init__(self, name: str) -> None:
        self._bar = tqdm(total=100, desc=name, bar_format="{desc} {percentage:3.0f} % |{bar:24}| "
                         "{elapsed}, {remaining} left", ascii=False)  # fmt: skip

    def __enter__(self) -> ShareBar:
        return self

    def __call__(self, share: float) -> None:
        """Move on to a share of the work."""
        self._bar.update(max(0.0, 100 * share - self._bar.n))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._bar.close()


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
