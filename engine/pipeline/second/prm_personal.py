"""Personalised PRM: a click network's hidden layer goes into the transformer beside the features.

The network is told what the ranker is told of a person and a candidate, and learns whether it is
liked; its hidden layer is the paper's personalised vector. A member's network learns from one half
of the people and its transformer from the other: on the people it learned from, the vector would
hold the label. Left as drawn (``pretrained=False``) it is the paper's random vector.

Source: Pei et al., "Personalized re-ranking for recommendation", RecSys 2019, section 4.4.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.neural.weights import Weights
from engine.pipeline.ranking.design import fit_design
from engine.pipeline.second.attention import Shape, encoded, weight_shapes
from engine.pipeline.second.list_model import ListModel, inputs_of, transformer_shape
from engine.pipeline.second.stage import ListSet, SecondConfig, SecondRecord

__all__ = ["RECORD", "PersonalPrm", "click_shapes", "fit_personal", "fresh_click", "vectors"]

HIDDEN, VECTOR = 32, 16
"""Widths of the click network's first layer, and of its second, which is the vector."""

Floats = NDArray[np.float32]


def click_shapes(n_inputs: int) -> dict[str, tuple[int, ...]]:
    """Return name → shape of the click network's weights."""
    return {
        "click_first_w": (n_inputs, HIDDEN),
        "click_first_b": (HIDDEN,),
        "click_second_w": (HIDDEN, VECTOR),
        "click_second_b": (VECTOR,),
        "click_out_w": (VECTOR, 1),
        "click_out_b": (1,),
    }


def fresh_click(n_inputs: int, rng: np.random.Generator) -> dict[str, Floats]:
    """Draw the click network's weights: He's normal for matrices, else 0."""
    return {
        name: (
            np.sqrt(2 / size[0]) * rng.standard_normal(size)
            if name.endswith("_w")
            else np.zeros(size)
        ).astype(np.float32)
        for name, size in click_shapes(n_inputs).items()
    }


def vectors(weights: Weights, inputs: Floats) -> Floats:
    """Return the hidden layer for each candidate, float32 of shape (n_lists, n, VECTOR)."""
    first = np.maximum(inputs @ weights["click_first_w"] + weights["click_first_b"], 0)
    second = first @ weights["click_second_w"] + weights["click_second_b"]
    return np.asarray(np.maximum(second, 0), np.float32)


def _with_vectors(shape: Shape) -> Shape:
    return replace(shape, n_inputs=shape.n_inputs + VECTOR)


class PersonalPrm(ListModel):
    """Fitted click networks and transformers, whose mean serves."""

    looks: ClassVar[bool] = True

    @staticmethod
    def expected(shape: Shape) -> dict[str, tuple[int, ...]]:
        """Return name → shape of every weight."""
        return {**click_shapes(shape.n_inputs), **weight_shapes(_with_vectors(shape))}

    def encoded(
        self, weights: Weights, inputs: Floats, is_candidate: NDArray[np.bool_]
    ) -> tuple[Floats, Floats]:
        """Return logits of shape (n_lists, n), and attention of shape (n_lists, n, n)."""
        whole = np.concatenate([inputs, vectors(weights, inputs)], axis=2)
        return encoded(weights, _with_vectors(self.shape), whole, is_candidate)


def _first_half(lists: ListSet, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Draw half of the people; lists of one person go together."""
    if lists.whose is None:
        return rng.permutation(lists.n_people) % 2 == 0
    people, of = np.unique(lists.whose, return_inverse=True)
    return (rng.permutation(len(people)) % 2 == 0)[of]


def fit_personal(
    lists: ListSet,
    is_label: NDArray[np.bool_],
    names: tuple[str, ...],
    config: SecondConfig,
    seed: int,
) -> PersonalPrm:
    """Learn each member's click network on one half of the people, its transformer on the other.

    Raises
    ------
    DataError
        PyTorch is not installed.
    """
    need_torch("Personalised PRM")
    from engine.pipeline.second.click_learning import learned_click
    from engine.pipeline.second.list_learning import learned_members
    from engine.pipeline.second.prm_learning import Encoder

    design = fit_design(lists.features[lists.is_candidate], names)
    shape = transformer_shape(design, config)

    def make(rng: np.random.Generator) -> Encoder:
        return Encoder(_with_vectors(shape), config.dropout, rng)

    inputs, members = inputs_of(design, lists), []
    for member in range(config.members):
        rng = np.random.default_rng((seed, member, 2))
        is_first = _first_half(lists, rng)
        click = fresh_click(shape.n_inputs, rng)
        if config.pretrained:
            known = lists.is_candidate[is_first]
            rows, liked = inputs[is_first][known], is_label[is_first][known]
            click = learned_click(click, rows, liked, seed * 1000 + member)
        whole = np.concatenate([inputs, vectors(click, inputs)], axis=2)[~is_first]
        (found,) = learned_members(
            make,
            whole,
            lists.take(~is_first),
            is_label[~is_first],
            replace(config, members=1),
            seed * 1000 + member,
            name="Personalised PRM",
        )
        members.append({**click, **found})
    return PersonalPrm(shape, design, tuple(members))


RECORD = SecondRecord(
    "prm_personal", "PRM with personalised vectors", fit_personal, PersonalPrm.load
)
