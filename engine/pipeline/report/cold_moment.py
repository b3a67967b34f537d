"""A fit's pipeline made anew on part of what it knew, to see what is served without the rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.pipeline.blocks import blocks
from engine.pipeline.lists import serve_block
from engine.pipeline.moment import Moment, make_moment
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.sentences import known_already
from engine.pipeline.retrieval.source_config import source_config_of
from engine.pipeline.serving import serving_of

__all__ = ["COLD_LENGTHS", "evenly", "lists_as_of", "moment_as_fitted"]

COLD_LENGTHS = (0, 1, 2, 5, 10)
"""Interactions that are known of a person, or of an item."""


def evenly(able: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Take ``n`` of them, evenly spaced from the first to the last."""
    return able[np.linspace(0, len(able) - 1, n).astype(np.int64)] if n else able[:0]


def moment_as_fitted(
    artifacts: Artifacts, audience: Histories, people: NDArray[np.int64]
) -> Moment:
    """Fit sources and statistics on an audience, with the fit's own recipe, filters and weights.

    Parameters
    ----------
    artifacts : Artifacts
    audience : Histories
    people : int64 array of shape (audience.n_people,)
        Rows of the artifacts that the audience's people are.
    """
    manifest, serving = artifacts.manifest, serving_of(artifacts)
    known_already(serving.moment.catalogue, serving.moment.retrieval.models)
    moment = make_moment(
        audience,
        serving.moment.catalogue,
        serving.group_codes[people],
        serving.moment.group_names,
        source_config_of(manifest["config"]["sources"]),
        families=serving.moment.families,
        n_candidates=artifacts.candidates.shape[1],
        seed=int(manifest["config"].get("seed", 0)),
        group_weight=serving.moment.group_weight,
    )
    filtered = serving.moment.retrieval
    moment = moment.without(filtered.out, filtered.met_rate)
    return moment.weighed({use["name"]: use["weight"] for use in manifest["recipe"]["sources"]})


def lists_as_of(
    artifacts: Artifacts, moment: Moment, people: NDArray[np.int64], known: Histories
) -> NDArray[np.int32]:
    """Serve some people with what is known of them, by the fit's ranker.

    Returns
    -------
    int32 array of shape (len(people), n_candidates)
    """
    serving, rows = serving_of(artifacts), []
    for block in blocks(len(people)):
        part = known.block(block.start, block.stop)
        codes = serving.group_codes[people[block]]
        rows.append(serve_block(moment, serving.ranker, part, codes).candidates)
    return np.concatenate(rows)
