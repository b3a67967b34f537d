"""What can be compared: the setting of the controls, what is saved, the presets."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from dashboard import cached_engine, session
from dashboard.fitting_scenario import fitting
from dashboard.presets import PRESETS
from dashboard.unique_labels import unique_labels
from engine.decision.comparison import MOST
from engine.errors import ScenarioError
from engine.saved.errors import StoreError
from engine.saved.records import Saved
from engine.saved.store import ScenarioStore, store_path
from engine.scenario import Scenario, neutral

__all__ = ["NOW", "RANKER", "Candidate", "Shelf", "candidates"]
__all__ += ["first_choice", "shelf", "store"]

NOW, RANKER, PRESET = "now", "ranker", "preset:"
"""Keys of what is not saved; a saved scenario's key is its id."""

NOW_WORDS = "The controls now"


@dataclass(frozen=True)
class Candidate:
    """Something to compare. ``key`` stands in the link, ``label`` on the page."""

    key: str
    label: str
    scenario: Scenario


def store() -> ScenarioStore:
    """Return the store of scenarios."""
    return ScenarioStore(store_path())


@dataclass(frozen=True)
class Shelf:
    """What is saved for the data set shown; ``trouble`` says why nothing can be read, if so."""

    saved: tuple[Saved, ...] = ()
    deleted: tuple[Saved, ...] = ()
    trouble: str = ""


def shelf() -> Shelf:
    """Read what is saved for the data set shown; a store that fails is said, and is empty."""
    data = cached_engine.fit_key()[0]
    try:
        return Shelf(store().all(data), store().all(data, deleted=True))
    except StoreError as error:
        return Shelf(trouble=str(error))


def candidates(saved: tuple[Saved, ...]) -> dict[str, Candidate]:
    """Return all that can be compared, by key; what is saved for other data is said and left out.

    What belongs to other data (a genre that is gone) goes without that part.
    """
    now = session.scenario()
    found = [(NOW, NOW_WORDS, now)]
    for one in saved:
        scenario = _readable(one)
        if scenario is not None:
            found.append((one.id, one.name, scenario))
    found += [
        (f"{PRESET}{name}", f"Preset {name}", replace(preset, k=now.k))
        for name, preset in PRESETS.items()
        if not preset.is_neutral
    ]
    found.append((RANKER, "The ranker's order", neutral(now.k)))
    labels = unique_labels([label for _, label, _ in found], [key for key, _, _ in found])
    return {
        key: Candidate(key, label, replace(scenario, name=label))
        for (key, _, scenario), label in zip(found, labels, strict=True)
    }


def _readable(saved: Saved) -> Scenario | None:
    try:
        fits, left_out = fitting(cached_engine.artifacts(), saved.scenario)
    except ScenarioError as error:
        _say_once(f"{saved.name} cannot be read here, and stays as it is: {error}")
        return None
    for sentence in left_out:
        _say_once(f"{saved.name}: {sentence}")
    return fits


def _say_once(sentence: str) -> None:
    said = st.session_state.setdefault("_candidates_said", [])
    if sentence not in said:
        said.append(sentence)
        session.notice(sentence)


def first_choice(known: dict[str, Candidate]) -> list[str]:
    """Return what is compared at first: the controls, what is saved, and presets where few are.

    The controls are always among them, so that a slider moves what is shown.
    """
    presets = [key for key in known if key.startswith(PRESET)]
    saved = [key for key in known if key not in (NOW, RANKER, *presets)]
    return [NOW, *saved, *presets][:MOST]
