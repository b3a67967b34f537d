"""Settings of a fit, and the recipe that they stand for."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from math import isfinite
from typing import Any

from engine.data.contract import Dataset
from engine.data.split import ONE_MOMENT, PER_PERSON, RANDOM, SPLITS
from engine.errors import DataError
from engine.pipeline.filtering.item_filters import FilterConfig
from engine.pipeline.ranking.candidate_features import ALWAYS, FEATURE_FAMILIES, USUAL_FAMILIES
from engine.pipeline.ranking.ranker import RankerConfig
from engine.pipeline.ranking.registry import refuse_unlearnable_rankers
from engine.pipeline.recipe import Recipe
from engine.pipeline.retrieval.met_again import AGAIN
from engine.pipeline.retrieval.registry import depths_of, refuse_unlearnable
from engine.pipeline.retrieval.source_config import SourceConfig, settings_asked
from engine.pipeline.second.registry import SECONDS, refuse_unlearnable_second
from engine.pipeline.second.stage import SecondConfig

__all__ = ["FitConfig", "recipe_of", "suited"]

MOST_STAY = 0.95


@dataclass(frozen=True)
class FitConfig:
    """Everything that a fit's result depends on, apart from the data.

    Parameters
    ----------
    seed : int
        Of the split's tie-breaking, the factorisation, the graph and the ranker.
    n_candidates : int from 50 to 1000
        Candidates per person.
    rankers : tuple of str
        Keys of :data:`engine.pipeline.ranking.registry.ALONE`: all are measured, with a blend of
        the two best, on people whose labels they did not see; the best serves.
    second : str
        Key of :data:`engine.pipeline.second.registry.SECONDS`, or empty: what looks at whole lists
        behind the ranker. It serves where it does better on people whose labels it did not see.
    second_stage : SecondConfig
    for_groups : str
        Attribute of people that the ranker may read, or empty: groups of it that are served worse
        get a ranker of their own where that measures clearly better; see
        :func:`engine.pipeline.ranking.group_choice.fit_for_groups`.
    sources : SourceConfig
    ranker : RankerConfig
    features : tuple of str
        Families of features that the ranker is given, of
        :data:`engine.pipeline.ranking.candidate_features.FEATURE_FAMILIES`.
    max_feature_bytes : int
        The ranker's inputs are kept, to explain ranks, when they take no more than this.
    filters : FilterConfig
    split : str
        A key of :data:`engine.data.split.SPLITS`.
    again : bool or None
        Keep repeats, and let what was met before be recommended again; as the data's habit is
        where it is None.
    stay : float from 0 to .95
        How much the word of the last fit's ranker counts against a label's; 0 for not at all.
    finished_from : float or None
        An interaction of at least this value counts as finished, whatever its event says.
    group_weight : float in [0, 1]
        How much a person's groups count in what lists of short histories lean on, see
        :func:`engine.pipeline.ranking.ordering.group_prior`; of the attributes that may be read.
    without : tuple of str
        People's attributes that the ranker may not read, or
        :data:`engine.user_groups.ALL_ATTRIBUTES`. They still divide people into groups.
    """

    seed: int = 0
    n_candidates: int = 200
    rankers: tuple[str, ...] = ("logistic", "listwise")
    second: str = ""
    second_stage: SecondConfig = field(default_factory=SecondConfig)
    for_groups: str = ""
    sources: SourceConfig = field(default_factory=SourceConfig)
    ranker: RankerConfig = field(default_factory=RankerConfig)
    features: tuple[str, ...] = USUAL_FAMILIES
    max_feature_bytes: int = 1_000_000_000
    filters: FilterConfig = field(default_factory=FilterConfig)
    split: str = PER_PERSON
    again: bool | None = None
    stay: float = 0.0
    finished_from: float | None = None
    group_weight: float = 0.5
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 50 <= self.n_candidates <= 1000:
            raise ValueError(
                f"`n_candidates` of FitConfig must be from 50 to 1000; got {self.n_candidates}."
            )
        kept = sum(places for _, places in self.sources.quotas)
        if kept > self.n_candidates or any(places < 0 for _, places in self.sources.quotas):
            raise ValueError(
                f"`quotas` of SourceConfig must be 0 or more each and at most the "
                f"{self.n_candidates} candidates together; got {self.sources.quotas}."
            )
        known = depths_of(self.sources)
        for name, _ in self.sources.quotas:
            if name not in known:
                raise ValueError(
                    f"`quotas` of SourceConfig name {name!r:.60}, which is no source of this fit; "
                    f"there are {', '.join(known)}."
                )
        if self.split not in SPLITS:
            raise ValueError(
                f"`split` of FitConfig must be one of {', '.join(SPLITS)}; got {self.split!r}."
            )
        self._check_ranking()

    def _check_ranking(self) -> None:
        if self.second and self.second not in SECONDS:
            raise ValueError(
                f"`second` of FitConfig must be empty or one of {', '.join(SECONDS)}; got "
                f"{self.second!r:.60}."
            )
        strange = [name for name in self.features if name not in FEATURE_FAMILIES]
        if strange or not set(ALWAYS) <= set(self.features):
            raise ValueError(
                f"`features` of FitConfig must be among {', '.join(FEATURE_FAMILIES)}, with "
                f"{' and '.join(ALWAYS)}; got {', '.join(self.features)!r:.120}."
            )
        if not 0 <= self.stay <= MOST_STAY:
            raise ValueError(f"`stay` of FitConfig must be from 0 to {MOST_STAY}; got {self.stay}.")
        if self.finished_from is not None and not isfinite(self.finished_from):
            raise ValueError(
                f"`finished_from` of FitConfig must be a number; got {self.finished_from}."
            )


def suited(config: FitConfig, dataset: Dataset) -> FitConfig:
    """Return settings that the data allow: without time the split is random, and is called so.

    Whether items come again is the data's habit unless it was said; then a fit has the sources and
    features that know of it.

    Raises
    ------
    DataError
        One moment was asked for, and there is no time; a stage needs PyTorch, which is not here; or
        what was met is to be filtered where it is offered again.
    """
    refuse_unlearnable(config.sources.options)
    refuse_unlearnable_rankers(config.rankers)
    refuse_unlearnable_second(config.second)
    config = _with_repeats(config, dataset.again if config.again is None else config.again)
    if config.again and config.filters.met_bloom:
        raise DataError(
            f"In {dataset.title} what was met before may be offered again, so there is nothing for "
            "a filter of what was met to take out; fit without --met-bloom, or with --repeats once."
        )
    if dataset.has_time:
        return config
    if config.split == ONE_MOMENT:
        raise DataError(
            f"{dataset.title} has no time ({len(dataset.interactions):,} rows of interactions), so "
            "no moment can part history from test; fit with a test for each person (--split "
            "per-person), which is then a random fifth of their likes."
        )
    return replace(config, split=RANDOM)


def _with_repeats(config: FitConfig, again: bool) -> FitConfig:
    options = [name for name in config.sources.options if name not in AGAIN]
    features = [name for name in config.features if name != "again"]
    if again:
        options, features = [*options, *AGAIN], [*features, "again"]
    sources = replace(config.sources, options=tuple(options))
    return replace(config, again=again, sources=sources, features=tuple(features))


def _filters_asked(config: FilterConfig) -> dict[str, Any]:
    """Return settings as JSON can hold them, without an option that is not asked for."""
    unasked = set() if config.met_bloom else {"met_bloom"}
    return {name: value for name, value in asdict(config).items() if name not in unasked}


def recipe_of(config: FitConfig) -> Recipe:
    """Write down what ``config`` asks for, with the sources and features that this program has."""
    unasked = {"seed"} if config.second else {"seed", "second", "second_stage"}
    unasked |= set() if config.again else {"again"}
    unasked |= set() if config.for_groups else {"for_groups"}
    unasked |= {"finished_from"} if config.finished_from is None else set()
    return Recipe(
        sources=depths_of(config.sources),
        features=config.features,
        rankers=config.rankers,
        split=config.split,
        config={
            **{name: value for name, value in asdict(config).items() if name not in unasked},
            "sources": settings_asked(config.sources),
            "filters": _filters_asked(config.filters),
        },
    )
