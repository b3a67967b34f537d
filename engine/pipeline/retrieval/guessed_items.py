"""What the content of items without a like is read from, alike for every factor model of a fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.content import content_of
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.new_items import with_new_items
from engine.pipeline.retrieval.sentences import meaning_of
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["with_guessed"]


def with_guessed(
    item_factors: NDArray[np.float32],
    audience: Histories,
    catalogue: Catalogue,
    config: SourceConfig,
) -> NDArray[np.float32]:
    """Give items that nobody of an audience liked the factors that their content makes likely.

    The content is genres and words by TF-IDF and, where the fit has the sentence model, what texts
    mean beside them: on the labels both together did as well as either or better, at the penalty
    of the words alone (``python -m tests.benchmarks.cold_start``).

    Parameters
    ----------
    item_factors : float32 array of shape (n_items, d)
    audience : Histories
    catalogue : Catalogue
    config : SourceConfig

    Returns
    -------
    float32 array of shape (n_items, d)
    """
    n_likes = np.bincount(audience.liked.indices, minlength=audience.n_items)
    if n_likes.all():
        return with_new_items(item_factors, n_likes, catalogue)
    return with_new_items(
        item_factors,
        n_likes,
        catalogue,
        content=content_of(audience, catalogue),
        meaning=meaning_of(catalogue, config),
        ridge=config.content_ridge,
    )
