"""One line on the terminal that says how far a long command is."""

from __future__ import annotations

from types import TracebackType

from tqdm import tqdm

__all__ = ["ShareBar"]


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
