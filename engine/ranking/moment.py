"""Retrieval and features as of one moment: everything known is what ``audience`` did until then.

A fit makes two moments. The first knows the training part alone; its candidates teach the ranker to
find the labels. The second knows the labels too; its candidates are the product's. Neither is ever
given a test interaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.ranking.candidate_features import Context, candidate_features
from engine.ranking.item_statistics import ItemStatistics, item_statistics
from engine.retrieval.als import Als
from engine.retrieval.catalogue import Catalogue
from engine.retrieval.fusion import Fused, Proposals, fuse
from engine.retrieval.histories import Histories
from engine.retrieval.hnsw_search import HnswIndex, calibrated_index
from engine.retrieval.new_items import unit_rows
from engine.retrieval.source_parts import SourceConfig, SourceParts, fit_parts
from engine.retrieval.sources import PROPOSING, Source, make_sources

__all__ = ["Described", "Moment", "blocks", "make_moment"]

BLOCK_CELLS = 4_000_000
"""People × items of one dense block: 16 MB per source."""


@dataclass(frozen=True, eq=False)
class Described:
    """Candidates of a block of people, with their features.

    Attributes
    ----------
    fused : Fused
    features : float32 array of shape (n_people, n, n_features)
    feature_names : tuple of str
    scores : mapping of str to float32 array of shape (n_people, n_items)
        Of every source, over the whole catalogue.
    """

    fused: Fused
    features: NDArray[np.float32]
    feature_names: tuple[str, ...]
    scores: Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Moment:
    """Fitted sources and item statistics as of one moment.

    Attributes
    ----------
    catalogue : Catalogue
    parts : SourceParts
        Learned state of the sources.
    index : HnswIndex
        Over the factors of the matrix factorisation.
    index_recall : float
        Share of the exact 200 best that the index finds at its default width.
    statistics : ItemStatistics
    group_names : tuple of str
        Demographic attributes that the features look at.
    n_candidates : int
    source_weights : tuple of float
        How much each proposing source counts, in their order.
    """

    catalogue: Catalogue
    parts: SourceParts
    index: HnswIndex
    index_recall: float
    statistics: ItemStatistics
    group_names: tuple[str, ...]
    n_candidates: int
    source_weights: tuple[float, ...] = (1.0,) * len(PROPOSING)

    @property
    def als(self) -> Als:
        """The matrix factorisation."""
        return self.parts.als

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Every source by name."""
        return make_sources(self.parts)

    def describe(self, histories: Histories, group_codes: NDArray[np.int16]) -> Described:
        """Retrieve and describe candidates for a block of people.

        Parameters
        ----------
        histories : Histories
        group_codes : int16 array of shape (n_people, len(group_names))
        """
        factors = self.als.fold_in(histories.likes)
        scores = self._scores(histories, factors)
        fused = self._fused(histories, factors, scores)
        features, names = candidate_features(
            Context(
                candidates=fused.filtered,
                scores=scores,
                taste=factors @ unit_rows(self.als.item_factors).T,
                histories=histories,
                group_codes=group_codes,
                group_names=self.group_names,
                statistics=self.statistics,
                catalogue=self.catalogue,
            )
        )
        return Described(fused, features, names, scores)

    def scores(self, histories: Histories) -> dict[str, NDArray[np.float32]]:
        """Score the catalogue by every source: name → float32 array (n_people, n_items)."""
        return self._scores(histories, self.als.fold_in(histories.likes))

    def _scores(
        self, histories: Histories, factors: NDArray[np.float32]
    ) -> dict[str, NDArray[np.float32]]:
        tables = {"als": factors @ self.als.item_factors.T}
        for name, source in self.sources.items():
            if name not in tables:
                tables[name] = source.scores(histories)
        return tables

    def _fused(
        self,
        histories: Histories,
        factors: NDArray[np.float32],
        scores: Mapping[str, NDArray[np.float32]],
    ) -> Fused:
        """Unite the proposals; those of the factorisation come through the index."""
        proposals = []
        for spec, weight in zip(PROPOSING, self.source_weights, strict=True):
            table = scores[spec.name]
            if spec.name == "als":
                n_wanted = histories.seen.lengths() + spec.depth
                table = np.where(self.index.search_masked(factors, n_wanted), table, 0)
            proposals.append(Proposals(table, spec.depth, weight))
        return fuse(proposals, histories, self.statistics.seen, self.n_candidates)


def blocks(n_people: int, n_items: int) -> Iterator[slice]:
    """Slices of people small enough that one dense block per source fits in memory."""
    size = max(16, BLOCK_CELLS // max(n_items, 1))
    for start in range(0, n_people, size):
        yield slice(start, min(start + size, n_people))


def make_moment(
    audience: Histories,
    catalogue: Catalogue,
    group_codes: NDArray[np.int16],
    group_names: tuple[str, ...],
    config: SourceConfig,
    *,
    n_candidates: int,
    seed: int,
    tell: Callable[[float], None] = lambda _: None,
) -> Moment:
    """Fit everything that retrieval and features need on ``audience``.

    Parameters
    ----------
    audience : Histories
    catalogue : Catalogue
    group_codes : int16 array of shape (n_people, n_attributes)
        Demographic groups of the audience.
    group_names : tuple of str
        Their attributes.
    config : SourceConfig
    n_candidates : int
    seed : int
    tell : callable
        Called with the share of the work done.
    """
    parts = fit_parts(audience, catalogue, config, seed=seed, tell=tell)
    als = parts.als
    index, recall = calibrated_index(als.item_factors, als.fold_in(audience.likes), seed=seed)
    return Moment(
        catalogue=catalogue,
        parts=parts,
        index=index,
        index_recall=recall,
        statistics=item_statistics(audience, group_codes, recent_days=config.recent_days),
        group_names=group_names,
        n_candidates=min(n_candidates, catalogue.n_items),
    )
