"""Why a control can do nothing: in this data, or beside the other settings, without re-ranking."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from engine.artifacts import Artifacts
from engine.formats import percent
from engine.reranking.candidate_pool import CandidatePool, pool_of
from engine.reranking.fair_star import adjusted_alpha, minimum_targets
from engine.reranking.likeness import genre_share, item_vectors
from engine.reranking.max_min import provider_shares
from engine.reranking.people_budget import gap_of
from engine.scenario import Scenario
from engine.terms import TERMS, WEIGHTS
from engine.terms.diversity_methods import DIVERSITY_METHODS, DiversityMethod
from engine.terms.item_fairness import in_group
from engine.terms.record import Choice

__all__ = ["inert_in_data", "inert_reasons"]

NO_GENRES = "The candidates have no genres."


def inert_reasons(artifacts: Artifacts, scenario: Scenario) -> dict[str, str]:
    """Return why each control that can do nothing here can do nothing, by its name.

    A weight is looked at as if it were on. A control that is not in the answer may still change no
    list at one setting; :func:`engine.reranking.control_notes` measures that.
    """
    pool = pool_of(artifacts)
    of_terms = {name: term.why_inert for name, term in TERMS.items() if term.why_inert}
    found = {name: why(pool, scenario) for name, why in (_WHY | of_terms).items()}
    return {name: reason for name, reason in found.items() if reason}


def inert_in_data(artifacts: Artifacts) -> dict[str, str]:
    """Return why each weight can do nothing in this data, whatever the other controls.

    With all other weights on, and whichever method and likeness are chosen.
    """
    on: dict[str, Any] = dict.fromkeys(WEIGHTS, 1.0)
    found = {}
    for name, term in TERMS.items():
        choices = [one for one in term.finer if isinstance(one, Choice)]
        reason = ""
        for values in product(*(one.options for one in choices)):
            chosen: dict[str, Any] = dict(zip((one.name for one in choices), values, strict=True))
            reason = inert_reasons(artifacts, Scenario(**on | chosen)).get(name, "")
            if not reason:
                break
        if reason:
            found[name] = reason
    return found


def _diversity(pool: CandidatePool, scenario: Scenario) -> str:
    method = DIVERSITY_METHODS[scenario.diversity_method]
    if scenario.k == 1 and method.starts_at_one:
        return "A list of one item has nothing above it to differ from."
    if not method.uses_likeness:
        return "" if pool.profiles.any() else "No history has an item with genres."
    share = genre_share(scenario)
    vectors = pool.vectors.get(share, lambda: item_vectors(pool, share))
    if not vectors[pool.is_candidate].any():
        return NO_GENRES if share == 1.0 else "No candidate has latent factors."
    return ""


def _item_fairness(pool: CandidatePool, scenario: Scenario) -> str:
    if scenario.item_fairness_method == "max_min":
        owned = provider_shares(pool)[pool.is_candidate].sum(axis=0) > 0
        kind = "provider" if pool.n_providers else "genre"
        if owned.sum() > 1:
            return ""
        return f"The candidates are of {'one' if owned.any() else 'no'} {kind}: there is no other."
    held = in_group(pool, scenario.item_fairness_group)[pool.is_candidate]
    if not held.any():
        return "None of the group is anybody's candidate."
    if held.all():
        return "All candidates are in the group."
    if scenario.item_fairness_method == "fair_star" and not _asked(scenario):
        return (
            f"At a share of {percent(scenario.item_fairness_target)} the test asks for nothing of "
            f"the group in a list of {scenario.k}."
        )
    return ""


def _asked(scenario: Scenario) -> int:
    share, alpha = scenario.item_fairness_target, scenario.fair_star_alpha
    adjusted = adjusted_alpha(scenario.k, share, alpha)
    return int(minimum_targets(scenario.k, share, adjusted)[-1])


def _people_fairness(pool: CandidatePool, scenario: Scenario) -> str:
    if not pool.attributes:
        return "Nothing is known of people by which they could be grouped."
    gap = gap_of(pool, scenario.people_attribute)
    attribute = scenario.people_attribute or next(iter(pool.attributes))
    if gap.is_own.sum() < 2:
        return f"Fewer than two groups by {attribute} are large enough to be compared."
    if not gap.is_clear:
        p = "" if np.isnan(gap.p) else f" (p = {gap.p:.2f})"
        return f"Groups by {attribute} show no clear difference in how they are served{p}."
    others = [name for name in WEIGHTS if name != "people_fairness" and getattr(scenario, name)]
    is_floor = scenario.item_fairness_method == "fair_star"
    if not others or (others == ["item_fairness"] and is_floor):
        return "No other weight is on of which a group could be spared a part."
    return ""


def _calibration(pool: CandidatePool, scenario: Scenario) -> str:
    del scenario
    if not pool.genre_matrix[pool.is_candidate].any():
        return NO_GENRES
    return "" if pool.profiles.any() else "No history has an item with genres."


def _only(
    condition: Callable[[Scenario], bool], words: str
) -> Callable[[CandidatePool, Scenario], str]:
    """Make the reason of a finer control that is read under a condition alone."""
    return lambda _, scenario: "" if condition(scenario) else words


def _labels(is_meant: Callable[[DiversityMethod], bool]) -> str:
    return " and ".join(one.label for one in DIVERSITY_METHODS.values() if is_meant(one))


def _window(pool: CandidatePool, scenario: Scenario) -> str:
    del pool
    if not DIVERSITY_METHODS[scenario.diversity_method].has_window:
        return f"Only {_labels(lambda one: one.has_window)} have a window."
    is_whole = scenario.diversity_window >= scenario.k - 1
    return "It is as wide as the list: the whole list is compared." if is_whole else ""


_WHY: dict[str, Callable[[CandidatePool, Scenario], str]] = {
    "diversity": _diversity,
    "likeness": _only(
        lambda scenario: DIVERSITY_METHODS[scenario.diversity_method].uses_likeness,
        f"{_labels(lambda one: not one.uses_likeness)} goes by genres, whatever the likeness.",
    ),
    "likeness_mix": _only(
        lambda scenario: scenario.likeness == "both", "Only a mix of both has a share of genres."
    ),
    "diversity_window": _window,
    "item_fairness": _item_fairness,
    "item_fairness_group": _only(
        lambda scenario: scenario.item_fairness_method != "max_min",
        "Max-min lifts whichever provider or genre is worst off, no chosen group.",
    ),
    "item_fairness_target": _only(
        lambda scenario: scenario.item_fairness_method in ("target", "fair_star"),
        "Only Target and FA*IR read a share.",
    ),
    "fair_star_alpha": _only(
        lambda scenario: scenario.item_fairness_method == "fair_star", "Only FA*IR has a test."
    ),
    "people_fairness": _people_fairness,
    "calibration": _calibration,
}
"""Control → why it can do nothing; empty where it can. Terms of an item say it in their records."""
