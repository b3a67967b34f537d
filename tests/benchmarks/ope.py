"""Coverage and bias of the off-policy estimators over many simulated logs, where truth is known.

Usage: ``python -m tests.benchmarks.ope [LOGS]`` (200; a share of 95 % is then known to ± 3 points,
of 1,000 to ± 1.4); the simulated service is to be fitted.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np

from engine.artifacts import Artifacts, open_artifacts
from engine.data import artifact_folder
from engine.online.earned import earned, true_worth
from engine.online.estimators import REPLAY
from engine.online.experiment import Design, DesignConfig, design_of, simulate_log
from engine.scenario import NEUTRAL, Scenario
from engine.simulate.world import TRUTH, world_of

N_LOGS = 200
VISITS = 4000
SETTING = Scenario(diversity=0.3, popularity_penalty=0.2)
CASES = (
    ("position-based, temperature 0.5", "position", 0.5),
    ("cascade, temperature 0.5", "cascade", 0.5),
)


def main(n_logs: int = N_LOGS) -> None:
    """Print a table for each case."""
    artifacts = open_artifacts(artifact_folder("simulated"))
    world = world_of(artifacts, TRUTH)
    for title, attention, temperature in CASES:
        config = DesignConfig(visits=VISITS, temperature=temperature, attention=attention)
        design = design_of(artifacts, world, NEUTRAL, SETTING, config)
        print(f"\n{title}: {n_logs} logs of {VISITS:,} lists; 95 % intervals")
        print(
            f"{'estimator':26}{'truth':>9}{'mean':>9}{'bias':>9}{'± se':>8}{'held':>8}"
            f"{'missed above':>14}{'below':>8}"
        )
        begun = time.process_time()
        _table(artifacts, design, n_logs)
        print(f"{time.process_time() - begun:.0f} CPU s", flush=True)


def _table(artifacts: Artifacts, design: Design, n_logs: int) -> None:
    truth, whole = true_worth(design, 1), true_worth(design, design.config.places)
    # a cascade's truth is simulated: once, not with every answer
    design = replace(design, world=replace(design.world, assumption="not said"))
    found: dict[str, list[tuple[float, bool, bool]]] = {}
    for seed in range(n_logs):
        answer = earned(artifacts, simulate_log(design, seed=seed), "device")
        for target, group in ((truth, answer.first), (whole, answer.lists)):
            for one in group:
                sides = (target > one.high, target < one.low)
                found.setdefault(one.name, []).append((one.value, *sides))
    for name, rows in found.items():
        values = np.array([row[0] for row in rows])
        target = whole if "IPS" in name else truth
        error = values.std(ddof=1) / np.sqrt(len(values))
        over, under = (np.mean([row[side] for row in rows]) for side in (1, 2))
        note = "  (of the ranking itself)" if name == REPLAY else ""
        print(
            f"{name:26}{target:9.4f}{values.mean():9.4f}{values.mean() - target:+9.4f}"
            f"{error:8.4f}{1 - over - under:8.1%}{over:14.1%}{under:8.1%}{note}"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
