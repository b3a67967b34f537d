"""Write ``obp_golden.json``: what the Open Bandit Pipeline estimates of a sample made here.

The package's pins do not fit this project's, so it lives in an environment of its own::

    python3.11 -m venv obp && obp/bin/pip install numpy scipy scikit-learn pandas tqdm pyyaml
    obp/bin/pip install --no-deps obp==0.4.1
    obp/bin/python tests/engine/online/obp_golden.py tests/engine/online/obp_golden.json

Only its modules of estimators are loaded, with an empty stand-in for torch, which they import and
do not use for arrays. Of the sample of the Open Bandit Dataset that comes with the package (10,000
places of a fashion shop, filled evenly, all items) the figures and the sums that they come from are
kept, not the rows.
"""

from __future__ import annotations

import csv
import importlib
import json
import sys
import types
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

N_ROUNDS, N_ACTIONS, N_PLACES = 400, 5, 3
SWITCH_AT, SHRINKAGE = 10.0, 100.0


def bandit_sample(seed: int = 0) -> dict[str, np.ndarray]:
    """Make a log of one action a round: arrays by name, the same wherever NumPy is."""
    rng = np.random.default_rng(seed)
    logging = rng.dirichlet(np.full(N_ACTIONS, 0.5), N_ROUNDS) * 0.95 + 0.05 / N_ACTIONS
    policy = rng.dirichlet(np.full(N_ACTIONS, 0.4), N_ROUNDS)
    action = (rng.random((N_ROUNDS, 1)) > np.cumsum(logging, axis=1)).sum(axis=1)
    action = np.minimum(action, N_ACTIONS - 1)
    worth = rng.random((N_ROUNDS, N_ACTIONS))
    reward = (rng.random(N_ROUNDS) < worth[np.arange(N_ROUNDS), action]).astype(float)
    return {
        "action": action,
        "reward": reward,
        "pscore": logging[np.arange(N_ROUNDS), action],
        "policy": policy,
        "model": np.clip(worth + rng.normal(0, 0.2, worth.shape), 0, 1),
    }


def slate_sample(seed: int = 1) -> dict[str, np.ndarray]:
    """Make logged lists: rewards, and chances of each place given those above, and by itself."""
    rng = np.random.default_rng(seed)
    shape = (N_ROUNDS, N_PLACES)
    parts = {
        name: rng.uniform(0.1, 1, shape) for name in ("above", "above_policy", "at", "at_policy")
    }
    return {"reward": (rng.random(shape) < 0.4).astype(float), **parts}


def _modules() -> tuple[Any, Any]:
    spec = find_spec("obp")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    root = next(iter(spec.submodule_search_locations))
    torch = types.ModuleType("torch")
    torch.Tensor = np.ndarray  # type: ignore[attr-defined]
    sys.modules["torch"] = torch
    for name in ("obp", "obp.ope"):
        bare = types.ModuleType(name)
        bare.__path__ = [str(Path(root, *name.split(".")[1:]))]
        sys.modules[name] = bare
    return (importlib.import_module(f"obp.ope.{one}") for one in ("estimators", "estimators_slate"))


def _bandit(of: Any, log: dict[str, np.ndarray]) -> dict[str, float]:
    best = np.zeros_like(log["policy"])
    best[np.arange(len(best)), log["policy"].argmax(axis=1)] = 1.0
    given = {
        "reward": log["reward"],
        "action": log["action"],
        "pscore": log["pscore"],
        "action_dist": log["policy"][:, :, None],
        "position": np.zeros(len(best), int),
        "estimated_rewards_by_reg_model": log["model"][:, :, None],
    }
    known = {
        "Replay": of.ReplayMethod(),
        "IPW": of.InverseProbabilityWeighting(),
        "SNIPW": of.SelfNormalizedInverseProbabilityWeighting(),
        "DM": of.DirectMethod(),
        "DR": of.DoublyRobust(),
        "SNDR": of.SelfNormalizedDoublyRobust(),
        "Switch-DR": of.SwitchDoublyRobust(tau=SWITCH_AT),
        "DRos": of.DoublyRobustWithShrinkage(lambda_=SHRINKAGE),
    }
    found = {}
    for name, one in known.items():
        own = {**given, "action_dist": best[:, :, None]} if name == "Replay" else given
        found[name] = float(one.estimate_policy_value(**own))
    return found


def _slates(of: Any, log: dict[str, np.ndarray]) -> dict[str, float]:
    n, k = log["reward"].shape
    whole = {name: np.repeat(log[name].prod(axis=1), k) for name in ("above", "above_policy")}
    down = {name: np.cumprod(log[name], axis=1).ravel() for name in ("above", "above_policy")}
    given = {
        "slate_id": np.repeat(np.arange(n), k),
        "reward": log["reward"].ravel(),
        "position": np.tile(np.arange(k), n),
    }
    return {
        "Standard IPS": float(
            of.SlateStandardIPS(len_list=k).estimate_policy_value(
                **given, pscore=whole["above"], evaluation_policy_pscore=whole["above_policy"]
            )
        ),
        "Independent IPS": float(
            of.SlateIndependentIPS(len_list=k).estimate_policy_value(
                **given,
                pscore_item_position=log["at"].ravel(),
                evaluation_policy_pscore_item_position=log["at_policy"].ravel(),
            )
        ),
        "Reward interaction IPS": float(
            of.SlateRewardInteractionIPS(len_list=k).estimate_policy_value(
                **given,
                pscore_cascade=down["above"],
                evaluation_policy_pscore_cascade=down["above_policy"],
            )
        ),
    }


def even_sample(shown: list[int], clicked: list[int]) -> dict[str, np.ndarray]:
    """Return the public sample as a log of one action a round, from how often each was shown."""
    n_actions = len(shown)
    action = np.repeat(np.arange(n_actions), shown)
    reward = np.concatenate([np.arange(n) < c for n, c in zip(shown, clicked, strict=True)])
    policy = 1 / np.arange(1, n_actions + 1)
    rate = (np.array(clicked) + 1) / (np.array(shown) + 250)
    return {
        "action": action,
        "reward": reward.astype(float),
        "pscore": np.full(len(action), 1 / n_actions),
        "policy": np.tile(policy / policy.sum(), (len(action), 1)),
        "model": np.tile(rate, (len(action), 1)),
    }


def _public(root: str) -> tuple[list[int], list[int]]:
    """Count how often each item of the even policy's sample was shown, and clicked."""
    with Path(root, "dataset", "obd", "random", "all", "all.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    item = np.array([int(row["item_id"]) for row in rows])
    click = np.array([int(row["click"]) for row in rows])
    assert {row["propensity_score"] for row in rows} == {"0.0125"}
    return np.bincount(item).tolist(), np.bincount(item, weights=click).astype(int).tolist()


def main(out: str) -> None:
    """Estimate and write."""
    bandit, slate = _modules()
    shown, clicked = _public(sys.modules["obp"].__path__[0])
    found = {
        "obp": "0.4.1",
        "first": _bandit(bandit, bandit_sample()),
        "lists": _slates(slate, slate_sample()),
        "public": _bandit(bandit, even_sample(shown, clicked)),
        "public_shown": shown,
        "public_clicked": clicked,
    }
    Path(out).write_text(json.dumps(found) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
