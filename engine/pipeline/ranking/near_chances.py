"""Labels drawn towards the chances that the last ranker gave."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

__all__ = ["near_chances"]


def near_chances(
    labels: NDArray[np.bool_], last: NDArray[np.float32], stay: float
) -> NDArray[np.float64]:
    """Return ``(1 − stay) · label + stay · chance``, where a line turns scores into log-odds.

    The log-loss against such a target is that against the label and that against the last ranker's
    chances, weighed: a penalty on departing from it. Where all labels are equal they are returned.

    Parameters
    ----------
    labels : bool array of shape (n_rows,)
    last : float32 array of the same shape
        Scores by the ranker of the fit before.
    stay : float in [0, 1)

    Source
    ------
    Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network", 2015; Milani Fard
    et al., "Launch and iterate: reducing prediction churn", NIPS 2016.
    """
    wanted = labels.astype(np.float64)
    if labels.all() or not labels.any():
        return wanted
    scores = last[:, None]
    line = LogisticRegression(C=np.inf).fit(scores, wanted)
    return (1 - stay) * wanted + stay * line.predict_proba(scores)[:, 1]
