"""Vectors drawn in two dimensions: principal components, and t-SNE, with what each keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.spatial import KDTree
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from engine.errors import DataError
from engine.pipeline.report.estimates import Estimate, mean_of
from engine.pipeline.report.vectors import Rows, is_known

__all__ = ["LEAST_DRAWN", "MOST_DRAWN", "NEAR", "PICTURES", "FlatMap", "flat_map", "same_near"]

MOST_DRAWN, LEAST_DRAWN = 2000, 12
"""Points of a map: of more a sample is drawn, and of fewer there is nothing to see."""

NEAR = 10
"""So many nearest others count as a point's neighbourhood."""

WIDE, PERPLEXITY = 30, 30.0
"""Principal components that t-SNE starts from, and about how many neighbours it looks at."""

SAME = 1e-6
"""Vectors that differ by less than this in every coordinate are one."""

STAGES = ((250, 12.0), (500, 1.0), (500, 1.0))
"""Steps of t-SNE and how much they exaggerate what is near; between them progress is told."""

PICTURES: Mapping[str, str] = {"tsne": "t-SNE", "pca": "principal components"}
"""The two ways to draw, by name, with their words."""


@dataclass(frozen=True, eq=False)
class FlatMap:
    """Places of points in two dimensions.

    Attributes
    ----------
    rows : int64 array of shape (n,)
        Which rows are drawn, rising.
    places : mapping of str to float32 array of shape (n, 2)
        By name of the picture, :data:`PICTURES`.
    near : mapping of str to int64 array of shape (n, NEAR)
        The nearest others of each point in the picture, as places in ``rows``.
    kept : mapping of str to Estimate
        Share of a point's ten most alike by cosine that are among its ten nearest in the picture,
        mean over points.
    explained : float
        Share of the variance that the two first principal components have, in [0, 1].
    n_known : int
        Rows that have a vector; those without are not drawn.
    """

    rows: NDArray[np.int64]
    places: Mapping[str, NDArray[np.float32]]
    near: Mapping[str, NDArray[np.int64]]
    kept: Mapping[str, Estimate]
    explained: float
    n_known: int

    @property
    def chance(self) -> float:
        """Share of the ten most alike that ten points drawn at random would hold."""
        return self.near["pca"].shape[1] / (len(self.rows) - 1)


def flat_map(
    vectors: Rows,
    *,
    most: int = MOST_DRAWN,
    seed: int = 0,
    tell: Callable[[float], None] = lambda _: None,
) -> FlatMap:
    """Lay vectors out in two dimensions; the same seed gives the same map.

    Some ten seconds for 2,000 points; memory O(most²).

    Parameters
    ----------
    vectors : float32 matrix of shape (n_rows, d)
        Of length 1, so that near means alike by cosine; rows of 0 are not drawn.
    most : int
        Of more rows so many are drawn at random.
    seed : int
    tell : callable
        Hears the share done; may raise to stop.

    Raises
    ------
    DataError
        Fewer than :data:`LEAST_DRAWN` rows have a vector, or all have the same.

    Source
    ------
    van der Maaten and Hinton, "Visualizing data using t-SNE", JMLR 2008; started from principal
    components, as Kobak and Berens, "The art of using t-SNE for single-cell transcriptomics",
    2019, advise.
    """
    known = np.flatnonzero(is_known(vectors))
    if len(known) < LEAST_DRAWN:
        raise DataError(
            f"A map needs vectors of at least {LEAST_DRAWN}, and {len(known):,} of "
            f"{vectors.shape[0]:,} have one: choose other vectors, or fit on more data."
        )
    rows = known
    if len(known) > most:
        rows = np.sort(np.random.default_rng(seed).choice(known, most, replace=False))
    drawn = vectors[rows]
    if _are_all_one(drawn):
        raise DataError(
            f"A map needs vectors that differ, and those of all {len(rows):,} drawn are the same: "
            "choose other vectors."
        )
    with threadpool_limits(1):
        components, explained = _components(drawn, seed)
        tell(0.1)
        places = {"tsne": _tsne(components, seed, tell), "pca": components[:, :2]}
        alike = _nearest_by_cosine(drawn)
    near = {name: _nearest(place) for name, place in places.items()}
    kept = {name: mean_of(_shared(alike, found)) for name, found in near.items()}
    tell(1.0)
    return FlatMap(rows, places, near, kept, explained, len(known))


