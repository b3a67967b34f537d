"""DLCM: a recurrent network reads the list from its end to its top; what it then knows, scores.

A simpler form of the paper's: one layer, the softmax over the list as loss (its attention rank),
and no tuning of how the list is cut.

Source: Ai et al., "Learning a deep listwise context model for ranking refinement", SIGIR 2018.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.neural.layers import gru_step
from engine.pipeline.neural.weights import Weights
from engine.pipeline.ranking.design import fit_design
from engine.pipeline.second.attention import Shape
from engine.pipeline.second.list_model import ListModel, inputs_of
from engine.pipeline.second.stage import ListSet, SecondConfig, SecondRecord

__all__ = ["RECORD", "Dlcm", "fit_dlcm"]

Floats = NDArray[np.float32]


class Dlcm(ListModel):
    """Fitted recurrent networks, whose mean serves."""

    @staticmethod
    def expected(shape: Shape) -> dict[str, tuple[int, ...]]:
        """Return name → shape of every weight."""
        width = shape.width
        return {
            "gru.weight_ih_l0": (3 * width, shape.n_inputs),
            "gru.weight_hh_l0": (3 * width, width),
            "gru.bias_ih_l0": (3 * width,),
            "gru.bias_hh_l0": (3 * width,),
            "state.weight": (width, width),
            "state.bias": (width,),
            "out.weight": (1, width),
            "out.bias": (1,),
        }

    def encoded(
        self, weights: Weights, inputs: Floats, is_candidate: NDArray[np.bool_]
    ) -> tuple[Floats, Floats]:
        """Return logits of shape (n_lists, n), and nothing of attention.

        From the last candidate to the first, :func:`engine.pipeline.neural.layers.gru_step`; then
        candidate ``i`` gets ``v · (h_i ⊙ tanh(W h_top + b))``.
        """
        n_lists, n, _ = inputs.shape
        inner = np.ascontiguousarray(weights["gru.weight_hh_l0"].T)
        given = inputs @ np.ascontiguousarray(weights["gru.weight_ih_l0"].T)
        given = given + weights["gru.bias_ih_l0"]
        state = np.zeros((n_lists, 1, self.shape.width), np.float32)
        states = np.zeros((n_lists, n, self.shape.width), np.float32)
        for place in range(n - 1, -1, -1):
            found = gru_step(given[:, place : place + 1], state, inner, weights["gru.bias_hh_l0"])
            state = np.where(is_candidate[:, place, None, None], found, state)
            states[:, place] = state[:, 0]
        gate = np.tanh(
            state @ np.ascontiguousarray(weights["state.weight"].T) + weights["state.bias"]
        )
        logits = (states * gate) @ weights["out.weight"][0] + weights["out.bias"]
        return np.asarray(logits, np.float32), np.empty((0,), np.float32)


def fit_dlcm(
    lists: ListSet,
    is_label: NDArray[np.bool_],
    names: tuple[str, ...],
    config: SecondConfig,
    seed: int,
) -> Dlcm:
    """Learn the members, as :func:`engine.pipeline.second.prm.fit_prm` does.

    Raises
    ------
    DataError
        PyTorch is not installed.
    """
    need_torch("DLCM")
    from engine.pipeline.second.dlcm_learning import Recurrent
    from engine.pipeline.second.list_learning import learned_members

    design = fit_design(lists.features[lists.is_candidate], names)
    shape = Shape(n_inputs=design.n_columns + 1, n_places=config.first, width=config.width)

    def make(_rng: np.random.Generator) -> Recurrent:
        return Recurrent(shape.n_inputs, shape.width, config.dropout)

    inputs = inputs_of(design, lists)
    members = learned_members(make, inputs, lists, is_label, config, seed, name="DLCM")
    return Dlcm(shape, design, members)


RECORD = SecondRecord("dlcm", "DLCM: a recurrent network over the list", fit_dlcm, Dlcm.load)
