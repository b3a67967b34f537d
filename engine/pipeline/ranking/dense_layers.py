"""What small networks over one candidate's inputs are made of, by the names of their weights.

A logit is the sum of the parts whose weights are there: a line (wide), products of two and of three
inputs through factors (factorisation machines), cross layers, two layers (deep). The formulas are
written once, for arrays of NumPy, which serve, and tensors of PyTorch, which learn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Inputs", "aim_logits", "column_gradients", "hidden_of", "interest", "logits"]
__all__ += ["n_crosses", "one_head"]

Weights = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Inputs:
    """One row a candidate: shapes are (…, n, width).

    Attributes
    ----------
    columns : float array of shape (…, n, n_columns)
        Of the design.
    fields : sequence of float arrays of shape (…, n, d)
        Vectors of the item and the person's groups; empty for networks of features alone.
    bias : float array of shape (…, n), or 0
        What the item and the groups add, whatever the features.
    joined : float array of shape (…, n, n_columns + n_fields · d)
        Columns and fields side by side.
    aim_bias : float array of shape (…, n, n_aims), or 0
        What the item and the groups add to the other heads.
    """

    columns: Any
    fields: Any
    bias: Any
    joined: Any
    aim_bias: Any = 0.0


def hidden_of(weights: Weights, inputs: Inputs, drop: Callable[[Any], Any] = lambda x: x) -> Any:
    """Return what the two layers give of each candidate, of shape (…, n, SECOND)."""
    hidden = inputs.joined
    for layer in ("first", "second"):
        hidden = drop((hidden @ weights[f"{layer}_w"] + weights[f"{layer}_b"]).clip(min=0))
    return hidden


def aim_logits(weights: Weights, inputs: Inputs, hidden: Any) -> Any:
    """Return the score of each candidate by each other objective, of shape (…, n, n_aims).

    Heads share the two layers (the shared bottom) and have a line, a sum over the layers and
    biases of items and groups of their own.

    Source
    ------
    Caruana, "Multitask learning", Machine Learning 28, 1997.
    """
    found = inputs.columns @ weights["aim_wide"] + hidden @ weights["aim_out"] + weights["aim_b"]
    return found + inputs.aim_bias


def one_head(weights: Weights, aim: int) -> dict[str, Any]:
    """Return the weights of the network that has one of the other heads as its only one."""
    own = {
        "wide_w": weights["aim_wide"][:, aim : aim + 1],
        "out_w": weights["aim_out"][:, aim : aim + 1],
        "out_b": weights["aim_b"][aim : aim + 1],
    }
    own |= {
        name.removeprefix("aim_"): values[:, aim]
        for name, values in weights.items()
        if name.startswith("aim_bias")
    }
    return {name: own.get(name, v) for name, v in weights.items() if not name.startswith("aim_")}


def logits(
    weights: Weights,
    inputs: Inputs,
    drop: Callable[[Any], Any] = lambda x: x,
    hidden: Any | None = None,
) -> Any:
    """Return the score of each candidate, of shape (…, n).

    Parameters
    ----------
    weights : mapping of str to array
    inputs : Inputs
    drop : callable
        Dropout; leaves everything as it is where nothing is learned.
    hidden : array, optional
        Of :func:`hidden_of`, where it is at hand.

    Source
    ------
    Cheng et al., "Wide & deep learning for recommender systems", DLRS 2016; Rendle,
    "Factorization machines", ICDM 2010, equation 5; Blondel et al., "Higher-order factorization
    machines", NIPS 2016, with one set of factors for both orders; Wang et al., "DCN V2", WWW 2021,
    section 3, with matrices of low rank and the deep part beside the crosses.
    """
    found = inputs.columns @ weights["wide_w"] + weights["out_b"]
    if "first_w" in weights:
        hidden = hidden_of(weights, inputs, drop) if hidden is None else hidden
        found = found + hidden @ weights["out_w"]
    if "crossed_w" in weights:
        crossed = inputs.joined
        for number in range(n_crosses(weights)):
            crossed = inputs.joined * _mixed(weights, number, crossed) + crossed
        found = found + drop(crossed) @ weights["crossed_w"]
    found = found[..., 0] + inputs.bias
    if "factors" in weights:
        first, second = (_powers(weights["factors"], inputs, power) for power in (1, 2))
        found = found + 0.5 * (first * first - second).sum(-1)
        if "triples_w" in weights:
            third = _powers(weights["factors"], inputs, 3)
            triples = (first * (first * first - 3 * second) + 2 * third).sum(-1) / 6
            found = found + weights["triples_w"][0] * triples
    return found


def n_crosses(weights: Weights) -> int:
    """How many cross layers there are."""
    return sum(name.startswith("cross_in") for name in weights)


def _mixed(weights: Weights, number: int, crossed: Any) -> Any:
    narrow = crossed @ weights[f"cross_in{number}"]
    return narrow @ weights[f"cross_out{number}"] + weights[f"cross_b{number}"]


def _powers(factors: Any, inputs: Inputs, power: int) -> Any:
    """Sum over inputs a power of ``x · v``, of shape (…, n, d); products are faster than powers."""

    def raised(values: Any) -> Any:
        found = values
        for _ in range(power - 1):
            found = found * values
        return found

    total = raised(inputs.columns) @ raised(factors)
    for field in inputs.fields:
        total = total + raised(field)
    return total


def interest(weights: Weights, asked: Any, liked: Any, is_liked: Any) -> Any:
    """Weigh what was liked by what is asked about, and add it up: (…, n, d).

    ``Σ_j a(h_j, c) h_j / n_liked`` over the ``n_liked`` places, padded ones too, with ``a`` a layer
    over ``h``, ``c`` and ``h ⊙ c``. The weights are not brought to sum 1: how much of a history is
    like the candidate is kept.

    Parameters
    ----------
    asked : float array of shape (…, n, d)
        Candidates.
    liked : float array of shape (…, n_liked, d)
    is_liked : bool array of shape (…, n_liked)
        False where padded.

    Source
    ------
    Zhou et al., "Deep interest network for click-through rate prediction", KDD 2018, equation 3.
    """
    pairs = asked[..., :, None, :] * liked[..., None, :, :]
    hidden = (
        pairs @ weights["attend_pairs"]
        + (asked @ weights["attend_asked"])[..., :, None, :]
        + (liked @ weights["attend_liked"])[..., None, :, :]
        + weights["attend_b"]
    ).clip(min=0)
    weight = (hidden @ weights["attend_out"])[..., 0] * is_liked[..., None, :]
    return weight @ liked / liked.shape[-2]


def column_gradients(weights: Weights, inputs: Inputs) -> Any:
    """Gradient of each row's logit by its columns, in NumPy: shape (n, n_columns)."""
    columns = inputs.columns
    n_columns = columns.shape[1]
    found = 0.0 * columns + weights["wide_w"][:, 0]
    if "first_w" in weights:
        first = inputs.joined @ weights["first_w"] + weights["first_b"]
        second = first.clip(min=0) @ weights["second_w"] + weights["second_b"]
        back = (second > 0) * weights["out_w"][:, 0]
        back = (back @ weights["second_w"].T) * (first > 0)
        found = found + (back @ weights["first_w"].T)[:, :n_columns]
    if "crossed_w" in weights:
        found = found + _cross_gradients(weights, inputs.joined)[:, :n_columns]
    if "factors" in weights:
        factors = weights["factors"]
        first, second = (_powers(factors, inputs, power) for power in (1, 2))
        found = found + first @ factors.T - columns * (factors**2).sum(1)
        if "triples_w" in weights:
            third = (first**2 - second) / 2 @ factors.T - columns * (first @ (factors**2).T)
            third = third + columns**2 * (factors**3).sum(1)
            found = found + weights["triples_w"][0] * third
    return found


def _cross_gradients(weights: Weights, joined: Any) -> Any:
    mixed, crossed = [], joined
    for number in range(n_crosses(weights)):
        mixed.append(_mixed(weights, number, crossed))
        crossed = joined * mixed[-1] + crossed
    back, at_start = 0.0 * joined + weights["crossed_w"][:, 0], 0.0 * joined
    for number in reversed(range(n_crosses(weights))):
        at_start = at_start + back * mixed[number]
        inner = (back * joined) @ weights[f"cross_out{number}"].T
        back = back + inner @ weights[f"cross_in{number}"].T
    return back + at_start
