"""Weights of the small networks: which there are, how they begin, and what they read of ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.candidate_block import (
    BLOCK_SMALL,
    Tools,
    block_shapes,
    seen_through_block,
)
from engine.pipeline.ranking.dense_layers import Inputs, interest
from engine.pipeline.ranking.id_rows import IdRows

__all__ = ["PARTS", "fresh_weights", "inputs_of", "weight_shapes"]

FIRST, SECOND, FACTORS = 32, 16, 8
"""Widths of the two layers, and factors of a column, an item or a group."""

CROSSES, CROSS_RANK = 2, 16
ATTENTION = 16
"""Cross layers, the rank of their matrices, and the width of the attention's layer."""

PARTS = ("deep", "pairs", "triples", "crosses", "interest", "block", "heads")
"""What a network can have beside its line; triples go with pairs, by the same factors."""

SMALL = ("factors", "items", "group_", *BLOCK_SMALL)

ZERO = ("wide_w", "crossed_w", "aim_wide", "aim_bias")
"""Beginnings of names of weights that begin small, and at 0."""

Floats = NDArray[np.float32]
Weights = Mapping[str, NDArray[Any]]
Shapes = dict[str, tuple[int, ...]]


def weight_shapes(n_columns: int, ids: IdRows, parts: Sequence[str], n_aims: int = 0) -> Shapes:
    """Return name → shape of every weight.

    Parameters
    ----------
    n_columns : int
        Of the design.
    ids : IdRows
    parts : sequence of str
        Of :data:`PARTS`.
    n_aims : int
        Other heads, of a network with ``deep``.
    """
    shapes: Shapes = {"wide_w": (n_columns, 1), "out_b": (1,)}
    width = n_columns
    if not ids.is_empty:
        tables = {
            "items": len(ids.items),
            **{f"group_{a}": int(n) for a, n in enumerate(ids.groups)},
        }
        for name, n_known in tables.items():
            shapes |= {name: (n_known + 1, FACTORS), f"bias_{name}": (n_known + 1,)}
        width += FACTORS * (len(tables) + ("interest" in parts) + ("block" in parts))
        shapes |= _attention_shapes() if "interest" in parts else {}
        shapes |= block_shapes(FACTORS) if "block" in parts else {}
    shapes |= {
        name: shape
        for part, own in (
            ("deep", _deep_shapes(width)),
            ("crosses", _cross_shapes(width)),
            ("pairs", {"factors": (n_columns, FACTORS)}),
            ("triples", {"triples_w": (1,)}),
        )
        if part in parts
        for name, shape in own.items()
    }
    return shapes | (_aim_shapes(shapes, n_aims) if n_aims else {})


def _aim_shapes(shapes: Shapes, n_aims: int) -> Shapes:
    own: Shapes = {"aim_wide": (shapes["wide_w"][0], n_aims), "aim_b": (n_aims,)}
    biases = {f"aim_{one}": (*of, n_aims) for one, of in shapes.items() if one.startswith("bias_")}
    return {**own, "aim_out": (SECOND, n_aims), **biases}


def _attention_shapes() -> Shapes:
    sides = {f"attend_{one}": (FACTORS, ATTENTION) for one in ("pairs", "asked", "liked")}
    return {**sides, "attend_b": (ATTENTION,), "attend_out": (ATTENTION, 1)}


def _deep_shapes(width: int) -> Shapes:
    first = {"first_w": (width, FIRST), "first_b": (FIRST,)}
    return {**first, "second_w": (FIRST, SECOND), "second_b": (SECOND,), "out_w": (SECOND, 1)}


def _cross_shapes(width: int) -> Shapes:
    shapes: Shapes = {"crossed_w": (width, 1)}
    for number in range(CROSSES):
        shapes |= {
            f"cross_in{number}": (width, CROSS_RANK),
            f"cross_out{number}": (CROSS_RANK, width),
            f"cross_b{number}": (width,),
        }
    return shapes


def fresh_weights(shapes: Shapes, rng: np.random.Generator) -> dict[str, Floats]:
    """Draw weights: He's normal for layers, small for factors and tables, 0 for lines and biases.

    Cross layers begin small, so that a network begins near its line.
    """
    drawn = {}
    for name, size in shapes.items():
        if name.startswith(SMALL):
            values = 0.02 * rng.standard_normal(size)
        elif len(size) == 1 or name.startswith(ZERO):
            values = np.zeros(size)
        else:
            scale = 0.1 if name.startswith("cross_out") else 1.0
            values = scale * np.sqrt(2 / size[0]) * rng.standard_normal(size)
        drawn[name] = values.astype(np.float32)
    return drawn


def inputs_of(
    weights: Weights,
    columns: Any,
    rows: Any | None,
    tools: Tools,
) -> Inputs:
    """Lay out what a network reads of some lists, for NumPy and for PyTorch alike.

    Parameters
    ----------
    columns : float array of shape (…, n, n_columns)
    rows : ReadRows, or tensors of the same names, or None
        None for networks of features alone.
    tools : Tools
    """
    if rows is None or "items" not in weights:
        return Inputs(columns, (), 0.0, columns)
    item = weights["items"][rows.items]
    fields, bias = [item], weights["bias_items"][rows.items]
    aim_bias = weights["aim_bias_items"][rows.items] if "aim_bias_items" in weights else 0.0
    for at in range(rows.groups.shape[-1]):
        row = rows.groups[..., at]
        fields.append(weights[f"group_{at}"][row][..., None, :] + 0.0 * item)
        bias = bias + weights[f"bias_group_{at}"][row][..., None]
        if "aim_bias_items" in weights:
            aim_bias = aim_bias + weights[f"aim_bias_group_{at}"][row][..., None, :]
    if "attend_b" in weights:
        liked = weights["items"][rows.liked]
        fields.append(interest(weights, item, liked, rows.is_liked))
    if "places" in weights:
        liked = weights["items"][rows.liked]
        fields.append(seen_through_block(weights, item, liked, rows.is_liked, rows.gaps, tools))
    return Inputs(columns, fields, bias, tools.join([columns, *fields]), aim_bias)
