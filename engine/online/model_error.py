"""What an estimate owes to the contexts that its model of rewards learned from.

An estimator that holds a model is a mean over contexts of ``q(x, π_e) - c q(x, a)``, and of what
holds no model. The model was learned from other contexts: had they come out otherwise, so would the
estimate. To first order each of them moves it by the estimate's slope along the model's weights
times what it moved these by (Murphy & Topel, "Estimation and inference in two-step econometric
models", 1985). Where ``c`` is the weight of the logged action, as in DR, the slope is 0 on average,
and nothing is owed; in the direct method, where it is 0, next to all is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ModelError"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ModelError:
    """How the models of all folds hang on the contexts that they learned from.

    Attributes
    ----------
    fold : int64 array of shape (n,)
        Whose model each context's rewards are modelled by.
    own_slopes, policy_slopes : float64 arrays of shape (n, n_weights)
        By how much the modelled reward of the logged action, and of the policy, rises with each
        weight of that model.
    moved : float64 array of shape (n_folds, n, n_weights)
        What each context moved the weights of each fold's model by; 0 where it was not learned
        from.
    """

    fold: NDArray[np.int64]
    own_slopes: Floats
    policy_slopes: Floats
    moved: Floats

    def influence(self, correction: Floats) -> Floats:
        """Return what each context moves an estimate by through the models, shape (n,), mean 0.

        Parameters
        ----------
        correction : float64 array of shape (n,)
            ``c``: how much of the model of the logged action is taken off again.
        """
        slopes = self.policy_slopes - correction[:, None] * self.own_slopes
        total = np.zeros(len(self.fold))
        for part, moved in enumerate(self.moved):
            total += moved @ slopes[self.fold == part].sum(axis=0)
        return total
