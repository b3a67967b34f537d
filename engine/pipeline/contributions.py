"""What each source brings to everybody's candidates, and the most that any order could reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.held_out import LIST_LENGTH, is_in_rows, mean_with_half_width, ndcg_at

__all__ = ["Ceiling", "SourceShare", "ceiling", "source_shares"]


@dataclass(frozen=True)
class SourceShare:
    """One source's part in the candidates of everybody.

    Attributes
    ----------
    name, label : str
    weight : float
        How much its proposals count in the fused order.
    proposed, alone : float
        Share of all candidates that it proposed, and that no other source did, in [0, 1].
    found, found_alone : float
        The same shares of the held-out items among the candidates; NaN where there are none.
    n_candidates, n_found : int
        Candidates, and held-out items among them, behind the shares.
    """

    name: str
    label: str
    weight: float
    proposed: float
    alone: float
    found: float
    found_alone: float
    n_candidates: int
    n_found: int


@dataclass(frozen=True)
class Ceiling:
    """NDCG@10 of lists that put every held-out candidate first.

    Attributes
    ----------
    ndcg_at_10, half_width : float
        Mean over people with something held out, and half of its 95 % interval (t).
    n : int
        Those people.
    """

    ndcg_at_10: float
    half_width: float
    n: int


def source_shares(artifacts: Artifacts) -> tuple[SourceShare, ...]:
    """Count what each source proposed, alone and with others; in the order of the manifest."""
    manifest = artifacts.manifest
    candidates = np.asarray(artifacts.candidates)
    masks = np.asarray(artifacts.source_masks)[candidates != PAD]
    is_hit = is_in_rows(candidates, artifacts.holdout, artifacts.n_items)[candidates != PAD]
    named = zip(
        manifest["source_names"], manifest["source_labels"], manifest["source_weights"], strict=True
    )
    return tuple(
        SourceShare(
            name,
            label,
            weight,
            *_shares(masks, 1 << bit),
            *_shares(masks[is_hit], 1 << bit),
            n_candidates=len(masks),
            n_found=int(is_hit.sum()),
        )
        for bit, (name, label, weight) in enumerate(named)
    )


def _shares(masks: NDArray[np.uint16], mine: int) -> tuple[float, float]:
    if not len(masks):
        return float("nan"), float("nan")
    return float(((masks & mine) > 0).mean()), float((masks == mine).mean())


def ceiling(artifacts: Artifacts) -> Ceiling:
    """Measure what even a perfect order of the candidates could reach."""
    candidates = np.asarray(artifacts.candidates)
    is_hit = is_in_rows(candidates, artifacts.holdout, artifacts.n_items)
    perfect = -np.sort(-is_hit.astype(np.int8), axis=1)[:, :LIST_LENGTH]
    n_relevant = artifacts.holdout.lengths()
    reached = ndcg_at(LIST_LENGTH, perfect.astype(bool), n_relevant)
    return Ceiling(*mean_with_half_width(reached), n=int((n_relevant > 0).sum()))
