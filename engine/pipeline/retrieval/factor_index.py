"""Factor models whose items can be searched through the HNSW index, where that measures faster."""

from __future__ import annotations

import json
from abc import ABC
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.pipeline.retrieval.by_factors import ByFactors
from engine.pipeline.retrieval.factor_search import indexed_best
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.hnsw_search import HnswIndex
from engine.pipeline.retrieval.index_measure import IndexReport, measured_index
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["Indexable", "with_index"]

INDEX_FILE, REPORT_FILE = "items.hnsw", "index.json"


class Indexable(ByFactors, ABC):
    """A factor model, frozen and a dataclass, that may hold an index.

    Attributes
    ----------
    index : HnswIndex or None
        Over the item factors.
    index_report : IndexReport or None
        How the index compares with the exact search; the faster one proposes.
    """

    is_product: ClassVar[bool] = True
    """Whether a score is the inner product alone: else no index can find the best."""

    index: HnswIndex | None
    index_report: IndexReport | None

    def best(
        self, people: NDArray[np.float32], seen: Ragged, n: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Find the ``n`` best unseen items, through the index where that is faster."""
        if self.index is not None and self.index_report and self.index_report.is_used:
            return indexed_best(people, self.item_factors, seen, n, self.index)
        return super().best(people, seen, n)

    def save_index(self, folder: Path) -> None:
        """Write the index, where there is one."""
        if self.index is not None and self.index_report is not None:
            self.index.save(folder / INDEX_FILE)
            text = json.dumps(asdict(self.index_report))
            (folder / REPORT_FILE).write_text(text, encoding="utf-8")

    def with_saved_index(self, folder: Path) -> Self:
        """Read what :meth:`save_index` wrote, where it did."""
        if not (folder / INDEX_FILE).is_file():
            return self
        report = IndexReport(**json.loads((folder / REPORT_FILE).read_text(encoding="utf-8")))
        dim = self.item_factors.shape[1]
        path, ef = folder / INDEX_FILE, report.ef
        index = HnswIndex.load(path, dim=dim, default_ef=ef, is_lengthened=report.is_lengthened)
        return self._holding(index, report)

    def index_words(self) -> dict[str, Any]:
        """Say which search proposes, and compare the index with the exact one, for JSON."""
        report = self.index_report
        search = "index" if report and report.is_used else "exact"
        return {"search": search, "index": asdict(report) if report else None}

    def _holding(self, index: HnswIndex, report: IndexReport) -> Self:
        found: Any = self  # a dataclass, by what this class asks for
        return replace(found, index=index, index_report=report)


def with_index(model: Any, audience: Histories, config: SourceConfig, seed: int) -> Any:
    """Add an index over a model's items, measured on some of the audience's own factors.

    A model that has one, or cannot have one, is returned as it is.
    """
    can = isinstance(model, Indexable) and model.is_product and audience.n_people
    if not can or model.index is not None:
        return model
    people = model.factors_of(audience.sample())
    found = measured_index(model.item_factors, people, use_from=config.index_from, seed=seed)
    return model._holding(*found)
