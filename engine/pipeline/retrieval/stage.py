"""The first stage: every source's proposals, united in one order, without what was seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import closed_up
from engine.pipeline.filtering.met_bloom import taken_for_met
from engine.pipeline.recipe import SourceUse
from engine.pipeline.retrieval.als import Als
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.factor_index import with_index
from engine.pipeline.retrieval.factor_search import grid_rows
from engine.pipeline.retrieval.fusion import Fused, Proposals, fuse
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.met_again import with_met
from engine.pipeline.retrieval.registry import (
    MODELS,
    MOST_PROPOSING,
    SOURCES,
    depths_of,
    usable_sources,
)
from engine.pipeline.retrieval.source import Model, Proposed, Source
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.progress import listening
from engine.threads import side_by_side

__all__ = ["Retrieval", "fit_retrieval", "load_retrieval"]

OUT_FILE = "filtered_out.npy"


@dataclass(frozen=True, eq=False)
class Retrieval:
    """Fitted sources, and how much each counts.

    Attributes
    ----------
    models : mapping of str to Model
        What was learned, by name.
    uses : tuple of SourceUse
        Those that propose come first, in the order of the bits of ``source_masks``.
    popularity : int64 array of shape (n_items,)
        People who have seen each item: the order of the fillers.
    n_candidates : int
    seconds : mapping of str to float
        What learning each model took; empty where it was opened.
    out : uint8 array of shape (n_items,), or None
        Not 0 for the items that filters take out.
    met_rate : float
        Above 0, a Bloom filter says what each person has met, wrong for such a share of the rest.
    """

    models: Mapping[str, Model]
    uses: tuple[SourceUse, ...]
    popularity: NDArray[np.int64]
    n_candidates: int
    seconds: Mapping[str, float]
    out: NDArray[np.uint8] | None = None
    met_rate: float = 0.0

    @property
    def als(self) -> Als:
        """The matrix factorisation, whose factors say how alike items are."""
        model = self.models["als"]
        assert isinstance(model, Als)
        return model

    @property
    def proposing(self) -> tuple[SourceUse, ...]:
        """The sources that propose, in the order of the bits of ``source_masks``."""
        return tuple(use for use in self.uses if use.depth)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Every source by name."""
        records = [SOURCES[use.name] for use in self.uses]
        return {r.name: self.models[r.model].source(r.profile) for r in records}

    def weighed(self, weights: Mapping[str, float]) -> Retrieval:
        """Give the sources other weights, by name."""
        uses = tuple(replace(use, weight=weights.get(use.name, use.weight)) for use in self.uses)
        return replace(self, uses=uses)

    def propose(self, histories: Histories) -> dict[str, Proposed]:
        """Ask every proposing source; where items come again, for what was met before as well."""
        found = {
            use.name: self.sources[use.name].propose(histories, use.depth) for use in self.proposing
        }
        if histories.count is None:
            return found
        return {name: with_met(one, histories) for name, one in found.items()}

    def unite(self, proposed: Mapping[str, Proposed], histories: Histories) -> Fused:
        """Fuse what :meth:`propose` gave for the same people."""
        if histories.count is not None:  # nothing is to be told apart as seen
            histories = histories.forgotten()
        proposals = [
            Proposals(proposed[u.name], u.depth, u.weight, u.quota) for u in self.proposing
        ]
        is_out = None if self.out is None else self.out > 0
        fused = fuse(proposals, histories, self.popularity, self.n_candidates, is_out)
        if not self.met_rate:
            return fused
        wrong = taken_for_met(fused.filtered, histories.seen, self.met_rate)
        kept = closed_up(fused.filtered, wrong)
        masks = closed_up(fused.source_masks, wrong, fill=0)
        return replace(fused, filtered=kept, source_masks=masks)

    def score(
        self, histories: Histories, candidates: NDArray[np.int32]
    ) -> dict[str, NDArray[np.float32]]:
        """Score candidates by every source: name → float32 array of their shape."""
        rows = grid_rows(candidates)
        return {
            name: source.score(histories, rows).reshape(candidates.shape)
            for name, source in self.sources.items()
        }

    def report(self) -> dict[str, Any]:
        """Collect what each model says of itself, and what learning it took."""
        return {
            name: {**model.report(), "seconds": self.seconds.get(name)}
            for name, model in self.models.items()
        }

    def save(self, folder: Path) -> None:
        """Write every model into a folder of its own name."""
        for name, model in self.models.items():
            (folder / name).mkdir(parents=True)
            model.save(folder / name)
        if self.out is not None:
            np.save(folder / OUT_FILE, self.out)

    def with_index(self, audience: Histories, config: SourceConfig, seed: int) -> Retrieval:
        """Add an index over the main factors, measured, also where it is not used."""
        models = {**self.models, "als": with_index(self.als, audience, config, seed)}
        return replace(self, models=models)


