"""PRM: a transformer over the first ranker's list gives each candidate its place among the others.

Source: Pei et al., "Personalized re-ranking for recommendation", RecSys 2019.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.neural.weights import Weights, load_weights, save_weights
from engine.pipeline.ranking.design import Design, fit_design
from engine.pipeline.second.attention import Shape, encoded, weight_shapes
from engine.pipeline.second.stage import ListSet, SecondConfig, SecondRecord

__all__ = ["RECORD", "Prm", "fit_prm", "inputs_of"]

DESIGN_FILE, SHAPE_FILE = "design.npz", "shape.json"


def inputs_of(design: Design, lists: ListSet) -> NDArray[np.float32]:
    """Lay candidates out as inputs: standardised features and masks, then the first score.

    Returns
    -------
    float32 array of shape (n_people, n, design.n_columns + 1), finite, 0 where padded
    """
    n_people, n, n_features = lists.features.shape
    columns = design.columns(lists.features.reshape(-1, n_features)).reshape(n_people, n, -1)
    inputs = np.concatenate([columns, lists.standard_scores()[:, :, None]], axis=2)
    inputs[~lists.is_candidate] = 0.0
    return inputs


@dataclass(frozen=True, eq=False)
class Prm:
    """Fitted transformers, whose mean serves.

    Attributes
    ----------
    shape : Shape
        Of each.
    design : Design
        How features become inputs.
    members : tuple of mapping of str to float32 array
        Weights of each, as :func:`~engine.pipeline.second.attention.weight_shapes` names them.
    """

    shape: Shape
    design: Design
    members: tuple[Weights, ...]

    @property
    def first(self) -> int:
        """Longest list that it orders."""
        return self.shape.n_places

    def score(self, lists: ListSet) -> NDArray[np.float32]:
        """Mean over the members of the log of the softmax over the list."""
        inputs = inputs_of(self.design, lists)
        total = np.zeros(lists.is_candidate.shape, np.float32)
        for weights in self.members:
            logits, _ = encoded(weights, self.shape, inputs, lists.is_candidate)
            total += _log_softmax(logits, lists.is_candidate)
        return total / np.float32(len(self.members))

    def attention(self, lists: ListSet) -> NDArray[np.float32]:
        """Mean over members, blocks and heads, float32 of shape (n_people, n, n)."""
        inputs = inputs_of(self.design, lists)
        looked = [encoded(w, self.shape, inputs, lists.is_candidate)[1] for w in self.members]
        return np.mean(looked, axis=0, dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write plain arrays, a file for each member."""
        np.savez(folder / DESIGN_FILE, allow_pickle=False, **vars(self.design))
        (folder / SHAPE_FILE).write_text(json.dumps(asdict(self.shape)), encoding="utf-8")
        for number, weights in enumerate(self.members):
            (folder / f"member_{number}").mkdir()
            save_weights(folder / f"member_{number}", weights)

    @classmethod
    def load(cls, folder: Path) -> Prm:
        """Read what :meth:`save` wrote.

        Raises
        ------
        ValueError
            Weights are not of the shapes that the model says, or not finite.
        """
        with np.load(folder / DESIGN_FILE, allow_pickle=False) as file:
            design = Design(**dict(file))
        shape = Shape(**json.loads((folder / SHAPE_FILE).read_text(encoding="utf-8")))
        n_members = sum(1 for _ in folder.glob("member_*"))
        members = tuple(load_weights(folder / f"member_{at}") for at in range(n_members))
        expected = weight_shapes(shape)
        for weights in members:
            if {name: values.shape for name, values in weights.items()} != expected:
                raise ValueError("the second stage's weights are not of its shapes")
            if not all(np.isfinite(values).all() for values in weights.values()):
                raise ValueError("the second stage has a weight that is not finite")
        if not members or shape.n_inputs != design.n_columns + 1:
            raise ValueError("the second stage has not an input for each column")
        return cls(shape, design, members)


def _log_softmax(
    logits: NDArray[np.float32], is_candidate: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Log of the softmax of each row over what is not padded; 0 where padded."""
    highest = np.where(is_candidate, logits, -np.inf).max(axis=1, keepdims=True, initial=-1e30)
    centred = np.where(is_candidate, logits - highest, 0.0)
    total = np.where(is_candidate, np.exp(centred), 0.0).sum(axis=1, keepdims=True)
    found = centred - np.log(np.where(total > 0, total, 1.0))
    return np.where(is_candidate, found, 0.0).astype(np.float32)


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
    shape = Shape(
        n_inputs=design.n_columns + 1,
        n_places=config.first,
        width=config.width,
        heads=config.heads,
        blocks=config.blocks,
        has_places=config.has_places,
        has_residual=config.has_residual,
    )
    inputs = inputs_of(design, lists)

    def make(rng: np.random.Generator) -> Encoder:
        return Encoder(shape, config.dropout, rng)

    members = learned_members(make, inputs, lists.is_candidate, is_label, config, seed, name="PRM")
    return Prm(shape, design, members)


RECORD = SecondRecord("prm", "PRM: a transformer over the list", fit_prm, Prm.load)
