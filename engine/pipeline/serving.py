"""A fitted pipeline opened to serve one person anew, built from the recipe in its manifest."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.errors import ArtifactError
from engine.fit_reading import refused_if_unreadable
from engine.pipeline.filtering.item_filters import filters_of
from engine.pipeline.lists import Served, serve_block
from engine.pipeline.moment import Moment, open_moment
from engine.pipeline.ranking.candidate_features import FEATURE_FAMILIES
from engine.pipeline.ranking.objective_rankers import (
    NO_OBJECTIVES,
    ObjectiveStage,
    load_objectives,
)
from engine.pipeline.ranking.ranker import Ranker
from engine.pipeline.ranking.registry import RANKERS, load_group_models, load_ranker
from engine.pipeline.recipe import SourceUse
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.registry import SOURCES
from engine.pipeline.retrieval.source_config import source_config_of
from engine.pipeline.second.registry import SECONDS, load_staged

__all__ = ["Serving", "everybodys_histories", "serving_of"]

_OPEN: WeakKeyDictionary[Artifacts, Serving] = WeakKeyDictionary()
_LOCK = threading.Lock()


@dataclass(frozen=True, eq=False)
class Serving:
    """What answers for one person.

    Attributes
    ----------
    moment : Moment
        Sources, index and statistics as of the whole history.
    ranker : Ranker
        With the second stage behind it, where the fit has one.
    group_codes : int16 array of shape (n_users, n_demographic)
        Demographic groups that the features look at.
    objectives : ObjectiveStage
    """

    moment: Moment
    ranker: Ranker
    group_codes: NDArray[np.int16]
    objectives: ObjectiveStage = NO_OBJECTIVES

    def codes_of(self, user: int | None) -> NDArray[np.int16]:
        """Look up one person's groups, shape (1, n_demographic); -1 where none is known."""
        if user is None:
            return np.full((1, self.group_codes.shape[1]), -1, np.int16)
        return self.group_codes[[user]]

    def serve(self, histories: Histories, group_codes: NDArray[np.int16]) -> Served:
        """Retrieve, describe and rank for a few people, by the same code as in the fit."""
        return serve_block(self.moment, self.ranker, histories, group_codes, self.objectives)


def everybodys_histories(artifacts: Artifacts) -> Histories:
    """Return what everybody did until the test; at day 0 where moments are not known."""
    days, counts = artifacts.history_day, artifacts.history_count
    amounts, where = artifacts.history_amount, artifacts.history_where
    n = len(artifacts.history.indices)
    return Histories(
        artifacts.n_items,
        artifacts.history,
        np.asarray(artifacts.history_is_liked, bool),
        np.zeros(n) if days is None else np.asarray(days, np.float64),
        None if counts is None else np.asarray(counts),
        None if amounts is None else np.asarray(amounts),
        None if where is None else np.asarray(where),
        None if artifacts.history_did is None else np.asarray(artifacts.history_did),
    )


def serving_of(artifacts: Artifacts) -> Serving:
    """Open the fitted pipeline behind ``artifacts``, once per process.

    Raises
    ------
    ArtifactError
        If the recipe names a part that this program does not have.
    """
    with _LOCK:
        if artifacts not in _OPEN:
            with refused_if_unreadable(artifacts.folder, "its models cannot be opened"):
                _OPEN[artifacts] = _open(artifacts)
        return _OPEN[artifacts]


def _open(artifacts: Artifacts) -> Serving:
    manifest, models = artifacts.manifest, artifacts.folder / "models"
    recipe = manifest["recipe"]
    second = recipe.get("second", "")
    for what, name, known in (
        ("a ranker", recipe["ranker"], RANKERS),
        *(("a second stage", name, SECONDS) for name in (second,) if name),
        *(("features", family, FEATURE_FAMILIES) for family in recipe["features"]),
        *(("a source", use["name"], SOURCES) for use in recipe["sources"]),
    ):
        if name not in known:
            raise ArtifactError(
                f"The fit in {artifacts.folder} used {what} named {name!r:.60}, which this program "
                "does not have: run `python -m engine fit` for this data set again."
            )
    demographic = tuple(manifest["demographic"])
    places = [list(artifacts.attributes).index(name) for name in demographic]
    moment = open_moment(
        models,
        Catalogue.from_items(artifacts.items),
        uses=tuple(SourceUse(**use) for use in recipe["sources"]),
        config=source_config_of(manifest["config"]["sources"]),
        families=tuple(recipe["features"]),
        group_names=demographic,
        n_candidates=artifacts.candidates.shape[1],
        group_weight=float(manifest["config"].get("group_weight", 0.0)),
    )
    filters = filters_of(manifest["config"].get("filters", {}))
    moment = moment.without(moment.retrieval.out, filters.met_bloom)
    load = load_group_models if recipe.get("for_groups") else load_ranker
    ranker = load_staged(recipe["ranker"], second, models / "ranker", load=load)
    codes = np.asarray(artifacts.user_groups)[:, places]
    return Serving(moment, ranker, codes, load_objectives(models, artifacts.objective_names))
