"""The rankers by name. A new one is a module beside this one with its ``RECORD``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.ranking.blend import Blend
from engine.pipeline.ranking.blend_choice import BLEND
from engine.pipeline.ranking.choice import RankerTable, measured
from engine.pipeline.ranking.group_models import GroupModels
from engine.pipeline.ranking.ranker import Ranker, RankerConfig, RankerRecord, TrainingSet
from engine.pipeline.registered import by_name, registered
from engine.threads import side_by_side, thread_count

__all__ = [
    "ALONE",
    "BLEND",
    "RANKERS",
    "RETRIEVED_ORDER",
    "Chosen",
    "FusedOrder",
    "fit_again",
    "fit_ranker",
    "load_group_models",
    "load_ranker",
    "refuse_unlearnable_rankers",
]

LEAST_PEOPLE = 60
"""Of fewer people no comparison is made: the first ranker is taken."""


@dataclass(frozen=True)
class FusedOrder:
    """Keeps the retrieved order: for data with too little to learn from."""

    column: int
    n_features: int

    def score(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Minus the place in the fused order, float32 of the shape of ``is_candidate``."""
        del is_candidate
        return -features[:, :, self.column]

    def contributions(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """All on the place in the fused order."""
        parts = np.zeros((len(is_candidate), self.n_features + 1))
        parts[:, self.column] = -features[:, self.column]
        return parts

    def importance(self) -> NDArray[np.float64]:
        """All on the place in the fused order."""
        share = np.zeros(self.n_features)
        share[self.column] = 1.0
        return share

    def save(self, folder: Path) -> None:
        """Write the column and the number of features."""
        np.save(folder / "place.npy", np.array([self.column, self.n_features]))

    @classmethod
    def load(cls, folder: Path) -> FusedOrder:
        """Read what :meth:`save` wrote."""
        column, n_features = np.load(folder / "place.npy", allow_pickle=False)
        return cls(int(column), int(n_features))


def _fused_order(training: TrainingSet, _config: RankerConfig, _seed: int) -> FusedOrder:
    names = training.feature_names
    return FusedOrder(names.index("fused place"), len(names))


RETRIEVED_ORDER = RankerRecord(
    "retrieved order", "the retrieved order", _fused_order, FusedOrder.load
)

_MODULES = registered(__name__, "RECORD", ("logistic", "listwise", "pointwise"))
ALONE: Mapping[str, RankerRecord] = by_name(
    [*(module.RECORD for module in _MODULES), RETRIEVED_ORDER]
)
"""The rankers that learn alone, by name."""


def refuse_unlearnable_rankers(names: Sequence[str]) -> None:
    """Refuse rankers that cannot be learned on this machine.

    Raises
    ------
    DataError
        One is neural, and PyTorch is not here.
    """
    for name in names:
        if name in ALONE and ALONE[name].is_neural:
            need_torch(f"The ranker {name}")


def _load_blend(folder: Path) -> Ranker:
    return Blend.load(folder, {name: record.load for name, record in ALONE.items()})


def load_ranker(name: str, folder: Path) -> Ranker:
    """Read the ranker ``name``, which is in :data:`RANKERS`."""
    return _load_blend(folder) if name == BLEND else ALONE[name].load(folder)


def load_group_models(name: str, folder: Path) -> Ranker:
    """Read the ranker ``name`` with models of groups beside it, each of its kind."""
    return GroupModels.load(folder, partial(load_ranker, name))


RANKERS = (*ALONE, BLEND)
"""Names of everything that can rank."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """The ranker that serves, and how it was chosen.

    Attributes
    ----------
    name : str
    ranker : Ranker
    table : RankerTable or None
        What was measured; None where there was one ranker alone, or nothing to learn from.
    """

    name: str
    ranker: Ranker
    table: RankerTable | None = None


def _most_at_once(names: Sequence[str]) -> int:
    """Say how many fits can run side by side: one where a network is among the rankers.

    What networks draw comes from one generator of the whole process.
    """
    return 1 if any(ALONE[name].is_neural for name in names) else thread_count()


def fit_again(chosen: Chosen, training: TrainingSet, config: RankerConfig, *, seed: int) -> Ranker:
    """Fit what was chosen on other people; a blend keeps its weights, which are one number."""
    if isinstance(chosen.ranker, Blend):
        members = tuple(
            (name, ALONE[name].fit(training, config, seed)) for name, _ in chosen.ranker.members
        )
        return Blend(members, chosen.ranker.weights)
    return ALONE[chosen.name].fit(training, config, seed)


def fit_ranker(
    names: Sequence[str], training: TrainingSet, config: RankerConfig, *, seed: int
) -> Chosen:
    """Measure the rankers on people whose labels they did not see, and fit the best on all.

    Of several the two best are also blended, and of more than two all of them. Where there is
    nobody to learn from, the fused order stays: fewer than two leaves' worth of candidates, or no
    label among them, teach nothing.

    Parameters
    ----------
    names : sequence of str
        Of :data:`ALONE`; one alone is fitted without a comparison.
    training : TrainingSet
    config : RankerConfig
    seed : int
    """

    def fit(name: str, taught: TrainingSet) -> Ranker:
        return ALONE[name].fit(taught, config, seed)

    if not training.is_label.any() or training.is_candidate.sum() < 2 * config.min_leaf:
        return Chosen(RETRIEVED_ORDER.name, fit(RETRIEVED_ORDER.name, training))
    if len(names) == 1 or training.n_people < LEAST_PEOPLE:
        return Chosen(names[0], fit(names[0], training))
    most = _most_at_once(names)
    table = measured(names, training, fit, most_at_once=most)
    weights = {name: weight for name, weight in table.rows[0].members if weight > 0}
    if not weights:
        return Chosen(table.best, fit(table.best, training), table)
    pieces = [partial(fit, name, training) for name in weights]
    members = tuple(zip(weights, side_by_side(pieces, most), strict=True))
    return Chosen(BLEND, Blend(members, np.array(list(weights.values()))), table)
