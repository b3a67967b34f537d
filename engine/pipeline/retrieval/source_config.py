"""Settings of the sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from engine.pipeline.neural.settings import (
    GraphConfig,
    NeuMfConfig,
    SequenceConfig,
    TowerConfig,
)

__all__ = [
    "AlsConfig",
    "RidgeConfig",
    "SourceConfig",
    "settings_asked",
    "source_config_of",
]


@dataclass(frozen=True)
class AlsConfig:
    """Settings of the factorisation; the defaults were tuned on MovieLens 100K.

    Parameters
    ----------
    factors : int
    regularisation : float
    alpha : float
        Confidence of a like; everything else has confidence 1.
    iterations : int
    """

    factors: int = 64
    regularisation: float = 30.0
    alpha: float = 10.0
    iterations: int = 12


@dataclass(frozen=True)
class RidgeConfig:
    """Settings of the directed ridge.

    Parameters
    ----------
    last : int
        How many of the likes up to a moment speak.
    decay : float in (0, 1]
        Weight of a like relative to the one right after it.
    ahead : int
        How many of the likes after the moment are to be predicted.
    regularisation : float > 0
        λ with 500,000 likes or more; larger for less, see
        :func:`~engine.pipeline.retrieval.directed_ridge.penalty_for`.
    max_items : int
        In larger catalogues only the most liked items, so many, take part.
    """

    last: int = 20
    decay: float = 0.9
    ahead: int = 5
    regularisation: float = 50.0
    max_items: int = 6000


@dataclass(frozen=True)
class SourceConfig:
    """Settings of the sources; the defaults were tuned on the label slice of MovieLens 100K.

    Parameters
    ----------
    als : AlsConfig
    ridge : RidgeConfig
    ease_regularisation : float
    max_dense_items : int
        Above this many items EASE, which inverts an ``n_items × n_items`` matrix, gives way to
        cosine.
    transition_power : float
        How strongly a transition is divided by the popularity of the item it starts from.
    links_per_item : int
        How many links of each item are kept, the strongest.
    recent_days : float
        Window of recent popularity.
    content_ridge : float >= 0
        Penalty of the regression that guesses the factors of items without a like from their
        content; 0 takes the mean of their genres.
    index_from : int
        From this many items on, factors are searched through the HNSW index, where it measures
        faster than the exact search.
    sasrec : SequenceConfig
    gru : SequenceConfig
        Of GRU4Rec, which has no blocks and no heads.
    towers : TowerConfig
    graph : GraphConfig
        Of LightGCN.
    neumf : NeuMfConfig
    options : tuple of str
        Sources to fit that are not fitted by default.
    dropped : tuple of str
        Sources to leave out that are fitted by default.
    depths : tuple of (str, int)
        Source → how many items it proposes to each person, where that is not the usual number.
    quotas : tuple of (str, int)
        Source → how many of its best unseen proposals are candidates in any case.
    """

    als: AlsConfig = field(default_factory=AlsConfig)
    ridge: RidgeConfig = field(default_factory=RidgeConfig)
    ease_regularisation: float = 400.0
    max_dense_items: int = 8000
    transition_power: float = 0.7
    links_per_item: int = 400
    recent_days: float = 30.0
    content_ridge: float = 30.0
    index_from: int = 20_000
    sasrec: SequenceConfig = field(default_factory=SequenceConfig)
    gru: SequenceConfig = field(default_factory=SequenceConfig)
    towers: TowerConfig = field(default_factory=TowerConfig)
    graph: GraphConfig = field(default_factory=GraphConfig)
    neumf: NeuMfConfig = field(default_factory=NeuMfConfig)
    options: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    depths: tuple[tuple[str, int], ...] = ()
    quotas: tuple[tuple[str, int], ...] = ()


PARTS: Mapping[str, type] = {
    "als": AlsConfig,
    "ridge": RidgeConfig,
    "sasrec": SequenceConfig,
    "gru": SequenceConfig,
    "towers": TowerConfig,
    "graph": GraphConfig,
    "neumf": NeuMfConfig,
}
"""Settings of one source each, by the field that holds them."""

OF_OPTIONS: Mapping[str, str] = {
    "sasrec": "sasrec",
    "gru": "gru4rec",
    "towers": "two_towers",
    "graph": "lightgcn",
    "neumf": "neumf",
}
"""Those of sources that are fitted only where they are asked for: field → source."""


def source_config_of(settings: Mapping[str, Any]) -> SourceConfig:
    """Read settings as a manifest holds them; those that are not known here are left out."""
    known = {field.name for field in fields(SourceConfig)}
    plain = {name: value for name, value in settings.items() if name in known}
    return SourceConfig(
        **{
            **plain,
            "options": tuple(settings.get("options", ())),
            "content_ridge": float(settings.get("content_ridge", 0.0)),
            "dropped": tuple(settings.get("dropped", ())),
            "depths": tuple((name, depth) for name, depth in settings.get("depths", ())),
            "quotas": tuple((name, places) for name, places in settings.get("quotas", ())),
            **{name: part(**settings.get(name, {})) for name, part in PARTS.items()},
        }
    )


def settings_asked(config: SourceConfig) -> dict[str, Any]:
    """Return settings as JSON can hold them, without those of sources that are not asked for.

    What is not fitted is no part of what a fit is made by: a new option makes no fit another.
    """
    unused = {name for name in ("dropped", "depths") if not getattr(config, name)}
    unasked = {part for part, source in OF_OPTIONS.items() if source not in config.options}
    return {name: value for name, value in asdict(config).items() if name not in unasked | unused}
