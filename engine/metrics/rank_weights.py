"""How much attention each place of a list gets: one vector of weights per model.

All models give the first place at least as much as any later one. Weights are not normalised:
an item's exposure is the sum of the weights of the places where it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError

__all__ = ["ATTENTION_MODELS", "AttentionModel", "attention_weights"]


@dataclass(frozen=True)
class AttentionModel:
    """A model of attention.

    ``weights(k, patience, top)`` returns float64 weights of shape (k,).
    """

    name: str
    label: str
    formula: str
    source: str
    uses: tuple[str, ...]
    weights: Callable[[int, float, int], NDArray[np.float64]]


def _positions(k: int) -> NDArray[np.float64]:
    return np.arange(1, k + 1, dtype=np.float64)


def _log(k: int, _patience: float, _top: int) -> NDArray[np.float64]:
    return 1.0 / np.log2(_positions(k) + 1.0)


def _geometric(k: int, patience: float, _top: int) -> NDArray[np.float64]:
    return patience ** (_positions(k) - 1.0)


def _reciprocal(k: int, _patience: float, _top: int) -> NDArray[np.float64]:
    return 1.0 / _positions(k)


def _top_k(k: int, _patience: float, top: int) -> NDArray[np.float64]:
    return (_positions(k) <= top).astype(np.float64)


def _cascade(k: int, patience: float, _top: int) -> NDArray[np.float64]:
    return (1.0 - patience) * patience ** (_positions(k) - 1.0)


ATTENTION_MODELS: dict[str, AttentionModel] = {
    model.name: model
    for model in (
        AttentionModel(
            "log",
            "Logarithmic",
            "v(j) = 1 / log2(j + 1)",
            "Järvelin & Kekäläinen 2002",
            (),
            _log,
        ),
        AttentionModel(
            "geometric",
            "Geometric",
            "v(j) = p^(j − 1)",
            "Moffat & Zobel 2008",
            ("patience",),
            _geometric,
        ),
        AttentionModel("reciprocal", "Reciprocal", "v(j) = 1 / j", "Zipf", (), _reciprocal),
        AttentionModel(
            "top_k",
            "Only the top",
            "v(j) = 1 for j ≤ top, else 0",
            "Step model",
            ("top",),
            _top_k,
        ),
        AttentionModel(
            "cascade",
            "Cascade",
            "v(j) = (1 − p) · p^(j − 1)",
            "Sapiezynski et al. 2019; Craswell et al. 2008 with a constant chance of stopping",
            ("patience",),
            _cascade,
        ),
    )
}
"""Name → attention model."""


def attention_weights(
    model: str, k: int, *, patience: float = 0.85, top: int = 5
) -> NDArray[np.float64]:
    """Return the attention of places 1 to ``k``.

    Parameters
    ----------
    model : str
        A key of :data:`ATTENTION_MODELS`.
    k : int
        List length, at least 1.
    patience : float
        Chance of going on to the next place, in (0, 1); geometric and cascade.
    top : int
        Places that are seen, at least 1; ``top_k``.

    Returns
    -------
    float64 array of shape (k,)

    Raises
    ------
    ScenarioError
        Unknown model, or a parameter out of range.

    Examples
    --------
    >>> attention_weights("reciprocal", 3).round(3).tolist()
    [1.0, 0.5, 0.333]
    """
    if model not in ATTENTION_MODELS:
        allowed = ", ".join(ATTENTION_MODELS)
        raise ScenarioError(f"`attention` must be one of {allowed}; got {model!r}.")
    if not 0 < patience < 1:
        raise ScenarioError(f"`patience` must lie between 0 and 1; got {patience!r}.")
    if k < 1 or top < 1:
        raise ScenarioError(f"List length and `top` must be at least 1; got {k!r} and {top!r}.")
    return ATTENTION_MODELS[model].weights(k, patience, top)
