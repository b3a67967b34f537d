"""A data set split and laid out in the form that the stages of a fit read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.data import Dataset, Split, split
from engine.data.objective_events import ObjectiveEvents, objective_events
from engine.data.split import ONE_MOMENT
from engine.errors import DataError
from engine.fit_config import FitConfig
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.user_groups import (
    Attribute,
    demographic_groups,
    readable_attributes,
    stacked_codes,
)

__all__ = ["Prepared", "prepared"]

SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, eq=False)
class Prepared:
    """The data set in the form that the stages read.

    ``read`` are the demographic attributes that the ranker may look at. Bits of ``did`` in both
    histories are those of ``objectives.found``, in its order.
    """

    parts: Split
    users: pd.DataFrame
    catalogue: Catalogue
    demographic: tuple[Attribute, ...]
    read: tuple[Attribute, ...]
    train: Histories
    seen: Histories
    items: pd.DataFrame
    objectives: ObjectiveEvents

    @property
    def read_codes(self) -> NDArray[np.int16]:
        """Groups of everybody by those attributes, shape (n_people, n_attributes)."""
        return stacked_codes(self.read, self.parts.n_users)

    def with_bits_of(self, names: Sequence[str]) -> Prepared:
        """Keep some of the objectives alone, and their bits in that order."""
        found = {name: self.objectives.found[name] for name in names}
        return replace(
            self,
            train=replace(self.train, did=_bits([one.in_train for one in found.values()])),
            seen=replace(self.seen, did=_bits([one.in_seen for one in found.values()])),
            objectives=replace(self.objectives, found=found),
        )


def prepared(dataset: Dataset, config: FitConfig) -> Prepared:
    """Split a data set, and lay it out for the stages.

    Raises
    ------
    DataError
        If nobody liked anything, or ``config.without`` names no attribute.
    """
    again = bool(config.again)
    parts = split(dataset, seed=config.seed, how=config.split, again=again)
    if not parts.n_users and config.split == ONE_MOMENT:
        raise DataError(
            f"Nobody in {dataset.title} liked anything before the last fifth of its "
            f"{len(dataset.interactions):,} rows of interactions begins; fit with a test for each "
            "person (--split per-person), or give a lower threshold with --liked."
        )
    if not parts.n_users:
        raise DataError(
            f"Nobody in {dataset.title} liked anything: none of {len(dataset.interactions):,} rows "
            f"of interactions has a value of {dataset.liked_threshold:g} or more; give a lower "
            "threshold with --liked."
        )
    users = dataset.users.iloc[parts.user_rows].reset_index(drop=True)
    events = objective_events(dataset, parts, finished_from=config.finished_from, again=again)
    demographic = demographic_groups(users, dataset.attributes)
    read = readable_attributes(demographic, dataset.attributes, config.without)
    return Prepared(
        parts=parts,
        users=users,
        catalogue=Catalogue.from_items(dataset.items),
        demographic=demographic,
        read=read if "groups" in config.features else (),
        train=replace(
            _histories(parts, "train", again=again, families=config.features),
            did=_bits([one.in_train for one in events.found.values()]),
        ),
        seen=replace(
            _histories(parts, "seen", again=again, families=config.features),
            did=_bits([one.in_seen for one in events.found.values()]),
        ),
        items=dataset.items,
        objectives=events,
    )


def _histories(parts: Split, name: str, *, again: bool, families: Sequence[str]) -> Histories:
    seen: Ragged = getattr(parts, name)
    days = getattr(parts, f"{name}_times") / SECONDS_PER_DAY
    count = getattr(parts, f"{name}_counts") if again else None
    amount, where = getattr(parts, f"{name}_amounts"), getattr(parts, f"{name}_where")
    return Histories(
        parts.n_items,
        seen,
        getattr(parts, f"{name}_is_liked"),
        days,
        count,
        amount if "amounts" in families and _differ(amount) else None,
        where if "place" in families and _differ(where) else None,
    )


def _bits(masks: Sequence[NDArray[np.bool_]]) -> NDArray[np.uint16] | None:
    """Pack masks of one length, the first as the lowest bit; None without any."""
    if not masks:
        return None
    parts = [mask.astype(np.uint16) << np.uint16(bit) for bit, mask in enumerate(masks)]
    return np.bitwise_or.reduce(parts).astype(np.uint16)


def _differ(values: NDArray[Any]) -> bool:
    """Whether anything is said: two different values that are known."""
    known = values[~np.isnan(values)] if values.dtype.kind == "f" else values
    return len(known) > 0 and bool(known.min() < known.max())
