"""Where a data set comes from, as far as is known, and how pages, reports and terminal say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["PROVENANCES", "Provenance", "ProvenanceName"]

ProvenanceName = Literal["real", "simulated", "own"]


@dataclass(frozen=True)
class Provenance:
    """``label`` stands on every page, ``sentence`` is its help and the report's badge."""

    label: str
    sentence: str


PROVENANCES: dict[str, Provenance] = {
    "real": Provenance(
        "Real", "A published data set, recorded from people and checked when it was fetched."
    ),
    "simulated": Provenance("Simulated", "People and interactions were made up by a program."),
    "own": Provenance(
        "Your data", "Read from your files; whether people or a program made them is not known."
    ),
}
"""Name in the manifest → words. Only what the studio fetches and verifies itself is called real."""
