"""Retrieval and features as of one moment: everything known is what ``audience`` did until then.

A fit makes two moments. The first knows the training part alone; its candidates teach the ranker to
find the labels. The second knows the labels too; its candidates are the product's. Neither is ever
given a test interaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.candidate_features import Context, candidate_features
from engine.pipeline.ranking.item_statistics import ItemStatistics, item_statistics
from engine.pipeline.ranking.ordering import group_prior
from engine.pipeline.recipe import SourceUse
from engine.pipeline.retrieval.als import Als
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.fusion import Fused
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.new_items import unit_rows
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.pipeline.retrieval.stage import Retrieval, fit_retrieval, load_retrieval

__all__ = ["Described", "Moment", "make_moment", "open_moment", "save_moment"]


@dataclass(frozen=True, eq=False)
class Described:
    """Candidates of a block of people, with their features.

    Attributes
    ----------
    fused : Fused
    features : float32 array of shape (n_people, n, n_features)
    feature_names : tuple of str
    """

    fused: Fused
    features: NDArray[np.float32]
    feature_names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Moment:
    """Fitted sources and item statistics as of one moment.

    Attributes
    ----------
    catalogue : Catalogue
    retrieval : Retrieval
    statistics : ItemStatistics
    group_names : tuple of str
        Demographic attributes that the features look at.
    families : tuple of str
        Names of the families of features, in their order.
    group_weight : float
        How much groups count in what short histories lean on; 0 for not at all.
    """

    catalogue: Catalogue
    retrieval: Retrieval
    statistics: ItemStatistics
    group_names: tuple[str, ...]
    families: tuple[str, ...]
    group_weight: float = 0.0

    @property
    def als(self) -> Als:
        """The matrix factorisation."""
        return self.retrieval.als

    def retrieve(self, histories: Histories) -> Fused:
        """Retrieve candidates for a block of people."""
        return self.retrieval.unite(self.retrieval.propose(histories), histories)

    def features(
        self,
        histories: Histories,
        group_codes: NDArray[np.int16],
        candidates: NDArray[np.int32],
    ) -> tuple[NDArray[np.float32], tuple[str, ...]]:
        """Describe candidates of a block of people.

        Parameters
        ----------
        histories : Histories
        group_codes : int16 array of shape (n_people, len(group_names))
        candidates : int32 array of shape (n_people, n)

        Returns
        -------
        features : float32 array of shape (n_people, n, n_features)
        names : tuple of str
        """
        context = Context(
            candidates=candidates,
            scores=self.retrieval.score(histories, candidates),
            person_factors=self.als.factors_of(histories),
            item_factors=unit_rows(self.als.item_factors),
            histories=histories,
            group_codes=group_codes,
            group_names=self.group_names,
            statistics=self.statistics,
            catalogue=self.catalogue,
        )
        return candidate_features(context, self.families)

    def prior(
        self, group_codes: NDArray[np.int16], candidates: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """Likes of candidates that lists of short histories lean on, float32 of their shape."""
        return group_prior(
            self.statistics.liked,
            self.statistics.group_lift,
            group_codes,
            np.maximum(candidates, 0),
            self.group_weight,
        )

    def describe(self, histories: Histories, group_codes: NDArray[np.int16]) -> Described:
        """Retrieve and describe candidates for a block of people."""
        fused = self.retrieve(histories)
        features, names = self.features(histories, group_codes, fused.filtered)
        return Described(fused, features, names)

    def with_index(self, audience: Histories, config: SourceConfig, seed: int) -> Moment:
        """Add an index over the factors, measured against the exact search."""
        return replace(self, retrieval=self.retrieval.with_index(audience, config, seed))

    def without(self, out: NDArray[np.uint8] | None, met_rate: float = 0.0) -> Moment:
        """Take items out: ``out``, uint8 of shape (n_items,), is 0 for those that stay.

        With ``met_rate`` above 0 a Bloom filter of such a rate of errors says what was met.
        """
        return replace(self, retrieval=replace(self.retrieval, out=out, met_rate=met_rate))

    def weighed(self, weights: dict[str, float]) -> Moment:
        """Give the sources other weights, by name."""
        return replace(self, retrieval=self.retrieval.weighed(weights))


def make_moment(
    audience: Histories,
    catalogue: Catalogue,
    group_codes: NDArray[np.int16],
    group_names: tuple[str, ...],
    config: SourceConfig,
    *,
    families: tuple[str, ...],
    n_candidates: int,
    seed: int,
    group_weight: float = 0.0,
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
    families : tuple of str
        Of :data:`~engine.pipeline.ranking.candidate_features.FEATURE_FAMILIES`.
    n_candidates : int
    seed : int
    group_weight : float
    tell : callable
        Called with the share of the work done.
    """
    retrieval = fit_retrieval(
        audience, catalogue, config, n_candidates=n_candidates, seed=seed, tell=tell
    )
    return Moment(
        catalogue=catalogue,
        retrieval=retrieval,
        statistics=item_statistics(
            audience,
            group_codes,
            recent_days=config.recent_days,
            with_contexts="moment" in families,
        ),
        group_names=group_names,
        families=families,
        group_weight=group_weight,
    )


SOURCES_FOLDER = "sources"
STATISTICS_FILE = "statistics.npz"
LIFT = "group_lift_"


def save_moment(moment: Moment, folder: Path) -> None:
    """Write what ``moment`` learned under ``folder``."""
    moment.retrieval.save(folder / SOURCES_FOLDER)
    columns = dict(vars(moment.statistics))
    lifts = columns.pop("group_lift")
    columns = {name: values for name, values in columns.items() if len(values)}
    named = zip(moment.group_names, lifts, strict=True)
    columns.update({f"{LIFT}{name}": lift for name, lift in named})
    np.savez(folder / STATISTICS_FILE, allow_pickle=False, **columns)


def open_moment(
    folder: Path,
    catalogue: Catalogue,
    *,
    uses: tuple[SourceUse, ...],
    config: SourceConfig,
    families: tuple[str, ...],
    group_names: tuple[str, ...],
    n_candidates: int,
    group_weight: float = 0.0,
) -> Moment:
    """Open what :func:`save_moment` wrote."""
    with np.load(folder / STATISTICS_FILE, allow_pickle=False) as file:
        columns = dict(file)
    lifts = tuple(columns.pop(f"{LIFT}{name}") for name in group_names)
    columns = {name: values for name, values in columns.items() if not name.startswith(LIFT)}
    statistics = ItemStatistics(**columns, group_lift=lifts)
    return Moment(
        catalogue=catalogue,
        retrieval=load_retrieval(
            folder / SOURCES_FOLDER,
            uses,
            config,
            popularity=statistics.seen.astype(np.int64),
            n_candidates=n_candidates,
        ),
        statistics=statistics,
        group_names=group_names,
        families=families,
        group_weight=group_weight,
    )
