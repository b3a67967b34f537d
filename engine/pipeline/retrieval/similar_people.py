"""What people of alike taste like: clusters of people's factors, and the clusters next to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans
from threadpoolctl import threadpool_limits

from engine.pipeline.retrieval.als import Als, als_of
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.links import ByLinks, Links, strongest
from engine.pipeline.retrieval.new_items import unit_rows
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source import ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES", "SimilarPeople", "cluster_shares", "cluster_weights"]

OWN, NEIGHBOURS, N_NEIGHBOURS = 0.7, 0.3, 3
MOST_CLUSTERS, PEOPLE_PER_CLUSTER = 128, 40
PRIOR_PEOPLE = 10.0
"""A cluster's share of likes is drawn towards everybody's with the weight of so many people."""


def cluster_weights(
    people: NDArray[np.float32], centres: NDArray[np.float32]
) -> NDArray[np.float32]:
    """.7 on the nearest centre and .3 shared by the three next; all 0 for a zero row.

    Parameters
    ----------
    people : float32 array of shape (n_people, d)
        Of unit length, or zero.
    centres : float32 array of shape (n_clusters, d)

    Returns
    -------
    float32 array of shape (n_people, n_clusters)
    """
    # a person at a time over all centres: a library's product may differ with the rows beside it
    distance = np.stack([((centres - one) ** 2).sum(axis=1) for one in people])
    order = np.argsort(distance, axis=1, kind="stable")
    weights = np.zeros(distance.shape, np.float32)
    n_next = min(N_NEIGHBOURS, len(centres) - 1)
    np.put_along_axis(weights, order[:, :1], OWN if n_next else 1.0, axis=1)
    if n_next:
        np.put_along_axis(weights, order[:, 1 : 1 + n_next], NEIGHBOURS / n_next, axis=1)
    weights[~people.any(axis=1)] = 0
    return weights


def cluster_shares(
    likes: sp.csr_matrix, cluster: NDArray[np.int64], n_clusters: int
) -> NDArray[np.float32]:
    """Share of each cluster's people who like each item, drawn towards everybody's.

    Parameters
    ----------
    likes : sparse matrix of shape (n_people, n_items)
    cluster : int64 array of shape (n_people,)
    n_clusters : int

    Returns
    -------
    float32 array of shape (n_clusters, n_items)
    """
    n_people = likes.shape[0]
    places = (np.ones(n_people, np.float32), (cluster, np.arange(n_people)))
    counts = (sp.csr_matrix(places, shape=(n_clusters, n_people)) @ likes).toarray()
    everybody = counts.sum(axis=0) / max(n_people, 1)
    size = np.bincount(cluster, minlength=n_clusters)[:, None]
    return ((counts + PRIOR_PEOPLE * everybody) / (size + PRIOR_PEOPLE)).astype(np.float32)


@dataclass(frozen=True, eq=False)
class SimilarPeople:
    """Clusters of people, and what each likes.

    Attributes
    ----------
    als : Als
        Whose factors people are compared by.
    centres : float32 array of shape (n_clusters, factors)
    links : Links
        Cluster → items, the most liked alone.
    """

    als: Als
    centres: NDArray[np.float32]
    links: Links

    def source(self, profile: Profile) -> ByLinks:
        """Ask with the whole history, whatever ``profile`` says."""
        del profile

        def weigh(histories: Histories) -> sp.csr_matrix:
            people = unit_rows(self.als.factors_of(histories))
            return sp.csr_matrix(cluster_weights(people, self.centres))

        return ByLinks(weigh, self.links)

    def save(self, folder: Path) -> None:
        """Write factors, centres and links."""
        self.als.save(folder)
        np.save(folder / "centres.npy", self.centres)
        self.links.save(folder)

    def report(self) -> dict[str, Any]:
        """Say the method and how many clusters there are."""
        return {"method": f"k-means of people, {len(self.centres)} clusters"}


def _fit(
    audience: Histories, catalogue: Catalogue, config: SourceConfig, seed: int
) -> SimilarPeople:
    als = als_of(audience, catalogue, config, seed)
    people = unit_rows(als.fold_in(audience.likes))
    able = people.any(axis=1)
    n_clusters = int(np.clip(able.sum() // PEOPLE_PER_CLUSTER, 1, MOST_CLUSTERS))
    if not able.any():
        centres = np.zeros((1, people.shape[1]), np.float32)
    else:
        with threadpool_limits(1):  # else the sums depend on the number of threads
            model = MiniBatchKMeans(n_clusters, n_init=3, random_state=seed, batch_size=4096)
            centres = model.fit(people[able]).cluster_centers_.astype(np.float32)
    nearest = cluster_weights(people[able], centres).argmax(axis=1) if able.any() else np.empty(0)
    shares = cluster_shares(audience.likes[able], nearest.astype(np.int64), len(centres))
    items, values = strongest(shares, config.links_per_item)
    links = Links.from_rows(items, values, audience.n_items)
    return SimilarPeople(Als(als.item_factors, als.config), centres, links)


def _load(folder: Path, config: SourceConfig) -> SimilarPeople:
    factors, centres = (
        np.load(folder / f"{part}.npy", allow_pickle=False) for part in ("item_factors", "centres")
    )
    return SimilarPeople(Als(factors, config.als), centres, Links.load(folder))


MODELS = (ModelRecord("similar_people", _fit, _load),)

SOURCES = (
    SourceRecord(
        "similar_people", "liked by people of alike taste", 200, "similar_people", is_option=True
    ),
)
