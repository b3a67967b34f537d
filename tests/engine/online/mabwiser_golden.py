"""Write ``mabwiser_golden.json``: what mabwiser scores arms, of pulls that are made here.

In an environment of its own: ``pip install mabwiser`` (2.7.4 was used), then
``python tests/engine/online/mabwiser_golden.py tests/engine/online/mabwiser_golden.json``.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np

N_PULLS, N_ARMS, N_FEATURES = 120, 3, 4
ALPHA, RIDGE = 0.5, 1.0


def pulls(seed: int = 2) -> dict[str, np.ndarray]:
    """Make pulls: which arm, what came of it, and who it was shown to."""
    rng = np.random.default_rng(seed)
    arm = rng.integers(0, N_ARMS, N_PULLS)
    return {
        "arm": arm,
        "reward": (rng.random(N_PULLS) < 0.2 + 0.2 * arm).astype(float),
        "features": rng.random((N_PULLS, N_FEATURES)),
        "visitor": rng.random((5, N_FEATURES)),
    }


def main(out: str) -> None:
    """Learn in one batch, score, write."""
    from mabwiser.mab import MAB, LearningPolicy

    made = pulls()
    decisions, rewards = made["arm"].tolist(), made["reward"].tolist()
    arms = list(range(N_ARMS))
    ucb = MAB(arms, LearningPolicy.UCB1(alpha=1.0))
    ucb.fit(decisions, rewards)
    greedy = MAB(arms, LearningPolicy.EpsilonGreedy(epsilon=0.0))
    greedy.fit(decisions, rewards)
    linear = MAB(arms, LearningPolicy.LinUCB(alpha=ALPHA, l2_lambda=RIDGE))
    linear.fit(decisions, rewards, made["features"])
    found = {
        "mabwiser": version("mabwiser"),
        "UCB1": [ucb.predict_expectations()[one] for one in arms],
        "means": [greedy.predict_expectations()[one] for one in arms],
        "LinUCB": [
            [row[one] for one in arms] for row in linear.predict_expectations(made["visitor"])
        ],
    }
    Path(out).write_text(json.dumps(found) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
