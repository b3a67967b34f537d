"""A fitted pipeline opened to serve one person anew: retrieval, features and ranker."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.errors import ArtifactError
from engine.fit_reading import refused_if_unreadable
from engine.ranking.listwise import MODEL_FILE, Listwise
from engine.ranking.moment import Moment
from engine.ranking.moment_store import open_moment
from engine.retrieval.als import AlsConfig
from engine.retrieval.catalogue import Catalogue

__all__ = ["Serving", "serving_of"]

_OPEN: WeakKeyDictionary[Artifacts, Serving] = WeakKeyDictionary()
_LOCK = threading.Lock()


@dataclass(frozen=True, eq=False)
class Serving:
    """What answers for one person.

    Attributes
    ----------
    moment : Moment
        Sources, index and statistics as of the whole history.
    ranker : Listwise
    group_codes : int16 array of shape (n_users, n_demographic)
        Demographic groups that the features look at.
    """

    moment: Moment
    ranker: Listwise
    group_codes: NDArray[np.int16]

    def codes_of(self, user: int | None) -> NDArray[np.int16]:
        """Look up one person's groups, shape (1, n_demographic); -1 where none is known."""
        if user is None:
            return np.full((1, self.group_codes.shape[1]), -1, np.int16)
        return self.group_codes[[user]]


def serving_of(artifacts: Artifacts) -> Serving:
    """Open the fitted pipeline behind ``artifacts``, once per process.

    Raises
    ------
    ArtifactError
        If the fit kept no ranker that can be opened.
    """
    with _LOCK:
        if artifacts not in _OPEN:
            with refused_if_unreadable(artifacts.folder, "its models cannot be opened"):
                _OPEN[artifacts] = _open(artifacts)
        return _OPEN[artifacts]


def _open(artifacts: Artifacts) -> Serving:
    models, manifest = artifacts.folder / "models", artifacts.manifest
    if not (models / MODEL_FILE).is_file():
        raise ArtifactError(
            f"The fit in {artifacts.folder} keeps no ranker to explain or to ask again: it was "
            "fitted with another ranker than `listwise`, or on data with nothing to learn from."
        )
    demographic = tuple(manifest["demographic"])
    places = [list(artifacts.attributes).index(name) for name in demographic]
    moment = open_moment(
        models,
        Catalogue.from_items(artifacts.items),
        artifacts.mf_item_factors,
        als=AlsConfig(**manifest["config"]["sources"]["als"]),
        ef=manifest["metrics"]["hnsw"]["ef"],
        group_names=demographic,
        n_candidates=artifacts.candidates.shape[1],
        source_weights=tuple(manifest["source_weights"]),
    )
    return Serving(moment, Listwise.load(models), np.asarray(artifacts.user_groups)[:, places])
