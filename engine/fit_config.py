"""Settings of a fit."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.data.split import PER_PERSON, SPLITS
from engine.ranking.ranker import RankerConfig
from engine.retrieval.source_parts import SourceConfig

__all__ = ["FitConfig"]


@dataclass(frozen=True)
class FitConfig:
    """Everything that a fit's result depends on, apart from the data.

    Parameters
    ----------
    seed : int
        Of the split's tie-breaking, the factorisation, the graph and the ranker.
    n_candidates : int from 50 to 1000
        Candidates per person.
    ranker_name : str
        A key of :data:`engine.ranking.registry.RANKERS`.
    sources : SourceConfig
    ranker : RankerConfig
    max_feature_bytes : int
        The ranker's inputs are kept, to explain ranks, when they take no more than this.
    split : str
        A key of :data:`engine.data.split.SPLITS`.
    without : tuple of str
        People's attributes that the ranker may not read, or
        :data:`engine.user_groups.ALL_ATTRIBUTES`. They still divide people into groups.
    """

    seed: int = 0
    n_candidates: int = 200
    ranker_name: str = "listwise"
    sources: SourceConfig = field(default_factory=SourceConfig)
    ranker: RankerConfig = field(default_factory=RankerConfig)
    max_feature_bytes: int = 1_000_000_000
    split: str = PER_PERSON
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 50 <= self.n_candidates <= 1000:
            raise ValueError(
                f"`n_candidates` of FitConfig must be from 50 to 1000; got {self.n_candidates}."
            )
        if self.split not in SPLITS:
            raise ValueError(
                f"`split` of FitConfig must be one of {', '.join(SPLITS)}; got {self.split!r}."
            )
