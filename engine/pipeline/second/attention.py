"""Transformer blocks over lists, in NumPy: what serves needs no PyTorch.

Every person's list is one matrix product of its own, so that a person scores to the last bit the
same alone and among others, and padding, which gets a weight of exactly 0, moves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "APART",
    "LAYER_NORM_EPS",
    "MASKED",
    "Shape",
    "apart",
    "encoded",
    "fresh_weights",
    "weight_shapes",
]

MASKED = np.float32(-1e9)
"""What a padded place's attention is set to before the softmax; its exponential is 0."""

APART = np.float32(4.0)
"""Times that a number for distance counts: a step of Adam is as long for a number that stands alone
as for one of the many that a product of vectors adds up."""

FIRST_SLOPES = (1.0, 0.1)
"""What the first, second, third ... head takes off for each place between, before it learns."""

LAYER_NORM_EPS = np.float32(1e-5)

Weights = Mapping[str, NDArray[np.float32]]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """How large an encoder is, and which parts of it are there.

    Parameters
    ----------
    n_inputs : int
        Inputs of a candidate.
    n_places : int
        Longest list.
    width, heads, blocks : int
    has_places : bool
        Whether a learned vector of its place is added to each candidate.
    has_residual : bool
        Whether each half of a block is added to what goes into it.
    has_distances : bool
        Whether attention adds a learned number for how many places, and on which side, the other
        candidate is away; weights of before there were such numbers have none.
    """

    n_inputs: int
    n_places: int
    width: int = 32
    heads: int = 2
    blocks: int = 1
    has_places: bool = True
    has_residual: bool = True
    has_distances: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.heads <= self.width:
            raise ValueError(f"`heads` of Shape must be from 1 to {self.width}; got {self.heads}.")
        if self.blocks < 1:
            raise ValueError(f"`blocks` of Shape must be 1 or more; got {self.blocks}.")

    @property
    def head_width(self) -> int:
        """Width of one head."""
        return self.width // self.heads


def weight_shapes(shape: Shape) -> dict[str, tuple[int, ...]]:
    """Return name → shape of every weight of an encoder with one output a candidate."""
    width, inner = shape.width, shape.heads * shape.head_width
    shapes: dict[str, tuple[int, ...]] = {"in_w": (shape.n_inputs, width), "in_b": (width,)}
    if shape.has_places:
        shapes["places"] = (shape.n_places, width)
    for block in range(shape.blocks):
        shapes |= {f"{name}_{block}_w": (width, inner) for name in ("query", "key", "value")}
        if shape.has_distances:
            shapes[f"apart_{block}"] = (shape.heads, 2 * shape.n_places - 1)
        shapes |= {f"joined_{block}_w": (inner, width), f"joined_{block}_b": (width,)}
        shapes |= {f"wide_{block}_w": (width, 2 * width), f"wide_{block}_b": (2 * width,)}
        shapes |= {f"narrow_{block}_w": (2 * width, width), f"narrow_{block}_b": (width,)}
        for half in ("attended", "fed"):
            shapes |= {f"{half}_{block}_scale": (width,), f"{half}_{block}_shift": (width,)}
    return {**shapes, "out_w": (width, 1), "out_b": (1,)}


def apart(shape: Shape, n: int) -> NDArray[np.int64]:
    """Return which number of ``apart_0`` each place (rows) has for each place (columns).

    >>> apart(Shape(n_inputs=1, n_places=3), 2).tolist()
    [[2, 3], [1, 2]]
    """
    place = np.arange(n)
    return place[None, :] - place[:, None] + shape.n_places - 1


