"""The lists of a few scenarios on an invented audience, kept to notice unintended changes.

``python -m tests.engine.reranking.golden`` writes them anew; review the difference.
"""

from __future__ import annotations

import json
from pathlib import Path

from engine.reranking import rerank
from engine.scenario import Cap, Rule, Scenario
from engine.terms.diversity_methods import DIVERSITY_METHODS
from tests.engine.reranking.worlds import make_world

FILE = Path(__file__).with_name("golden.json")

CAP = (Cap("genre", at_most=2, top=5),)
SCENARIOS = {
    "neutral": Scenario(),
    **{
        f"{method} {weight}": Scenario(diversity=weight, diversity_method=method, caps=CAP)
        for method in DIVERSITY_METHODS
        for weight in (0.25, 1.0)
    },
    "dpp in a window": Scenario(diversity=1.0, diversity_method="dpp", diversity_window=3),
    "ssd in a window": Scenario(diversity=1.0, diversity_method="ssd", diversity_window=3),
    "by genres": Scenario(diversity=0.5, likeness="genres"),
    "by both": Scenario(diversity=0.5, likeness="both", likeness_mix=0.25),
    "all terms": Scenario(
        diversity=0.3,
        freshness=0.3,
        item_fairness=0.2,
        people_fairness=0.5,
        calibration=0.5,
        popularity_penalty=0.2,
        caps=CAP,
    ),
    "rules": Scenario(
        rules=(Rule("hide", "genre", ("Drama",)), Rule("pin", "item", ("i3", "i8"))), diversity=0.2
    ),
    **{
        f"fairness by {method}": Scenario(item_fairness=0.5, item_fairness_method=method)
        for method in ("weight", "target", "fair_star", "max_min")
    },
}


def compute() -> dict[str, dict[str, list]]:
    """Lists and what had to give way, by scenario."""
    world = make_world(seed=100, n_users=24, n_candidates=24, is_dyadic=True)
    out = {}
    for name, scenario in SCENARIOS.items():
        lists = rerank(world, scenario)
        out[name] = {
            "positions": [" ".join(map(str, row)) for row in lists.positions.tolist()],
            "broken": lists.broken.sum(axis=0).tolist(),
        }
    return out


if __name__ == "__main__":
    FILE.write_text(json.dumps(compute(), indent=1) + "\n", encoding="utf-8")
