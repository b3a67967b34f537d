"""The arrays that a fit leaves behind."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.ranking.lists import Lists
from engine.ranking.moment import Moment
from engine.ranking.ordering import LEANS_BELOW
from engine.retrieval.histories import Histories
from engine.retrieval.new_items import unit_rows

__all__ = ["arrays_of"]


def arrays_of(
    moment: Moment,
    lists: Lists,
    order: NDArray[np.int64],
    scores: NDArray[np.float32],
    seen: Histories,
    max_feature_bytes: int,
) -> dict[str, NDArray]:
    """Collect what :class:`engine.artifacts.Artifacts` promises of candidates, items and history.

    Parameters
    ----------
    moment : Moment
    lists : Lists
    order : int64 array of shape (n_people, n)
        Places in ``lists.filtered``, best first.
    scores : float32 array of shape (n_people, n)
        In that order.
    seen : Histories
    max_feature_bytes : int
        Features are kept if they take no more.
    """
    catalogue, als = moment.catalogue, moment.als
    arrays: dict[str, NDArray] = {
        "candidates": np.take_along_axis(lists.filtered, order, axis=1),
        "scores": scores,
        "source_masks": np.take_along_axis(lists.source_masks, order, axis=1),
        "retrieved": lists.retrieved,
        "filtered": lists.filtered,
        "item_factors": unit_rows(als.item_factors),
        "mf_item_factors": als.item_factors,
        "mf_user_factors": als.fold_in(seen.likes),
        "genre_matrix": catalogue.genre_matrix,
        "released_day": catalogue.released_day,
        "popularity": seen.popularity,
        "provider_codes": catalogue.provider_codes,
        "history_indptr": seen.seen.indptr,
        "history_indices": seen.seen.indices,
        "history_is_liked": seen.is_liked,
        "history_day": seen.day,
        "fallback": (seen.seen.lengths() < LEANS_BELOW).astype(np.uint8),
    }
    if lists.features.nbytes <= max_feature_bytes:
        arrays["features"] = np.take_along_axis(lists.features, order[:, :, None], axis=1)
    return arrays
