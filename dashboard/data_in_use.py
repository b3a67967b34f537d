"""Which fitted data set the dashboard shows, and why."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from engine.data.home import artifact_folder
from engine.data.naming import fit_name, listed, name_of, spoken
from engine.data.split import PER_PERSON
from engine.errors import ArtifactError

__all__ = [
    "DATA_VARIABLE",
    "SPLIT_VARIABLE",
    "WITHOUT_VARIABLE",
    "DataInUse",
    "asked_for",
    "data_in_use",
    "fitted_names",
]

DATA_VARIABLE = "RERANK_STUDIO_DATA"
SPLIT_VARIABLE = "RERANK_STUDIO_SPLIT"
WITHOUT_VARIABLE = "RERANK_STUDIO_WITHOUT"
DEFAULT = "movielens-100k"
STAND_IN = "simulated"


@dataclass(frozen=True)
class DataInUse:
    """A data set's name, and a sentence where it is not the one that was asked for."""

    name: str
    reason: str = ""

    @property
    def folder(self) -> Path:
        """Where its fits are."""
        return artifact_folder(self.name)


def asked_for() -> str:
    """Name under which the fits that ``make run`` was asked for are kept."""
    split = (os.environ.get(SPLIT_VARIABLE) or PER_PERSON).replace("-", " ")
    without = listed(os.environ.get(WITHOUT_VARIABLE, ""))
    name = name_of(os.environ.get(DATA_VARIABLE) or DEFAULT)
    return fit_name(name, split=split, without=without)


def _is_fitted(name: str) -> bool:
    return (artifact_folder(name) / "CURRENT").is_file()


def fitted_names() -> tuple[str, ...]:
    """Names of all data sets with a fitted pipeline, the one asked for first."""
    parent = artifact_folder(DEFAULT).parent
    found = sorted(path.parent.name for path in parent.glob("*/CURRENT"))
    first = asked_for()
    return tuple(sorted(found, key=lambda name: (name != first, name)))


def data_in_use(chosen: str | None = None) -> DataInUse:
    """Return the data set to show: the chosen one, else the one asked for, else the simulated.

    Raises
    ------
    ArtifactError
        None of them is fitted.
    """
    if chosen and chosen not in fitted_names():
        instead = data_in_use(None)
        return DataInUse(
            instead.name,
            f"No data set {chosen[:60]!r} is fitted here, so {spoken(instead.name)} is shown.",
        )
    wanted = chosen or asked_for()
    if _is_fitted(wanted):
        return DataInUse(wanted)
    if _is_fitted(STAND_IN):
        return DataInUse(
            STAND_IN,
            f"{spoken(wanted)} has no fitted pipeline here (it could not be fetched, or was not "
            "fitted), so the simulated service is shown instead.",
        )
    raise ArtifactError(
        f"No fitted pipeline of {spoken(wanted)} in {artifact_folder(wanted)}: run `make run`."
    )
