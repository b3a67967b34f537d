"""Logistic regression: the linear baseline that every other ranker is measured against."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import read_only
from engine.pipeline.kernels.linear_scores import DesignArrays, linear_scores
from engine.pipeline.ranking.design import MOST_SCALED, Design, fit_design
from engine.pipeline.ranking.log_loss import least_log_loss
from engine.pipeline.ranking.ranker import RankerConfig, RankerRecord, TrainingSet
from engine.threads import over_rows

__all__ = ["RECORD", "Logistic", "fit_logistic"]

MODEL_FILE = "linear.npz"


@dataclass(frozen=True, eq=False)
class Logistic:
    """Fitted weights over the columns of a design.

    Attributes
    ----------
    design : Design
    weights : float64 array of shape (n_columns,)
    intercept : float
    """

    design: Design
    weights: NDArray[np.float64]
    intercept: float

    def score(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Log-odds of a like, float32 of the shape of ``is_candidate``."""
        rows = _locked(features.reshape(-1, features.shape[2]))
        scores, weights = np.empty(len(rows), np.float32), _locked(self.weights)
        design = DesignArrays(**{name: _locked(part) for name, part in vars(self.design).items()})
        most = np.float32(MOST_SCALED)
        over_rows(
            lambda start, stop: linear_scores(
                rows, design, most, weights, self.intercept, start, stop, scores
            ),
            len(rows),
        )
        return scores.reshape(is_candidate.shape)

    def contributions(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Split one person's scores into one part per feature, and the intercept last."""
        del is_candidate
        parts = self.design.columns(features) * self.weights
        constant = np.full((len(features), 1), self.intercept)
        return np.hstack([self.design.by_feature(parts), constant])

    def importance(self) -> NDArray[np.float64]:
        """Share of each feature in the sizes of the weights of standardised columns."""
        sizes = self.design.by_feature(np.abs(self.weights)[None])[0]
        return sizes / sizes.sum() if sizes.sum() > 0 else np.full(len(sizes), np.nan)

    def save(self, folder: Path) -> None:
        """Write plain arrays."""
        np.savez(
            folder / MODEL_FILE,
            allow_pickle=False,
            weights=self.weights,
            intercept=np.array([self.intercept]),
            **vars(self.design),
        )

    @classmethod
    def load(cls, folder: Path) -> Logistic:
        """Read what :meth:`save` wrote."""
        with np.load(folder / MODEL_FILE, allow_pickle=False) as file:
            arrays = dict(file)
        weights, intercept = arrays.pop("weights"), float(arrays.pop("intercept")[0])
        return cls(Design(**arrays), weights, intercept)


def _locked(array: NDArray[Any]) -> NDArray[Any]:
    """Give a read-only view: the kernel is compiled once for all callers."""
    return read_only(np.ascontiguousarray(array)[...])


def fit_logistic(training: TrainingSet, config: RankerConfig, seed: int) -> Logistic:
    """Minimise the log-loss with a ridge penalty; convex, so its minimum is one point.

    Parameters
    ----------
    training : TrainingSet
    config : RankerConfig
        ``ridge`` is the penalty on the square of a weight, in rows.
    seed : int
        Thins the rows where there are more than the configuration allows.
    """
    most = config.most_rows(training.n_people, listwise=False)
    training = training.thinned(most, seed=seed)
    rows, labels, weights = training.weighed()
    design = fit_design(rows, training.feature_names)
    found = least_log_loss(design.columns(rows), labels, config.ridge, weights)
    return Logistic(design, found[:-1], float(found[-1]))


RECORD = RankerRecord("logistic", "logistic regression", fit_logistic, Logistic.load)
