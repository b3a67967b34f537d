"""The step of a fit that may give groups of people rankers of their own."""

from __future__ import annotations

from functools import partial

from engine.errors import DataError
from engine.fit_config import FitConfig
from engine.fit_data import Prepared
from engine.pipeline.ranking.group_choice import GroupChoice, fit_for_groups
from engine.pipeline.ranking.ranker import Ranker, TrainingSet
from engine.pipeline.ranking.registry import Chosen, fit_again
from engine.stage_clock import StageClock

__all__ = ["place_of_groups", "refit", "with_group_models"]

STAGE = "Models for groups"


def place_of_groups(data: Prepared, config: FitConfig) -> int | None:
    """Return which of the attributes that may be read is meant; None where no models are asked for.

    A first word is enough of a name, as it is after ``--without``.

    Raises
    ------
    DataError
        It is none of them: not in the data, or left out.
    """
    if not config.for_groups:
        return None
    names = [attribute.name for attribute in data.read]
    word = config.for_groups.replace("_", " ").strip().casefold()
    exact = [place for place, name in enumerate(names) if name.casefold() == word]
    found = exact or [
        place for place, name in enumerate(names) if name.casefold().split(" ")[0] == word
    ]
    if len(found) == 1:
        return found[0]
    known = [attribute.name.casefold() for attribute in data.demographic]
    is_hidden = any(word in (name, name.split(" ")[0]) for name in known) and not found
    reason = "may not be read in this fit" if is_hidden else "is none that divides these people"
    raise DataError(
        f"No group can get a model of its own by {config.for_groups!r:.60}, which {reason}; the "
        f"ranker may read {', '.join(names) or 'no attribute of people'}: name one after "
        "--for-groups, or fit without it."
    )


def with_group_models(
    chosen: Chosen, data: Prepared, training: TrainingSet, config: FitConfig, clock: StageClock
) -> GroupChoice | None:
    """Try models of their own for the groups of the attribute asked for; None without one."""
    place = place_of_groups(data, config)
    if place is None:
        return None
    with clock.stage(STAGE) as tell:
        return fit_for_groups(
            data.read[place],
            place,
            chosen.ranker,
            partial(fit_again, chosen, config=config.ranker, seed=config.seed),
            training,
            seed=config.seed,
            tell=tell,
        )


def refit(
    chosen: Chosen, groups: GroupChoice | None, some: TrainingSet, config: FitConfig
) -> Ranker:
    """Fit what was chosen anew on some of the people, the models of groups with it."""
    fit = partial(fit_again, chosen, config=config.ranker, seed=config.seed)
    return fit(some) if groups is None else groups.again(fit, some)
