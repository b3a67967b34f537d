"""What learned models over lists share: their inputs, the mean of members, how they are kept."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.weights import Weights, load_weights, save_weights
from engine.pipeline.ranking.design import Design
from engine.pipeline.second.attention import Shape
from engine.pipeline.second.stage import ListSet, SecondConfig

__all__ = ["ListModel", "inputs_of", "log_softmax", "transformer_shape"]

DESIGN_FILE, SHAPE_FILE = "design.npz", "shape.json"

Floats = NDArray[np.float32]


def inputs_of(design: Design, lists: ListSet) -> Floats:
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


def transformer_shape(design: Design, config: SecondConfig) -> Shape:
    """Return the shape of a transformer over such inputs."""
    return Shape(
        n_inputs=design.n_columns + 1,
        n_places=config.first,
        width=config.width,
        heads=config.heads,
        blocks=config.blocks,
        has_places=config.has_places,
        has_residual=config.has_residual,
        has_distances=config.has_distances,
    )


@dataclass(frozen=True, eq=False)
class ListModel(ABC):
    """Fitted networks, whose mean serves.

    Attributes
    ----------
    shape : Shape
        Of each.
    design : Design
        How features become inputs.
    members : tuple of mapping of str to float32 array
        Weights of each, as ``expected`` names them.
    """

    shape: Shape
    design: Design
    members: tuple[Weights, ...]

    looks: ClassVar[bool] = False
    """Whether it has attention."""

    @staticmethod
    @abstractmethod
    def expected(shape: Shape) -> dict[str, tuple[int, ...]]:
        """Return name → shape of every weight."""

    @abstractmethod
    def encoded(
        self, weights: Weights, inputs: Floats, is_candidate: NDArray[np.bool_]
    ) -> tuple[Floats, Floats]:
        """Return logits of shape (n_lists, n), and attention, which means nothing without."""

    @property
    def first(self) -> int:
        """Longest list that it orders."""
        return self.shape.n_places

    def score(self, lists: ListSet) -> Floats:
        """Mean over the members of the log of the softmax over the list."""
        inputs = inputs_of(self.design, lists)
        total = np.zeros(lists.is_candidate.shape, np.float32)
        for weights in self.members:
            logits, _ = self.encoded(weights, inputs, lists.is_candidate)
            total += log_softmax(logits, lists.is_candidate)
        return total / np.float32(len(self.members))

    def attention(self, lists: ListSet) -> Floats | None:
        """Mean over members, blocks and heads, float32 of shape (n_people, n, n), or None."""
        if not self.looks:
            return None
        inputs = inputs_of(self.design, lists)
        looked = [self.encoded(w, inputs, lists.is_candidate)[1] for w in self.members]
        return np.mean(looked, axis=0, dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write plain arrays, a folder for each member."""
        np.savez(folder / DESIGN_FILE, allow_pickle=False, **vars(self.design))
        (folder / SHAPE_FILE).write_text(json.dumps(asdict(self.shape)), encoding="utf-8")
        for number, weights in enumerate(self.members):
            (folder / f"member_{number}").mkdir()
            save_weights(folder / f"member_{number}", weights)

    @classmethod
    def load(cls, folder: Path) -> Self:
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
        expected = cls.expected(shape)
        for weights in members:
            if {name: values.shape for name, values in weights.items()} != expected:
                raise ValueError("the second stage's weights are not of its shapes")
            if not all(np.isfinite(values).all() for values in weights.values()):
                raise ValueError("the second stage has a weight that is not finite")
        if not members or shape.n_inputs != design.n_columns + 1:
            raise ValueError("the second stage has not an input for each column")
        return cls(shape, design, members)


def log_softmax(logits: Floats, is_candidate: NDArray[np.bool_]) -> Floats:
    """Log of the softmax of each row over what is not padded; 0 where padded."""
    highest = np.where(is_candidate, logits, -np.inf).max(axis=1, keepdims=True, initial=-1e30)
    centred = np.where(is_candidate, logits - highest, 0.0)
    total = np.where(is_candidate, np.exp(centred), 0.0).sum(axis=1, keepdims=True)
    found = centred - np.log(np.where(total > 0, total, 1.0))
    return np.where(is_candidate, found, 0.0).astype(np.float32)
