"""What each filter takes out: items, places among the retrieved, and likes lost by it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.held_out import is_in_rows
from engine.pipeline.report.estimates import Estimate, ratio_of

__all__ = ["FilterRow", "filter_counts"]

MET = "met before"


@dataclass(frozen=True)
class FilterRow:
    """One filter.

    Attributes
    ----------
    label : str
    n_items : int
        Items of the catalogue that it takes out; of what was met before, of anybody.
    places : float
        Mean number of places of a person's retrieved items that it clears.
    n_people : int
        People for whom it clears any.
    lost : Estimate
        Share of the held-out likes that are of such items, and can be in no list.
    """

    label: str
    n_items: int
    places: float
    n_people: int
    lost: Estimate


def filter_counts(artifacts: Artifacts) -> tuple[FilterRow, ...]:
    """Count what each filter takes out, what people had met first; O(n_users · n_candidates).

    Where items come again, what they had met is not taken out.

    Nothing is counted twice: what a person had met before is theirs alone to clear, and an item is
    put down to one filter.
    """
    lists = np.asarray(artifacts.retrieved)
    is_met = np.zeros(lists.shape, bool)
    if not artifacts.offers_again:
        is_met = is_in_rows(lists, artifacts.history, artifacts.n_items)
    held = artifacts.holdout.lengths()
    # nothing can be lost where nothing is taken out, so there is nothing to be unsure of
    none_lost = Estimate(0.0, np.nan, np.nan, int((held > 0).sum()))
    n_met = 0 if artifacts.offers_again else len(np.unique(artifacts.history.indices))
    rows = [_row(MET, n_met, is_met, none_lost)]
    out = artifacts.filtered_out
    if out is None:
        return tuple(rows)
    codes = np.where(is_met | (lists == PAD), 0, np.asarray(out)[np.maximum(lists, 0)])
    owner = np.repeat(np.arange(len(held)), held)
    for place, said in enumerate(artifacts.manifest["metrics"].get("filters", ()), start=1):
        is_lost = np.asarray(out)[artifacts.holdout.indices] == place
        lost = none_lost
        if said["n_items"]:
            lost = ratio_of(np.bincount(owner, is_lost, len(held)), held)
        rows.append(_row(said["label"], said["n_items"], codes == place, lost))
    return tuple(rows)


def _row(label: str, n_items: int, is_cleared: NDArray[np.bool_], lost: Estimate) -> FilterRow:
    cleared = is_cleared.sum(axis=1)
    places = float(cleared.mean()) if len(cleared) else 0.0
    return FilterRow(label, n_items, places, int((cleared > 0).sum()), lost)
