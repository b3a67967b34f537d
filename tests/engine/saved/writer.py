"""A process that writes to a store until it is done or killed; says each change that is kept."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.saved.errors import ConflictError
from engine.saved.store import ScenarioStore
from engine.scenario import Scenario


def main(path: str, who: str, n: int) -> None:
    store = ScenarioStore(Path(path))
    for number in range(n):
        saved = store.save(Scenario(diversity=0.1), data="tiny", name=f"{who} {number}")
        sys.stdout.write(f"{saved.id}\n")
        sys.stdout.flush()
        _count_up(store)


def _count_up(store: ScenarioStore) -> None:
    """Add one to the list length of the scenario that all writers share, however often refused."""
    shared = store.named("tiny", "shared")
    while True:
        try:
            store.change(shared, scenario=Scenario(k=shared.scenario.k % 50 + 1))
        except ConflictError as conflict:
            shared = conflict.theirs
        else:
            return


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
