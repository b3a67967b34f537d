"""Coverage and bias of the off-policy estimators over many simulated logs, where truth is known.

Usage: ``python -m tests.benchmarks.ope``; the simulated service is to be fitted.
"""

from __future__ import annotations

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


def main() -> None:
    """Print a table for each case."""
    artifacts = open_artifacts(artifact_folder("simulated"))
    world = world_of(artifacts, TRUTH)
    for title, attention, temperature in CASES:
        config = DesignConfig(visits=VISITS, temperature=temperature, attention=attention)
        design = design_of(artifacts, world, NEUTRAL, SETTING, config)
        print(f"\n{title}: {N_LOGS} logs of {VISITS:,} lists; 95 % intervals")
        print(f"{'estimator':26}{'truth':>9}{'mean':>9}{'bias':>9}{'± se':>8}{'held':>8}")
        _table(artifacts, design)


def _table(artifacts: Artifacts, design: Design) -> None:
    truth, whole = true_worth(design, 1), true_worth(design, design.config.places)
    found: dict[str, list[tuple[float, bool]]] = {}
    for seed in range(N_LOGS):
        answer = earned(artifacts, simulate_log(design, seed=seed), "device")
        for target, group in ((truth, answer.first), (whole, answer.lists)):
            for one in group:
                held = one.low <= target <= one.high
                found.setdefault(one.name, []).append((one.value, held))
    for name, rows in found.items():
        values = np.array([value for value, _ in rows])
        target = whole if "IPS" in name else truth
        error = values.std(ddof=1) / np.sqrt(len(values))
        held = np.mean([is_in for _, is_in in rows])
        note = "  (of the ranking itself)" if name == REPLAY else ""
        print(
            f"{name:26}{target:9.4f}{values.mean():9.4f}{values.mean() - target:+9.4f}"
            f"{error:8.4f}{held:8.1%}{note}"
        )


if __name__ == "__main__":
    main()
