"""The arrays that a fit leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.fit_data import Prepared
from engine.pipeline.lists import Served
from engine.pipeline.moment import Moment
from engine.pipeline.ranking.ordering import leaning
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.new_items import unit_rows

__all__ = ["arrays_of", "objective_arrays"]


def arrays_of(
    moment: Moment, served: Served, seen: Histories, group_codes: NDArray[np.int16]
) -> dict[str, NDArray[Any]]:
    """Collect what :class:`engine.artifacts.Artifacts` promises of candidates, items and history.

    Parameters
    ----------
    moment : Moment
    served : Served
        Everybody's lists.
    seen : Histories
    group_codes : int16 array of shape (n_people, n_attributes)
        Groups that may be read.
    """
    catalogue, als = moment.catalogue, moment.als
    arrays: dict[str, NDArray[Any]] = {
        "candidates": served.candidates,
        "scores": served.scores,
        "source_masks": served.source_masks,
        "retrieved": served.retrieved,
        "filtered": served.filtered,
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
        "fallback": leaning(seen.seen.lengths(), group_codes, moment.group_weight),
    }
    if seen.count is not None:
        arrays["history_count"] = seen.count
    for name, values in (("history_amount", seen.amount), ("history_where", seen.where)):
        if values is not None:
            arrays[name] = values
    if moment.retrieval.out is not None:
        arrays["filtered_out"] = moment.retrieval.out
    if served.features is not None:
        arrays["features"] = served.features
    return arrays


def objective_arrays(
    served: Served, data: Prepared, names: Sequence[str]
) -> dict[str, NDArray[Any]]:
    """Collect the same of a fit's objectives; nothing where it has none.

    ``objective_holdout`` has a row for each person of the first objective, then of the second …
    """
    if not names:
        return {}
    assert data.seen.did is not None
    held = [data.objectives.found[name].holdout for name in names]
    lengths = np.concatenate([rows.lengths() for rows in held])
    return {
        "objectives": served.objectives,
        "history_did": data.seen.did,
        "objective_holdout_indptr": np.concatenate([[0], np.cumsum(lengths)]),
        "objective_holdout_indices": np.concatenate([rows.indices for rows in held]),
    }
