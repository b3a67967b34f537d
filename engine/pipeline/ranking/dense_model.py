"""The small networks over candidates as PyTorch learns them: the formulas of what serves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from torch.nn import functional

from engine.pipeline.neural.layers import NEVER
from engine.pipeline.neural.over_candidates import FromArrays
from engine.pipeline.ranking.candidate_block import Tools
from engine.pipeline.ranking.dense_layers import Inputs, aim_logits, hidden_of, logits
from engine.pipeline.ranking.dense_weights import inputs_of
from engine.pipeline.ranking.id_rows import ReadRows

__all__ = ["Dense"]

DROPOUT = 0.2
UNKNOWN = 0.2
"""Share of items that a batch does not know, so that the row of the unknown ones is learned."""


class Dense(FromArrays):
    """The network; its parameters have the names that NumPy serves by."""

    def forward(self, columns: torch.Tensor, rows: ReadRows | None = None) -> torch.Tensor:
        """Return logits of the shape of ``columns`` without its last axis."""
        weights, inputs = self._read(columns, rows)
        return logits(weights, inputs, self._drop)

    def heads(self, columns: torch.Tensor, rows: ReadRows | None = None) -> list[torch.Tensor]:
        """Return logits of likes, then those of each other objective, all of that shape."""
        weights, inputs = self._read(columns, rows)
        if "aim_b" not in weights:
            return [logits(weights, inputs, self._drop)]
        hidden = hidden_of(weights, inputs, self._drop)
        main = logits(weights, inputs, self._drop, hidden)
        return [main, *aim_logits(weights, inputs, hidden).unbind(-1)]

    def _read(
        self, columns: torch.Tensor, rows: ReadRows | None
    ) -> tuple[dict[str, torch.Tensor], Inputs]:
        weights: dict[str, torch.Tensor] = dict(self.named_parameters())
        if self.training and rows is not None:
            rows = replace(rows, items=_forgotten(rows.items), liked=_forgotten(rows.liked))
        return weights, inputs_of(weights, columns, rows, Tools(_joined, _shares, self._drop))

    def _drop(self, values: torch.Tensor) -> torch.Tensor:
        return functional.dropout(values, DROPOUT, self.training)


def _joined(parts: list[Any]) -> torch.Tensor:
    return torch.cat(parts, dim=-1)


def _shares(values: torch.Tensor, is_there: torch.Tensor) -> torch.Tensor:
    return values.masked_fill(~is_there, float(NEVER)).softmax(dim=-1)


def _forgotten(rows: Any) -> Any:
    return torch.where(torch.rand(rows.shape, device=rows.device) < UNKNOWN, 0, rows)
