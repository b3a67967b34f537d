"""What feedback says of a decision: a year of it, what it would have earned, what learning costs.

Each part is asked for by its settings, and found again from them: seeds are among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from typing import Any, TypeVar

from engine.analysis.trials import Told
from engine.artifacts import Artifacts
from engine.errors import ScenarioError
from engine.online.answer_words import answer_lines, answer_to_json
from engine.online.bandits.arms import arm_table
from engine.online.bandits.trial import TrialConfig, run_trial
from engine.online.earned import earned
from engine.online.experiment import DesignConfig, design_of, simulate_log
from engine.online.given_log import answer_log
from engine.online.kept_log import kept_log
from engine.scenario import Scenario
from engine.scenario_values import brief
from engine.simulate.fork import partings
from engine.simulate.loop import run_year
from engine.simulate.loop_config import Arm, LoopConfig
from engine.simulate.world import world_of
from engine.simulate.year_words import assumed, parting_words
from engine.table_json import plain

__all__ = ["PARTS", "find_feedback", "read_asked"]

Asked = dict[str, dict[str, Any]]
Config = TypeVar("Config", LoopConfig, DesignConfig, TrialConfig)


@dataclass(frozen=True)
class YearAsked(LoopConfig):
    """A year; ``explore`` are exploration places of the scenario, ``by`` an attribute."""

    explore: int = 0
    by: str = ""


@dataclass(frozen=True)
class EarnedAsked(DesignConfig):
    """What it would have earned, by a ``log`` that is ``simulated`` or ``kept`` with the fit."""

    log: str = "simulated"
    assumption: str | None = None
    by: str = ""


@dataclass(frozen=True)
class BanditsAsked(TrialConfig):
    """Bandits on ``arms``."""

    arms: str = "genres"
    assumption: str | None = None


def read_asked(given: Any) -> Asked:
    """Check which parts are asked for, and fill in what was left out.

    Parameters
    ----------
    given : mapping
        ``year``, ``earned``, ``bandits`` → settings by name.

    Raises
    ------
    ScenarioError
        An unknown part or setting, or a value out of range.
    """
    if not isinstance(given, Mapping):
        raise ScenarioError(f"What feedback is asked for must be an object; got {brief(given)}.")
    unknown = [name for name in given if name not in PARTS]
    if unknown:
        raise ScenarioError(
            f"{brief(unknown[0])} is nothing that feedback can be asked for: give "
            f"{', '.join(PARTS)}."
        )
    return {name: asdict(_settings(name, own)) for name, own in given.items()}


def _settings(name: str, given: Any) -> Any:
    kind = PARTS[name][0]
    known = {one.name: one for one in fields(kind)}
    if not isinstance(given, Mapping) or set(given) - set(known):
        extra = (
            brief(given) if not isinstance(given, Mapping) else brief(min(set(given) - set(known)))
        )
        raise ScenarioError(f"{extra} is no setting of `{name}`: give some of {', '.join(known)}.")
    for field, value in given.items():
        default = known[field].default
        assert default is not MISSING
        expected: tuple[type, ...] = (int, float)
        if default is None or isinstance(default, (str, int)):
            expected = (int,) if isinstance(default, int) else (str,)
        is_right = isinstance(value, expected) and not isinstance(value, bool)
        if not is_right and not (value is None and default is None):
            raise ScenarioError(
                f"`{field}` of `{name}` must be like {brief(default)}; got {brief(value)}."
            )
    return kind(**given)


def find_feedback(
    artifacts: Artifacts,
    scenario: Scenario,
    baseline: Scenario,
    asked: Any,
    *,
    tell: Told = lambda _: None,
) -> dict[str, Any]:
    """Find every part that is asked for, ready for JSON: its ``settings``, and what was ``found``.

    Parameters
    ----------
    artifacts : Artifacts
    scenario, baseline : Scenario
    asked : mapping
        As for :func:`read_asked`.
    tell : callable
        Hears the share done.

    Raises
    ------
    ScenarioError
        As :func:`read_asked`, or the data cannot answer.
    """
    parts = read_asked(asked)
    base, own = replace(baseline, k=scenario.k), scenario
    found = {}
    for number, (name, settings) in enumerate(parts.items()):

        def heard(share: float, number: int = number) -> None:
            tell((number + share) / len(parts))

        said = PARTS[name][1](artifacts, own, base, _settings(name, settings), heard)
        found[name] = {"settings": settings, "found": said}
    return found


def _by(artifacts: Artifacts, asked: str) -> str:
    by = asked or next(iter(artifacts.attributes))
    if by not in artifacts.attributes:
        raise ScenarioError(
            f"`by` must be one of {', '.join(artifacts.attributes)}; got {brief(asked)}."
        )
    return by


def _part_of(asked: Config, kind: type[Config]) -> Config:
    """Return the settings of ``kind`` alone, without what was asked for beside them."""
    return kind(**{one.name: getattr(asked, one.name) for one in fields(kind)})


def _year(
    artifacts: Artifacts, own: Scenario, base: Scenario, asked: YearAsked, tell: Told
) -> dict[str, Any]:
    by = _by(artifacts, asked.by)
    config = _part_of(asked, LoopConfig)
    arms = (Arm("Baseline", base), Arm("Scenario", own, asked.explore))
    year = run_year(artifacts, arms, config, tell=tell)
    parted = partings(year, 1, by)
    return {
        "words": [*map(parting_words, parted), *assumed(year)],
        "measures": {
            one.measure: {
                "before": plain(one.before),
                "after": plain(one.after),
                "difference": plain(one.verdict.value),
                "low": plain(one.verdict.low),
                "high": plain(one.verdict.high),
                "verdict": str(one.verdict.word),
                "n": one.n,
            }
            for one in parted
        },
    }


def _earned(
    artifacts: Artifacts, own: Scenario, base: Scenario, asked: EarnedAsked, tell: Told
) -> dict[str, Any]:
    by = _by(artifacts, asked.by)
    notes: list[str] = []
    tell(0.1)
    if asked.log == "kept":
        log = kept_log(artifacts)
        if log is None:
            raise ScenarioError("The fit keeps no log of what was shown: ask a simulated one.")
        answer, notes = answer_log(artifacts, log, own, asked.temperature, by, base)
    elif asked.log == "simulated":
        config = _part_of(asked, DesignConfig)
        world = world_of(artifacts, asked.assumption)
        answer = earned(artifacts, simulate_log(design_of(artifacts, world, base, own, config)), by)
    else:
        raise ScenarioError(f"`log` is `simulated` or `kept`; got {brief(asked.log)}.")
    return {"words": [*notes, *answer_lines(answer)], **answer_to_json(answer)}


def _bandits(
    artifacts: Artifacts, own: Scenario, base: Scenario, asked: BanditsAsked, tell: Told
) -> dict[str, Any]:
    settings = [("Baseline", base), (own.name or "Scenario", own)]
    table = arm_table(artifacts, world_of(artifacts, asked.assumption), asked.arms, settings)
    config = _part_of(asked, TrialConfig)
    trial = run_trial(table, config, tell=tell)
    rows = {
        name: {
            "regret": float(values[:, -1].mean()),
            "lowest": float(values[:, -1].min()),
            "highest": float(values[:, -1].max()),
            "shown": dict(
                zip(table.labels, map(float, trial.shares[name].mean(axis=0)), strict=True)
            ),
        }
        for name, values in trial.regret.items()
    }
    best = min(rows, key=lambda name: float(trial.regret[name][:, -1].mean()))
    words = (
        f"Least was lost by {best}: {rows[best]['regret']:,.1f} plays in {config.steps:,} visits "
        f"(mean of {config.runs} repetitions, {rows[best]['lowest']:,.1f} to "
        f"{rows[best]['highest']:,.1f}); by showing any arm alike {rows['Even']['regret']:,.1f}."
    )
    return {"words": [words], "policies": rows, "best_single_arm": trial.fixed * config.steps}


PARTS: dict[str, tuple[Any, Callable[..., dict[str, Any]]]] = {
    "year": (YearAsked, _year),
    "earned": (EarnedAsked, _earned),
    "bandits": (BanditsAsked, _bandits),
}
"""Part → the record of its settings, and what finds it."""
