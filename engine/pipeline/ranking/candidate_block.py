"""A transformer block that each candidate looks through at what somebody liked last.

The likes are read once per person: their keys and values are the same for every candidate, and
only candidates ask. So n candidates over m likes cost O(m d² + n d² + n m d), where a block over
each of n sequences of m + 1 tokens costs O(n m d² + n m² d).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.pipeline.ranking.listed import LAST_LIKED, N_GAPS

__all__ = ["BLOCK_SMALL", "Tools", "block_shapes", "seen_through_block"]

HEADS = 2
WIDER = 2
"""Heads of the attention, and how many times as wide the layer after it is."""

EPSILON = 1e-5
LEAK = 0.01

BLOCK_SMALL = ("places", "gaps")
"""Weights that begin small."""


@dataclass(frozen=True)
class Tools:
    """What NumPy and PyTorch call by different names.

    Attributes
    ----------
    join : callable
        Puts arrays side by side along the last axis.
    shares : callable
        ``(values, is_there) -> softmax`` over the last axis of what is there, at least one each.
    drop : callable
        Dropout; leaves everything as it is where nothing is learned.
    """

    join: Callable[[list[Any]], Any]
    shares: Callable[[Any, Any], Any]
    drop: Callable[[Any], Any] = lambda values: values


def block_shapes(d: int) -> dict[str, tuple[int, ...]]:
    """Return name → shape of the block's weights, for vectors of length ``d``.

    Scales of the layer norms are kept as what they have above 1.
    """
    layers = {f"block_{one}": (d, d) for one in ("asks", "keys", "values", "out")}
    norms = {f"block_{one}{at}": (d,) for at in (1, 2) for one in ("scale", "shift")}
    first = {"block_first": (d, WIDER * d), "block_first_b": (WIDER * d,)}
    second = {"block_second": (WIDER * d, d), "block_second_b": (d,)}
    return {
        "places": (LAST_LIKED + 1, d),
        "gaps": (N_GAPS, d),
        **layers,
        **norms,
        **first,
        **second,
    }


def seen_through_block(
    weights: Mapping[str, Any], asked: Any, liked: Any, is_liked: Any, gaps: Any, tools: Tools
) -> Any:
    """Return what the block gives at each candidate, of shape (…, n, d).

    ``x_j = h_j + place_j + gap_j`` and ``x = c + place``; ``s = norm(x + A)``, with ``A`` the
    attention of ``x`` over the ``x_j`` and itself; ``norm(s + leaky(s W + b) V + e)``. Somebody
    who liked nothing has candidates that look at themselves alone.

    Parameters
    ----------
    asked : float array of shape (…, n, d)
        Candidates.
    liked : float array of shape (…, LAST_LIKED, d)
        The last like last.
    is_liked : bool array of shape (…, LAST_LIKED)
        False where padded.
    gaps : int array of the same shape
        See :attr:`engine.pipeline.ranking.listed.Listed.gaps`.

    Source
    ------
    Chen et al., "Behavior sequence transformer for e-commerce recommendation in Alibaba", DLP-KDD
    2019, equations 2 to 5.
    """
    told = liked + weights["places"][:LAST_LIKED] + weights["gaps"][gaps]
    own = asked + weights["places"][LAST_LIKED]
    asks = own @ weights["block_asks"]
    keys, values = (told @ weights[f"block_{one}"] for one in ("keys", "values"))
    own_keys, own_values = (own @ weights[f"block_{one}"] for one in ("keys", "values"))
    is_there = tools.join([is_liked, is_liked[..., :1] | True])[..., None, :]
    width = asks.shape[-1] // HEADS
    parts = []
    for head in range(HEADS):
        at = slice(head * width, (head + 1) * width)
        to_likes = asks[..., at] @ keys[..., at].swapaxes(-1, -2)
        to_itself = (asks[..., at] * own_keys[..., at]).sum(-1)[..., None]
        shares = tools.shares(tools.join([to_likes, to_itself]) / math.sqrt(width), is_there)
        parts.append(
            shares[..., :LAST_LIKED] @ values[..., at]
            + shares[..., LAST_LIKED:] * own_values[..., at]
        )
    attended = tools.drop(tools.join(parts) @ weights["block_out"])
    seen = _normed(own + attended, weights["block_scale1"], weights["block_shift1"])
    hidden = seen @ weights["block_first"] + weights["block_first_b"]
    hidden = hidden.clip(min=0) + LEAK * hidden.clip(max=0)
    wider = tools.drop(hidden @ weights["block_second"] + weights["block_second_b"])
    return _normed(seen + wider, weights["block_scale2"], weights["block_shift2"])


def _normed(values: Any, scale: Any, shift: Any) -> Any:
    centred = values - values.mean(-1)[..., None]
    variance = (centred * centred).mean(-1)[..., None]
    return centred / (variance + EPSILON) ** 0.5 * (1 + scale) + shift
