"""Logistic regression: the linear baseline that every other ranker is measured against."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from engine.pipeline.ranking.design import Design, fit_design
from engine.pipeline.ranking.ranker import RankerConfig, RankerRecord, TrainingSet

__all__ = ["RECORD", "Logistic", "fit_logistic"]

MODEL_FILE = "linear.npz"
MOST_ROWS = 400_000
"""Rows to learn from; of more, those of evenly spaced people."""


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
        scores = np.empty(is_candidate.shape, np.float32)
        for person in range(len(features)):
            # one person at a time: a library's product may differ in its last bits with the rows
            columns = self.design.columns(features[person]).astype(np.float64)
            scores[person] = columns @ self.weights + self.intercept
        return scores

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


def fit_logistic(training: TrainingSet, config: RankerConfig, seed: int) -> Logistic:
    """Minimise the log-loss with a ridge penalty; convex, so nothing is left to chance.

    Parameters
    ----------
    training : TrainingSet
    config : RankerConfig
        ``ridge`` is the penalty on the square of a weight, in rows.
    seed : int
        Not used.
    """
    del seed
    people = max(1, MOST_ROWS // max(training.is_candidate.shape[1], 1))
    if training.n_people > people:
        training = training.take(np.linspace(0, training.n_people - 1, people).astype(np.int64))
    rows, labels = training.rows(), training.labels()
    design = fit_design(rows, training.feature_names)
    columns = design.columns(rows)
    target = labels.astype(np.float32)
    ridge = config.ridge / len(rows)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        slope = weights[:-1].astype(np.float32)
        odds = columns @ slope + np.float32(weights[-1])
        error = expit(odds) - target
        value = float(np.logaddexp(0, odds).mean(dtype=np.float64)) - float(
            odds[labels].sum()
        ) / len(rows)
        gradient = np.append(columns.T @ error, error.sum(dtype=np.float64)) / len(rows)
        value += 0.5 * ridge * float(weights[:-1] @ weights[:-1])
        gradient[:-1] += ridge * weights[:-1]
        return value, gradient.astype(np.float64)

    start = np.zeros(design.n_columns + 1)
    share = min(max(float(target.mean()), 1e-6), 1 - 1e-6)
    start[-1] = np.log(share / (1 - share))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return Logistic(design, found[:-1], float(found[-1]))


RECORD = RankerRecord("logistic", "logistic regression", fit_logistic, Logistic.load)
