"""A record checked: its figures made again from the fit, its guardrails held against them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.artifacts import Artifacts
from engine.decision.comparison import MOST, compare_scenarios
from engine.decision.feedback import find_feedback
from engine.decision.older import set_aside
from engine.decision.record import RECORD_VERSION, make_record, seal_of
from engine.decision.settings import DecisionSettings
from engine.errors import RecordError, ScenarioError
from engine.scenario import Scenario
from engine.scenario_values import brief
from engine.strict_json import json_of

__all__ = ["MAX_BYTES", "Checked", "check_record", "read_record"]

MAX_BYTES = 5_000_000
RELATIVE, ABSOLUTE = 1e-9, 1e-12
"""What adding up in another order, on another machine, may change in a figure."""

FIGURES = ("verdicts", "figures", "guardrails", "who_pays", "audience", "policy")
"""Parts of a record that have to come out again."""

NOTED = ("data", "fit", "recipe", "versions")
"""Parts that say what the figures were made with: another is said, and is no fault by itself."""

ASKED = ("scenario", "baseline", "also_considered", "settings", "seal", "decided")
NEEDED = (*FIGURES, *NOTED, *ASKED)


@dataclass(frozen=True)
class Checked:
    """What checking a record found.

    Attributes
    ----------
    differences : tuple of str
        What did not come out again, edits of the record, and guardrails that do not hold.
    notes : tuple of str
        What the figures were made with then and now, where that differs.
    n_compared : int
        Figures and words held against each other.
    """

    differences: tuple[str, ...]
    notes: tuple[str, ...]
    n_compared: int


def read_record(given: str | bytes) -> dict[str, Any]:
    """Read a record's file.

    Raises
    ------
    RecordError
        It is no record, or one of a newer version.
    """
    record = json_of(given, max_bytes=MAX_BYTES, what="The record", error=RecordError)
    if not isinstance(record, dict) or record.get("kind") != "decision":
        raise RecordError(
            "The file is no record of a decision: give the JSON that `python -m engine record` or "
            "the Scenarios page wrote."
        )
    version = record.get("record_version")
    if version != RECORD_VERSION or isinstance(version, bool):
        raise RecordError(
            f"The record has version {brief(version)}, and this program reads {RECORD_VERSION}: "
            "check it with the version of Rerank Studio that wrote it, or a newer one."
        )
    lacking = [name for name in NEEDED if name not in record]
    if lacking:
        raise RecordError(f"The record lacks {', '.join(f'`{name}`' for name in lacking)}.")
    return record


def check_record(
    record: dict[str, Any], artifacts: Artifacts, *, accept_unknown: bool = False
) -> Checked:
    """Make a record's figures again, and hold its guardrails against them.

    Parameters
    ----------
    record : dict
        From :func:`read_record`.
    artifacts : Artifacts
    accept_unknown : bool
        A guardrail of which the data cannot tell is no reason to fail.

    Raises
    ------
    RecordError, ScenarioError
        Its scenarios or settings cannot be read, or do not fit these data.
    """
    scenarios, baseline, settings = _asked(record)
    again = make_record(compare_scenarios(artifacts, scenarios, baseline=baseline,
                                          settings=settings))  # fmt: skip
    if "feedback" in record:
        asked = _asked_of_feedback(record["feedback"])
        again["feedback"] = find_feedback(artifacts, scenarios[0], baseline, asked)
    parts = (*FIGURES, *(["feedback"] if "feedback" in record else []))
    older = set_aside(record, again, parts)
    differences = [*_edits(record)]
    n_compared = 0
    for name in parts:
        for path, was, now in _leaves(record[name], again[name], name):
            n_compared += 1
            if not _agree(was, now):
                differences.append(f"{path}: {_said(was)} in the record, {_said(now)} now")
    differences += _broken(again, accept_unknown)
    notes = [
        f"{path}: {_said(was)} then, {_said(now)} now"
        for name in NOTED
        for path, was, now in _leaves(record[name], again[name], name)
        if not _agree(was, now)
    ]
    return Checked(tuple(differences), (*older, *notes), n_compared)


def _asked(record: dict[str, Any]) -> tuple[list[Scenario], Scenario, DecisionSettings]:
    others = record["also_considered"]
    if not isinstance(others, list) or len(others) >= MOST:
        raise RecordError(f"`also_considered` of the record must be a list of at most {MOST - 1}.")
    try:
        scenarios = [Scenario.from_dict(one) for one in (record["scenario"], *others)]
        baseline = Scenario.from_dict(record["baseline"])
        return scenarios, baseline, DecisionSettings.from_dict(record["settings"])
    except ScenarioError as error:
        raise RecordError(f"The record cannot be made again: {error}") from error


def _asked_of_feedback(given: Any) -> dict[str, Any]:
    """Return the settings of every part of feedback that a record holds."""
    if not isinstance(given, dict) or not all(
        isinstance(one, dict) and "settings" in one for one in given.values()
    ):
        raise RecordError("`feedback` of the record must name parts, each with its `settings`.")
    return {name: one["settings"] for name, one in given.items()}


def _edits(record: dict[str, Any]) -> Iterator[str]:
    """Say which seal is broken: that of what was found, or that of who decided."""
    content = {name: part for name, part in record.items() if name not in ("seal", "decided")}
    decided = record["decided"] if isinstance(record["decided"], dict) else {}
    if not _is_sealed(content, record["seal"]):
        yield "seal: the record was edited, or damaged, since it was made"
        return
    said = {name: part for name, part in decided.items() if name != "seal"}
    whole = {**content, "seal": record["seal"], "decided": said}
    if not _is_sealed(whole, decided.get("seal")):
        yield "decided: who decided, when or why was edited since the record was made"


def _is_sealed(content: dict[str, Any], seal: Any) -> bool:
    try:
        return seal_of(content) == seal
    except ValueError:  # an infinite number, half a letter: no seal was ever made of that
        return False


def _broken(again: dict[str, Any], accept_unknown: bool) -> Iterator[str]:
    for one in again["guardrails"][again["scenario"]["name"]]["each"]:
        if one["answer"] == "fail":
            yield f"guardrail broken: {one['words']} ({one['reached']})"
        elif one["answer"] == "cannot tell" and not accept_unknown:
            yield (
                f"guardrail not shown to hold: {one['words']} ({one['reached']}, at worst "
                f"{one['at_worst']})"
            )


MISSING = "nothing"


def _leaves(was: Any, now: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Walk two values side by side; what only one of them has is nothing in the other."""
    if isinstance(was, dict) and isinstance(now, dict):
        for name in {**now, **was}:
            yield from _leaves(was.get(name, MISSING), now.get(name, MISSING), f"{path}.{name}")
    elif isinstance(was, list) and isinstance(now, list):
        for at in range(max(len(was), len(now))):
            old, new = (side[at] if at < len(side) else MISSING for side in (was, now))
            yield from _leaves(old, new, f"{path}[{at}]")
    else:
        yield path, was, now


def _agree(was: Any, now: Any) -> bool:
    if isinstance(was, bool) or isinstance(now, bool) or isinstance(was, str):
        return was == now
    if isinstance(was, (int, float)) and isinstance(now, (int, float)):
        return math.isclose(was, now, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return was == now


def _said(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else brief(value)
