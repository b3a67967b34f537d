"""What a fit learns of people and items as of one moment."""

from __future__ import annotations

from engine.fit_config import FitConfig
from engine.fit_data import Prepared
from engine.pipeline.filtering.item_filters import Filterable, taken_out
from engine.pipeline.moment import Moment, make_moment
from engine.pipeline.retrieval.histories import Histories
from engine.stage_clock import StageClock

__all__ = ["fitted_moment"]


def fitted_moment(
    data: Prepared, audience: Histories, config: FitConfig, clock: StageClock, when: str
) -> Moment:
    """Fit sources and item statistics as of one of the two moments, and take filtered items out.

    Parameters
    ----------
    data : Prepared
    audience : Histories
        What is known at the moment.
    config : FitConfig
    clock : StageClock
    when : str
        The moment, in words.
    """
    with clock.stage(f"Sources, {when}") as tell:
        moment = make_moment(
            audience,
            data.catalogue,
            data.read_codes,
            tuple(attribute.name for attribute in data.read),
            config.sources,
            families=config.features,
            n_candidates=config.n_candidates,
            seed=config.seed,
            group_weight=config.group_weight,
            tell=tell,
        )
        of = Filterable(data.items, data.catalogue, audience.popularity, audience.last_day)
        return moment.without(taken_out(of, config.filters), config.filters.met_bloom)
