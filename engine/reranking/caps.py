"""Caps as tables over places: how many of a genre or provider there may be when a place is filled.

Caps given first matter most: where no candidate is left that keeps all of them, the last cap is
lifted for that one place, then the last two, and so on, and every cap that the item then breaks
is counted. Pinned items count towards caps but are not stopped by them; a cap that a pin breaks
is counted as well.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.reranking.candidate_pool import CandidatePool
from engine.reranking.kernel.inputs import Limits, frozen
from engine.reranking.kernel.records import CAP
from engine.scenario import CAP_KINDS, Cap

__all__ = ["cap_limits"]

NO_LIMIT = np.iinfo(np.int32).max


def cap_limits(
    pool: CandidatePool, caps: tuple[Cap, ...], k: int, floors: NDArray[np.integer]
) -> Limits:
    """Lay out caps, and the floors of the lifted group, for lists of ``k``.

    Parameters
    ----------
    floors : integer array of shape (k + 1,)
        How many of the lifted group the first ``t`` places must hold.

    Raises
    ------
    ScenarioError
        A cap on a genre or provider that this data set does not have.
    """
    codes = [_code(pool, cap) for cap in caps]
    columns = {"genre": len(pool.genre_names), "provider": 0}
    if any(cap.kind == "provider" for cap in caps):
        columns["provider"] = pool.n_providers + 1
    tables = {
        kind: np.full((len(caps) + 1, k + 1, width), NO_LIMIT, dtype=np.int32)
        for kind, width in columns.items()
    }
    for index, (cap, code) in enumerate(zip(caps, codes, strict=True)):
        n_known = len(pool.genre_names) if cap.kind == "genre" else pool.n_providers
        columns_meant = slice(0, n_known) if code < 0 else slice(code, code + 1)
        # Level ``l`` has the last ``l`` caps lifted, so this one holds up to level n - 1 - index.
        part = tables[cap.kind][: len(caps) - index, : cap.top, columns_meant]
        np.minimum(part, cap.at_most, out=part)
    rows = [
        (CAP_KINDS.index(cap.kind), code, cap.at_most, cap.top)
        for cap, code in zip(caps, codes, strict=True)
    ]
    return Limits(
        caps=frozen(np.array(rows, dtype=CAP), CAP),
        genre_limits=frozen(tables["genre"], np.int32),
        provider_limits=frozen(tables["provider"], np.int32),
        floors=frozen(floors, np.int32),
        last_capped=max((cap.top for cap in caps), default=0),
    )


def _code(pool: CandidatePool, cap: Cap) -> int:
    if cap.value is None:
        return -1
    names = pool.genre_names if cap.kind == "genre" else pool.provider_names
    if cap.value not in names:
        known = ", ".join(names) or "none"
        raise ScenarioError(
            f"A cap of the scenario names the {cap.kind} {cap.value!r}, which this data set does "
            f"not have; it has: {known}."
        )
    return names.index(cap.value)
