"""Does what the ledger explains match what the kernel chose? Asked of a few people each time.

The lists come from a compiled kernel, the reasons from the definitions in float64. At every place
of those people's lists, the chosen candidate must score as high as any that might have come
there, up to rounding. If not, one of the two is wrong, and every reason shown would be in doubt.
"""

from __future__ import annotations

import logging
import os
import zlib

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.reranking.lists import Lists
from engine.reranking.person import Person
from engine.reranking.plan import RerankPlan, prepare
from engine.scenario import Scenario

__all__ = ["STRICT", "LedgerMismatchError", "check_winners", "largest_slip"]

LOG = logging.getLogger("rerank_studio")

STRICT = "RERANK_STUDIO_STRICT"
"""Environment variable: where it is set (tests, command line) a mismatch is raised, else logged."""

TOLERANCE = 1e-5

SAMPLE = 3
"""People asked about at each evaluation: some milliseconds."""


class LedgerMismatchError(AssertionError):
    """A chosen candidate is not the best by the definitions: our own mistake, never the user's."""


def check_winners(
    artifacts: Artifacts,
    scenario: Scenario,
    lists: Lists,
    users: NDArray[np.integer] | None = None,
) -> None:
    """Compare the lists of :data:`SAMPLE` people, others for each scenario, with the definitions.

    Parameters
    ----------
    lists : Lists
        Of ``users``, or of everyone.

    Raises
    ------
    LedgerMismatchError
        A place went to another than the best, where :data:`STRICT` is set; logged otherwise.
    """
    n_rows = len(lists.items)
    if scenario.is_neutral or n_rows == 0:
        return
    plan = prepare(artifacts, scenario)
    first = zlib.crc32(repr(scenario).encode()) % n_rows
    for row in sorted({(first + part * n_rows // SAMPLE) % n_rows for part in range(SAMPLE)}):
        user = row if users is None else int(users[row])
        slip, place = largest_slip(plan, user, lists.positions[row])
        if slip > TOLERANCE:
            _report(
                f"Place {place + 1} of person {user}'s list went to a candidate that scores "
                f"{slip:.2g} less than another by the definitions; scenario {scenario.to_json()}"
            )


def largest_slip(plan: RerankPlan, user: int, positions: NDArray[np.integer]) -> tuple[float, int]:
    """Return by how much the worst choice of a list falls short of the best, and its place.

    Pinned places are the pins'; there, any other choice than the pin is infinitely short.
    """
    person = Person(plan, user)
    picks = [int(place) for place in positions if place >= 0]
    worst, at = 0.0, 0
    for t, chosen in enumerate(picks):
        if t < len(person.pinned):
            slip = 0.0 if chosen == person.pinned[t] else np.inf
        else:
            is_open = person.is_open(picks[:t])
            scores = np.where(is_open, person.terms(picks[:t]).sum(axis=0), -np.inf)
            slip = float(scores.max() - scores[chosen])
        if slip > worst:
            worst, at = slip, t
    return worst, at


def _report(sentence: str) -> None:
    if os.environ.get(STRICT):
        raise LedgerMismatchError(sentence)
    LOG.error("%s", sentence)
