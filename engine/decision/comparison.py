"""Scenarios side by side against one baseline, judged as the one family that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from engine.analysis.constraints import Part, parts_of
from engine.analysis.margins import margins
from engine.analysis.panel import Panel, panel_about
from engine.artifacts import Artifacts
from engine.decision.answers import Answer, Guardrail, guardrails_of, together
from engine.decision.equivalence import Equivalence, equivalences
from engine.decision.settings import DecisionSettings
from engine.decision.tables import figure_frame, guardrail_frame
from engine.errors import ScenarioError
from engine.evaluation import Evaluation, evaluate_scenario
from engine.metrics.figures import Figure, figure_of
from engine.metrics.registry import METRICS
from engine.metrics.small_groups import MIN_N
from engine.metrics.statistics.verdict import judge
from engine.scenario import Scenario, neutral

__all__ = ["MOST", "Comparison", "Rival", "compare", "compare_scenarios", "names_of"]

MOST = 4
"""Scenarios side by side."""


@dataclass(frozen=True, eq=False)
class Rival:
    """One of the scenarios compared.

    Attributes
    ----------
    name : str
        No other of the comparison has it.
    scenario : Scenario
    evaluation : Evaluation
        Against the comparison's baseline.
    figures : dict
        Metric → figure with the verdict on its change.
    equivalence : dict
        Metric → whether it is shown to be as good as the baseline's.
    guardrails : tuple of Guardrail
    """

    name: str
    scenario: Scenario
    evaluation: Evaluation
    figures: dict[str, Figure]
    equivalence: dict[str, Equivalence]
    guardrails: tuple[Guardrail, ...]

    @property
    def answer(self) -> Answer:
        """Whether all guardrails hold."""
        return together([one.answer for one in self.guardrails])


@dataclass(frozen=True, eq=False)
class Comparison:
    """Up to four scenarios against one baseline.

    Attributes
    ----------
    artifacts : Artifacts
    settings : DecisionSettings
    baseline : Scenario
    rivals : tuple of Rival
    notes : tuple of str
        What is to be known before the figures are read.
    """

    artifacts: Artifacts
    settings: DecisionSettings
    baseline: Scenario
    rivals: tuple[Rival, ...]
    notes: tuple[str, ...]

    @property
    def n_people(self) -> int:
        """People behind the figures."""
        return self.rivals[0].evaluation.n_users

    @property
    def n_judged(self) -> int:
        """Changes that are corrected together."""
        return len(self.rivals) * len(self.settings.metrics)

    def frame(self) -> pd.DataFrame:
        """Return a row per scenario and metric: figure, change, verdict, equivalence."""
        return figure_frame(self.rivals)

    def guardrail_frame(self) -> pd.DataFrame:
        """Return a row per scenario and guardrail."""
        return guardrail_frame(self.rivals)


def compare_scenarios(
    artifacts: Artifacts,
    scenarios: Sequence[Scenario],
    *,
    baseline: Scenario | None = None,
    settings: DecisionSettings | None = None,
) -> Comparison:
    """Re-rank everyone under each scenario, and compare.

    Parameters
    ----------
    artifacts : Artifacts
    scenarios : sequence of Scenario
        One to four.
    baseline : Scenario, optional
        The ranker's own order, at the first scenario's list length, by default.
    settings : DecisionSettings, optional

    Raises
    ------
    ScenarioError, ScoreError
        What was given does not fit the data.
    """
    settings = settings or DecisionSettings()
    _refuse_number(scenarios)
    before = baseline or neutral(scenarios[0].k)
    found = [
        evaluate_scenario(
            artifacts, replace(one, name=""), baseline=before, settings=settings.measured_with
        )
        for one in scenarios
    ]
    return compare(artifacts, found, names_of(scenarios), before, settings)


def compare(
    artifacts: Artifacts,
    evaluations: Sequence[Evaluation],
    names: Sequence[str],
    baseline: Scenario,
    settings: DecisionSettings,
) -> Comparison:
    """Judge evaluations against one baseline, all that is shown as one family.

    Parameters
    ----------
    artifacts : Artifacts
    evaluations : sequence of Evaluation
        All against ``baseline``, over the same people.
    names : sequence of str
        One each, none twice.
    baseline : Scenario
        Under its name.
    settings : DecisionSettings
    """
    _refuse_number(evaluations)
    panel = panel_about(artifacts, baseline, evaluations[0].baseline)
    if settings.attribute and settings.attribute not in panel.audience.attributes:
        raise ScenarioError(
            f"No attribute is named {settings.attribute!r} in these data; there are "
            f"{', '.join(panel.audience.attributes)}."
        )
    figures = _figures(evaluations, settings)
    parts, notes = parts_of(panel.audience, settings.limits, panel.users, MIN_N)
    rivals = []
    for name, found, of_rival in zip(names, evaluations, figures, strict=True):
        assert found.scenario is not None
        rivals.append(
            Rival(
                name,
                replace(found.scenario, name=name),
                found,
                of_rival,
                equivalences(
                    panel, found.measured, settings.metrics, share=settings.margin,
                    confidence=settings.confidence,
                    together=len(evaluations) * len(settings.metrics),
                ),
                _guardrails(panel, found, parts, settings, len(evaluations)),
            )
        )  # fmt: skip
    lengths = _lengths([*(rival.scenario for rival in rivals), baseline])
    return Comparison(artifacts, settings, baseline, tuple(rivals), (*notes, *lengths))


def _figures(
    evaluations: Sequence[Evaluation], settings: DecisionSettings
) -> list[dict[str, Figure]]:
    cells = [(found, name) for found in evaluations for name in settings.metrics]
    family = [found.unjudged[name].evidence(METRICS[name]) for found, name in cells]
    verdicts = iter(judge(family, settings.policy))
    return [
        {name: figure_of(name, found.unjudged[name], next(verdicts)) for name in settings.metrics}
        for found in evaluations
    ]


def _guardrails(
    panel: Panel,
    found: Evaluation,
    parts: tuple[Part, ...],
    settings: DecisionSettings,
    n_rivals: int,
) -> tuple[Guardrail, ...]:
    measured = replace(
        margins(panel, found.measured, parts), together=max(1, n_rivals * len(parts))
    )
    return guardrails_of(measured, parts, settings.confidence, len(panel.users))


def names_of(scenarios: Sequence[Scenario]) -> list[str]:
    """Return a name for each, none twice.

    >>> names_of([Scenario(name="A"), Scenario(), Scenario(name="A")])
    ['A', 'Scenario 2', 'A (3)']
    """
    names: list[str] = []
    for place, one in enumerate(scenarios, start=1):
        name = one.name or f"Scenario {place}"
        names.append(f"{name[:280]} ({place})" if name in names else name)
    return names


def _refuse_number(given: Sequence[object]) -> None:
    if not 1 <= len(given) <= MOST:
        raise ScenarioError(f"One to {MOST} scenarios can be compared; got {len(given)}.")


def _lengths(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    lengths = sorted({one.k for one in scenarios})
    if len(lengths) == 1:
        return ()
    return (
        f"Lists have different lengths ({', '.join(map(str, lengths))}): figures over whole lists "
        "are not like for like.",
    )
