"""PRM: a transformer over the first ranker's list gives each candidate its place among the others.

Source: Pei et al., "Personalized re-ranking for recommendation", RecSys 2019.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.neural.weights import Weights
from engine.pipeline.ranking.design import fit_design
from engine.pipeline.second.attention import Shape, encoded, weight_shapes
from engine.pipeline.second.list_model import ListModel, inputs_of, transformer_shape
from engine.pipeline.second.stage import ListSet, SecondConfig, SecondRecord

__all__ = ["RECORD", "Prm", "fit_prm"]

Floats = NDArray[np.float32]


class Prm(ListModel):
    """Fitted transformers, whose mean serves."""

    looks: ClassVar[bool] = True

    @staticmethod
    def expected(shape: Shape) -> dict[str, tuple[int, ...]]:
        """Return name → shape of every weight."""
        return weight_shapes(shape)

    def encoded(
        self, weights: Weights, inputs: Floats, is_candidate: NDArray[np.bool_]
    ) -> tuple[Floats, Floats]:
        """Return logits of shape (n_lists, n), and attention of shape (n_lists, n, n)."""
        return encoded(weights, self.shape, inputs, is_candidate)


def fit_prm(
    lists: ListSet,
    is_label: NDArray[np.bool_],
    names: tuple[str, ...],
    config: SecondConfig,
    seed: int,
) -> Prm:
    """Learn the members, each stopping early on another part of the people.

    Parameters
    ----------
    lists : ListSet
        In the order of scores of a first ranker that did not see these people's labels.
    is_label : bool array of shape (n_people, n)
    names : tuple of str
        Of the features.
    config : SecondConfig
    seed : int

    Raises
    ------
    DataError
        PyTorch is not installed.
    """
    need_torch("PRM")
    from engine.pipeline.second.list_learning import learned_members
    from engine.pipeline.second.prm_learning import Encoder

    design = fit_design(lists.features[lists.is_candidate], names)
    shape = transformer_shape(design, config)

    def make(rng: np.random.Generator) -> Encoder:
        return Encoder(shape, config.dropout, rng)

    inputs = inputs_of(design, lists)
    members = learned_members(make, inputs, lists, is_label, config, seed, name="PRM")
    return Prm(shape, design, members)


RECORD = SecondRecord("prm", "PRM: a transformer over the list", fit_prm, Prm.load)
