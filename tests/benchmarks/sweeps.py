"""Sweeps and goal-seek: area of the front per evaluation against kept optimisers, and seconds.

The area is the hypervolume of NDCG and diversity above the worst corner of everything tried; the
ratio is to a Sobol design of the same number of settings. Settings are measured on everyone.
"""

from __future__ import annotations

import time
import warnings

import numpy as np

from engine.analysis.aims import Aim
from engine.analysis.front import hypervolume
from engine.analysis.panel import make_panel
from engine.analysis.solve import solve
from engine.analysis.space import Space, make_space
from engine.analysis.sweep import sweep
from engine.analysis.swept import SweepConfig
from engine.analysis.trials import Trials
from engine.artifacts import Artifacts, open_artifacts
from engine.data import artifact_folder
from engine.errors import ArtifactError
from engine.scenario import NEUTRAL
from tests.benchmarks.rerank_audiences import large, like_a_fit

N_SETTINGS = 300
AIMS = (Aim("ndcg"), Aim("ild"))
CONTROLS = ("diversity", "freshness", "calibration", "popularity_penalty")
SEEDS = (0, 1, 2)
LIMITS = ("ndcg loss <= 5%", "ndcg loss <= 8% for every gender", "top_item_share <= 40%")


def _fitted() -> Artifacts:
    for name in ("movielens-100k", "simulated"):
        try:
            return open_artifacts(artifact_folder(name))
        except ArtifactError:
            continue
    raise ArtifactError("Nothing is fitted: run `make fit` first.")


def _ours(artifacts: Artifacts, space: Space, seed: int, share: float) -> np.ndarray:
    config = SweepConfig(N_SETTINGS, artifacts.n_users, share_of_design=share, seed=seed)
    found = sweep(artifacts, space, AIMS, config=config)
    return np.array([mapped.readings.value for mapped in found.settings])


def _optuna(artifacts: Artifacts, space: Space, seed: int, name: str) -> np.ndarray:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    samplers = {"NSGA-II": optuna.samplers.NSGAIISampler, "TPE": optuna.samplers.TPESampler}
    trials = Trials(make_panel(artifacts), AIMS)

    def goods(trial: optuna.Trial) -> tuple[float, float]:
        point = [trial.suggest_float(axis.name, 0.0, 1.0 - 1e-9) for axis in space.axes]
        value = trials.of(space.scenario(np.array(point))).value
        return float(value[0]), float(value[1])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        study = optuna.create_study(
            directions=["maximize", "maximize"], sampler=samplers[name](seed=seed)
        )
        study.optimize(goods, n_trials=N_SETTINGS)
    return trials.values()


def run() -> dict[str, dict]:
    """Compare optimisers and time the sweep and the search."""
    artifacts = _fitted()
    space = make_space(NEUTRAL, CONTROLS)
    ways = {
        "sobol": lambda seed: _ours(artifacts, space, seed, 1.0),
        "sweep": lambda seed: _ours(artifacts, space, seed, SweepConfig().share_of_design),
        "nsga2": lambda seed: _optuna(artifacts, space, seed, "NSGA-II"),
        "tpe": lambda seed: _optuna(artifacts, space, seed, "TPE"),
    }
    found, seconds = {}, {}
    for name, way in ways.items():
        start = time.perf_counter()
        found[name] = [way(seed) for seed in SEEDS]
        seconds[name] = (time.perf_counter() - start) / len(SEEDS)
    worst = np.min([table.min(axis=0) for tables in found.values() for table in tables], axis=0)
    area = {n: np.mean([hypervolume(t, worst) for t in tables]) for n, tables in found.items()}
    rows = {
        f"area_{name}": {
            "seconds": seconds[name],
            "ratio": area[name] / area["sobol"],
            "against": f"a Sobol design of {N_SETTINGS} settings, {len(SEEDS)} seeds",
        }
        for name in ways
    }
    return {
        **rows,
        **_swept("sweep_fit", artifacts, 15),
        **_swept("sweep_6k", large(6_040, 4_000, 200, n_held=5), 60),
        **_searches(),
    }


def run_million() -> dict[str, dict]:
    """Time the sweep of a million people, searched on a sample of them."""
    return _swept("sweep_1m", large(n_held=5), 60)


def _swept(name: str, artifacts: Artifacts, target: float) -> dict[str, dict]:
    """Time a sweep as the page does it, confirmed near the front."""
    space = make_space(NEUTRAL, CONTROLS)
    sweep(artifacts, space, AIMS, config=SweepConfig(8))
    start = time.perf_counter()
    found = sweep(artifacts, space, AIMS, config=SweepConfig(N_SETTINGS))
    spent = time.perf_counter() - start
    people = f"{artifacts.n_users:,} people"
    row = {
        "seconds": spent,
        "ratio": target / spent,
        "against": f"{target} s for {len(found.settings)} settings, {people}, "
        f"the front measured on {found.n_confirming:,}",
    }
    return {name: row}


def _searches() -> dict[str, dict]:
    artifacts = like_a_fit()
    names = tuple(artifacts.attributes)
    limits = [limit.replace("gender", names[0]) for limit in LIMITS]
    space = make_space(NEUTRAL, CONTROLS[:3])
    solve(artifacts, space, "ild", limits)
    start = time.perf_counter()
    solve(artifacts, space, "ild", limits)
    spent = time.perf_counter() - start
    return {
        "solve_6k": {
            "seconds": spent,
            "ratio": 10 / spent,
            "against": "10 s for 6,040 people, 3 controls, 3 limits",
        }
    }
