"""The softmax over a catalogue by a part of it."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as functional

__all__ = ["sampled_softmax"]


def sampled_softmax(
    vectors: torch.Tensor,
    items: torch.Tensor,
    bias: torch.Tensor,
    target: torch.Tensor,
    known: torch.Tensor,
    n_negatives: int,
) -> torch.Tensor:
    """Cross-entropy against items drawn evenly, each standing for as many as it was drawn from.

    A drawn item's logit gets ``log(n_known / n_negatives)``, so that the sum over the drawn ones
    estimates that over all; one that is the target itself is left out.

    Parameters
    ----------
    vectors : float tensor of shape (n, d)
    items, bias : float tensors of shapes (n_items, d) and (n_items,)
    target : int64 tensor of shape (n,)
    known : int64 tensor
        Items to draw from.
    n_negatives : int
        Drawn once for all rows.

    Source
    ------
    Bengio, Senécal, "Adaptive importance sampling to accelerate training of a neural probabilistic
    language model", 2008; with the correction of Yi et al., RecSys 2019.
    """
    drawn = known[torch.randint(len(known), (n_negatives,), device=known.device)]
    own = (vectors * items[target]).sum(dim=1) + bias[target]
    others = vectors @ items[drawn].T + bias[drawn] + math.log(len(known) / n_negatives)
    others = others.masked_fill(drawn[None, :] == target[:, None], -1e9)
    logits = torch.cat([own[:, None], others], dim=1)
    return functional.cross_entropy(logits, torch.zeros_like(target))