def fresh_weights(shape: Shape, rng: np.random.Generator) -> dict[str, Floats]:
    """Draw weights: Glorot's uniform for matrices, small normal for places, else 0 and 1.

    Of two heads one begins near: what is further off counts less, by :data:`FIRST_SLOPES` a place.
    """
    drawn = {}
    for name, size in weight_shapes(shape).items():
        if name == "places":
            values = 0.02 * rng.standard_normal(size)
        elif name.startswith("apart_"):
            slopes = np.resize(FIRST_SLOPES, shape.heads)[:, None]
            values = -slopes * np.abs(np.arange(size[1]) - size[1] // 2) / APART
        elif name.endswith("_w"):
            limit = np.sqrt(6 / sum(size))
            values = rng.uniform(-limit, limit, size)
        else:
            values = np.ones(size) if name.endswith("_scale") else np.zeros(size)
        drawn[name] = values.astype(np.float32)
    return drawn


def encoded(
    weights: Weights, shape: Shape, inputs: Floats, is_candidate: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Give each candidate of each list a number that depends on the whole list.

    Parameters
    ----------
    weights : mapping of str to float32 array
        As :func:`weight_shapes` says.
    shape : Shape
    inputs : float32 array of shape (n_lists, n, n_inputs)
        In the order of the first ranker; ``n`` at most ``shape.n_places``.
    is_candidate : bool array of shape (n_lists, n)

    Returns
    -------
    logits : float32 array of shape (n_lists, n)
        Without meaning where padded.
    attention : float32 array of shape (n_lists, n, n)
        How much the candidate of each row looked at that of each column, mean of heads and
        blocks; rows sum to 1, padded columns are 0.

    Source
    ------
    Pei et al., "Personalized re-ranking for recommendation", RecSys 2019, section 4; blocks as in
    Vaswani et al., "Attention is all you need", 2017; distances, which the paper has not, as in
    Raffel et al., "Exploring the limits of transfer learning", JMLR 2020, a number each.
    """
    hidden = inputs @ weights["in_w"] + weights["in_b"]
    if shape.has_places:
        hidden = hidden + weights["places"][: inputs.shape[1]]
    looked = np.zeros((*is_candidate.shape, is_candidate.shape[1]), np.float32)
    for block in range(shape.blocks):
        attended, attention = _attended(weights, shape, block, hidden, is_candidate)
        looked += attention / np.float32(shape.blocks)
        hidden = _normalised(
            weights, f"attended_{block}", attended + hidden if shape.has_residual else attended
        )
        wide = hidden @ weights[f"wide_{block}_w"] + weights[f"wide_{block}_b"]
        fed = np.maximum(wide, 0) @ weights[f"narrow_{block}_w"] + weights[f"narrow_{block}_b"]
        hidden = _normalised(weights, f"fed_{block}", fed + hidden if shape.has_residual else fed)
    logits = (hidden @ weights["out_w"] + weights["out_b"])[..., 0]
    return np.asarray(logits, np.float32), looked


def _attended(
    weights: Weights, shape: Shape, block: int, hidden: Floats, is_candidate: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Return what attention gathers for each candidate, and the mean of the heads' weights."""

    def heads(name: str) -> Floats:
        parts = hidden @ weights[f"{name}_{block}_w"]
        split = parts.reshape(*parts.shape[:2], shape.heads, shape.head_width)
        return np.ascontiguousarray(split.transpose(0, 2, 1, 3))

    query, key, value = heads("query"), heads("key"), heads("value")
    scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(shape.head_width))
    if shape.has_distances:
        scores = scores + APART * weights[f"apart_{block}"][:, apart(shape, hidden.shape[1])]
    scores = np.where(is_candidate[:, None, None, :], scores, MASKED)
    scores -= scores.max(axis=-1, keepdims=True)
    share = np.exp(scores)
    share /= share.sum(axis=-1, keepdims=True)
    gathered = np.ascontiguousarray((share @ value).transpose(0, 2, 1, 3))
    joined = gathered.reshape(*hidden.shape[:2], -1) @ weights[f"joined_{block}_w"]
    return joined + weights[f"joined_{block}_b"], share.mean(axis=1)


def _normalised(weights: Weights, name: str, values: Floats) -> Floats:
    """Bring each candidate's vector to mean 0 and deviation 1, then scale and shift it."""
    centred = values - values.mean(axis=-1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + LAYER_NORM_EPS)
    return centred / deviation * weights[f"{name}_scale"] + weights[f"{name}_shift"]
