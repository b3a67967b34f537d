"""What each filter takes out: items, places among the retrieved, and likes lost by it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged
from engine.artifacts import Artifacts
from engine.held_out import is_in_rows
from engine.pipeline.filtering.item_filters import filters_of
from engine.pipeline.filtering.met_bloom import bits_of, predicted_rate, taken_for_met
from engine.pipeline.report.estimates import Estimate, ratio_of

__all__ = ["FilterCounts", "FilterRow", "MetBloom", "bloom_measured", "filter_counts"]

MET, TAKEN_FOR_MET = "met before", "taken for met by the Bloom filter"


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


@dataclass(frozen=True)
class MetBloom:
    """How the Bloom filters of what was met keep their word, and what they save.

    Attributes
    ----------
    rate : float
        As asked for.
    predicted : float
        Mean over people of what filters of their sizes should err by.
    measured : Estimate
        Share of the retrieved items that were not met and are taken for met, over people.
    n_bytes, exact_bytes : int
        Of everybody's filters, and of what was met as numbers of items (4 bytes each).
    """

    rate: float
    predicted: float
    measured: Estimate
    n_bytes: int
    exact_bytes: int


@dataclass(frozen=True)
class FilterCounts:
    """What each filter takes out, what people had met first.

    ``met`` says how the Bloom filters of what was met do; None where the fit has none.
    """

    rows: tuple[FilterRow, ...]
    met: MetBloom | None


def filter_counts(artifacts: Artifacts) -> FilterCounts:
    """Count what each filter takes out; O(n_users · n_candidates).

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
    rate = filters_of(artifacts.manifest["config"].get("filters", {})).met_bloom
    met = None
    if rate:
        is_wrong = taken_for_met(lists, artifacts.history, rate) & ~is_met
        met = bloom_measured(lists, artifacts.history, rate, is_met=is_met, is_wrong=is_wrong)
        rows.append(_wrongly_met(artifacts, lists, is_wrong, rate))
        is_met |= is_wrong
    out = artifacts.filtered_out
    if out is None:
        return FilterCounts(tuple(rows), met)
    codes = np.where(is_met | (lists == PAD), 0, np.asarray(out)[np.maximum(lists, 0)])
    owner = np.repeat(np.arange(len(held)), held)
    for place, said in enumerate(artifacts.manifest["metrics"].get("filters", ()), start=1):
        is_lost = np.asarray(out)[artifacts.holdout.indices] == place
        lost = none_lost
        if said["n_items"]:
            lost = ratio_of(np.bincount(owner, is_lost, len(held)), held)
        rows.append(_row(said["label"], said["n_items"], codes == place, lost))
    return FilterCounts(tuple(rows), met)


def bloom_measured(
    lists: NDArray[np.int32],
    history: Ragged,
    rate: float,
    *,
    is_met: NDArray[np.bool_],
    is_wrong: NDArray[np.bool_],
) -> MetBloom:
    """Measure Bloom filters of what was met on lists of items.

    Parameters
    ----------
    lists : int32 array of shape (n_people, n)
        Padded with :data:`PAD`.
    history : Ragged
        What each person has met.
    rate : float in (0, 1)
        As asked for.
    is_met, is_wrong : bool arrays of the shape of ``lists``
        What was met, and what was not and is taken for it.
    """
    asked = ((lists != PAD) & ~is_met).sum(axis=1)
    lengths = history.lengths()
    expected = (predicted_rate(lengths, rate) * asked).sum() / max(asked.sum(), 1)
    return MetBloom(
        rate=rate,
        predicted=float(expected),
        measured=ratio_of(is_wrong.sum(axis=1), asked),
        n_bytes=int(bits_of(lengths, rate).sum()) // 8,
        exact_bytes=4 * len(history.indices),
    )


def _row(label: str, n_items: int, is_cleared: NDArray[np.bool_], lost: Estimate) -> FilterRow:
    cleared = is_cleared.sum(axis=1)
    places = float(cleared.mean()) if len(cleared) else 0.0
    return FilterRow(label, n_items, places, int((cleared > 0).sum()), lost)


def _wrongly_met(
    artifacts: Artifacts, lists: NDArray[np.int32], is_wrong: NDArray[np.bool_], rate: float
) -> FilterRow:
    """Count what the Bloom filter takes for met and is not: places, and held-out likes."""
    holdout = artifacts.holdout
    held = holdout.lengths()
    wide = np.full((len(held), int(held.max(initial=0))), PAD, np.int32)
    wide[np.arange(wide.shape[1]) < held[:, None]] = holdout.indices
    lost = taken_for_met(wide, artifacts.history, rate).sum(axis=1)
    n_items = len(np.unique(lists[is_wrong]))
    return _row(TAKEN_FOR_MET, n_items, is_wrong, ratio_of(lost, held))
