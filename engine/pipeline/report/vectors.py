"""Whatever vectors a fit has of items and people, and who or what is most alike by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from engine.artifacts import Artifacts
from engine.pipeline.retrieval.by_factors import ByFactors
from engine.pipeline.retrieval.content import Content
from engine.pipeline.retrieval.registry import SOURCES
from engine.pipeline.serving import everybodys_histories, serving_of

__all__ = ["Alike", "Rows", "Vectors", "is_known", "most_alike", "vectors_of"]

Rows: TypeAlias = NDArray[np.float32] | sp.csr_matrix
"""Vectors as the rows of a dense or sparse float32 matrix, of length 1, or 0 where unknown."""


@dataclass(frozen=True, eq=False)
class Vectors:
    """The vectors of one model of the fit.

    Attributes
    ----------
    name : str
        Of the model.
    label : str
        For people: what its source proposes by.
    items : float32 matrix of shape (n_items, d)
    people : float32 matrix of shape (n_users, d)
    """

    name: str
    label: str
    items: Rows
    people: Rows

    def of(self, what: str) -> Rows:
        """Return the vectors of ``items`` or of ``people``."""
        return self.items if what == "items" else self.people


@dataclass(frozen=True, eq=False)
class Alike:
    """The most alike, most alike first.

    Attributes
    ----------
    rows : int64 array of shape (n,)
    cosine : float64 array of shape (n,)
        In [-1, 1].
    n_compared : int
        Others that have a vector, and so could be compared.
    """

    rows: NDArray[np.int64]
    cosine: NDArray[np.float64]
    n_compared: int


def vectors_of(artifacts: Artifacts) -> tuple[Vectors, ...]:
    """Return the vectors of every model that has some of items and of people, in their order.

    Factor models give theirs, a person's as their whole history says; the content model gives
    genres and words, and for a person the sum over what they liked. A column in which all people
    are the same meets the items' biases: it says how popular an item is, not what it is like, and
    is left out.

    Raises
    ------
    ArtifactError
        The models cannot be opened.
    """
    histories = everybodys_histories(artifacts)
    found = []
    for name, model in serving_of(artifacts).moment.retrieval.models.items():
        if isinstance(model, ByFactors):
            items, people = model.item_factors, model.factors_of(histories)
            tells = _tells_people_apart(people)
            found.append(_vectors(name, items[:, tells], people[:, tells]))
        elif isinstance(model, Content):
            found.append(_vectors(name, model.vectors, histories.likes @ model.vectors))
    return tuple(found)


def _vectors(name: str, items: Any, people: Any) -> Vectors:
    label = next((one.label for one in SOURCES.values() if one.model == name), name)
    return Vectors(name, label, _unit(items), _unit(people))


def _unit(rows: Any) -> Rows:
    if sp.issparse(rows):
        return sp.csr_matrix(normalize(sp.csr_matrix(rows))).astype(np.float32)
    return np.asarray(normalize(np.asarray(rows, np.float64)), np.float32)


def _tells_people_apart(people: NDArray[np.float32]) -> NDArray[np.bool_]:
    known = people[np.any(people != 0, axis=1)]
    return np.ptp(known, axis=0) > 0 if len(known) > 1 else np.ones(people.shape[1], bool)


def is_known(rows: Rows) -> NDArray[np.bool_]:
    """Whether each row is a vector at all, not zero; bool of shape (n,)."""
    squared = rows * rows if isinstance(rows, np.ndarray) else rows.multiply(rows)
    return np.asarray(squared.sum(axis=1)).ravel() > 0


def most_alike(rows: Rows, row: int, n: int = 10) -> Alike:
    """Find the rows with the largest cosine to one of them; O(n_rows · d).

    Parameters
    ----------
    rows : float32 matrix of shape (n_rows, d)
        Of length 1, or 0 where nothing is known: these are like nothing, and are left out.
    row : int
        Itself is left out too.
    n : int
        At most so many; of equally alike ones the first.

    Examples
    --------
    >>> rows = np.array([[1, 0], [0.6, 0.8], [0, 1], [0, 0]], np.float32)
    >>> most_alike(rows, 0).rows.tolist()
    [1, 2]
    """
    known = is_known(rows)
    if not known[row]:
        return Alike(np.empty(0, np.int64), np.empty(0), 0)
    others = np.flatnonzero(known & (np.arange(len(known)) != row))
    own = rows[[row]]
    products = rows[others] @ own.T
    cosine = products if isinstance(products, np.ndarray) else products.toarray()
    cosine = np.clip(np.asarray(cosine, np.float64).ravel(), -1.0, 1.0)
    first = np.argsort(-cosine, kind="stable")[:n]
    return Alike(others[first], cosine[first], len(others))