def _are_all_one(drawn: Rows) -> bool:
    least, most = drawn.min(axis=0), drawn.max(axis=0)
    return float(abs(most - least).max()) < SAME


def _components(drawn: Rows, seed: int) -> tuple[NDArray[np.float32], float]:
    """Return the principal components, widest first, and the share of the first two."""
    n = min(WIDE, *(size - 1 for size in drawn.shape)) if min(drawn.shape) > 2 else 1
    solver: Any = "arpack" if sp.issparse(drawn) else "full"
    found = PCA(n, svd_solver=solver, random_state=seed)
    components = np.asarray(found.fit_transform(drawn), np.float32)
    if components.shape[1] < 2:
        components = np.hstack([components, np.zeros((len(components), 1), np.float32)])
    return components, float(found.explained_variance_ratio_[:2].sum())


def _tsne(
    components: NDArray[np.float32], seed: int, tell: Callable[[float], None]
) -> NDArray[np.float32]:
    n = len(components)
    spread = float(components[:, 0].std())
    places = components[:, :2] / np.float32(spread if spread > 0 else 1.0) * np.float32(1e-4)
    done, whole = 0, sum(steps for steps, _ in STAGES)
    for steps, exaggeration in STAGES:
        places = TSNE(
            init=places,
            perplexity=min(PERPLEXITY, (n - 1) / 3),
            early_exaggeration=exaggeration,
            learning_rate=max(n / STAGES[0][1] / 4, 50.0),
            max_iter=steps,
            random_state=seed,
            n_jobs=1,
        ).fit_transform(components)
        done += steps
        tell(0.1 + 0.8 * done / whole)
    return np.asarray(places, np.float32)


def _n_near(n: int) -> int:
    return min(NEAR, n - 1)


def _nearest_by_cosine(drawn: Rows) -> NDArray[np.int64]:
    products = drawn @ drawn.T
    cosine = products if isinstance(products, np.ndarray) else products.toarray()
    np.fill_diagonal(cosine, -np.inf)
    return np.argsort(-cosine, axis=1, kind="stable")[:, : _n_near(len(cosine))]


def _nearest(places: NDArray[np.float32]) -> NDArray[np.int64]:
    """Find each point's nearest others; of several in one place it is itself the first."""
    n = len(places)
    _, found = KDTree(places).query(places, k=_n_near(n) + 1)
    own = found == np.arange(n)[:, None]
    own[~own.any(axis=1), -1] = True  # many in one place: the last of them makes room
    return np.asarray(found[~own].reshape(n, -1), np.int64)


def _shared(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    return (one[:, :, None] == other[:, None, :]).any(axis=2).mean(axis=1)


def same_near(
    found: FlatMap, picture: str, classes: NDArray[np.int64], *, within: int = 0
) -> tuple[Estimate, float]:
    """Share of a point's nearest others in a picture that are of its class, mean over points.

    Parameters
    ----------
    found : FlatMap
    picture : str
        Key of :data:`PICTURES`.
    classes : int64 array of shape (n,)
        Of the points drawn; below 0 where unknown: such points ask nothing and are nobody's.
    within : int
        Classes so far apart count as one.

    Returns
    -------
    share : Estimate
        NaN where no class is known.
    chance : float
        What the others drawn at random would give on average.
    """
    asked = classes >= 0
    near = classes[found.near[picture]]
    is_same = (np.abs(near - classes[:, None]) <= within) & (near >= 0)
    counts = np.bincount(classes[asked], minlength=1).astype(np.float64)
    window = np.convolve(counts, np.ones(2 * within + 1), mode="same")
    others = (window[classes[asked]] - 1) / max(len(classes) - 1, 1)
    chance = float(others.mean()) if asked.any() else np.nan
    return mean_of(np.where(asked, is_same.mean(axis=1), np.nan)), chance