def fit_retrieval(
    audience: Histories,
    catalogue: Catalogue,
    config: SourceConfig,
    *,
    n_candidates: int,
    seed: int,
    tell: Callable[[float], None] = lambda _: None,
) -> Retrieval:
    """Fit every source that is of use here, on what ``audience`` did and nothing else.

    Parameters
    ----------
    audience : Histories
    catalogue : Catalogue
    config : SourceConfig
    n_candidates : int
    seed : int
    tell : callable
        Called with the share of the work done.
    """
    why_not = usable_sources(audience, catalogue, config.options)
    depths, quotas = depths_of(config), dict(config.quotas)
    records = [SOURCES[name] for name in SOURCES if why_not.get(name) == "" and name in depths]
    uses = _in_order(
        SourceUse(record.name, depths[record.name], quota=quotas.get(record.name, 0))
        for record in records
    )
    names = list(dict.fromkeys(record.model for record in records))
    texts = {record.model for record in records if record.is_text}
    networks = {record.model for record in records if record.is_neural}
    apart = [name for name in names if name not in networks | texts]
    seconds: dict[str, float] = {}

    def learned(name: str) -> Model:
        start = time.perf_counter()
        model = MODELS[name].fit(audience, catalogue, config, seed)
        seconds[name] = round(time.perf_counter() - start, 4)
        return model

    found: dict[str, Model] = {}

    def one_by_one(some: set[str]) -> None:
        for name in (name for name in names if name in some):
            begins, ends = (count / len(names) for count in (len(found), len(found) + 1))
            tell(begins)
            with listening(tell, begins=begins, ends=ends):
                found[name] = learned(name)

    one_by_one(texts)  # what they mean is read by others
    for name, model in zip(
        apart, side_by_side([partial(learned, name) for name in apart]), strict=True
    ):
        found[name] = model
        tell(len(found) / len(names))
    one_by_one(networks)
    models = {name: found[name] for name in names}
    if audience.n_items >= config.index_from:  # timed, so nothing runs beside it
        models = {name: with_index(one, audience, config, seed) for name, one in models.items()}
    n = min(n_candidates, audience.n_items)
    return Retrieval(models, uses, audience.popularity, n, seconds)


def _in_order(uses: Iterable[SourceUse]) -> tuple[SourceUse, ...]:
    ordered = tuple(sorted(uses, key=lambda use: use.depth == 0))
    if sum(use.depth > 0 for use in ordered) > MOST_PROPOSING:
        raise ValueError(f"At most {MOST_PROPOSING} sources can propose.")
    return ordered


def load_retrieval(
    folder: Path,
    uses: tuple[SourceUse, ...],
    config: SourceConfig,
    *,
    popularity: NDArray[np.int64],
    n_candidates: int,
) -> Retrieval:
    """Open what :meth:`Retrieval.save` wrote, for the sources that the fit used."""
    names = dict.fromkeys(SOURCES[use.name].model for use in uses)
    models = {name: MODELS[name].load(folder / name, config) for name in names}
    kept = folder / OUT_FILE
    out = np.load(kept, allow_pickle=False) if kept.is_file() else None
    return Retrieval(models, _in_order(uses), popularity, n_candidates, {}, out)
