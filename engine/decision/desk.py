"""Deciding from Python: compare scenarios, record a decision, check a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.artifacts import Artifacts
from engine.decision.check import Checked, check_record, read_record
from engine.decision.comparison import Comparison, compare_scenarios
from engine.decision.feedback import find_feedback
from engine.decision.record import make_record
from engine.decision.report import record_html
from engine.decision.settings import DecisionSettings
from engine.saved.records import Author
from engine.saved.store import ScenarioStore, store_path
from engine.scenario import Scenario

__all__ = ["Decisions"]


@dataclass(frozen=True, eq=False)
class Decisions:
    """What ``studio.decisions`` gives.

    Examples
    --------
    >>> found = studio.decisions.compare([Scenario(name="A", diversity=0.1)])
    >>> found.rivals[0].figures["ndcg"].n > 0, len(found.frame())
    (True, 6)
    >>> [one.answer in ("pass", "fail", "cannot tell") for one in found.rivals[0].guardrails]
    [True, True]
    >>> record = studio.decisions.record(found, who="Ana", why="more variety")
    >>> studio.decisions.check(record, accept_unknown=True).differences
    ()
    """

    artifacts: Artifacts

    def compare(
        self,
        scenarios: Sequence[Scenario],
        *,
        baseline: Scenario | None = None,
        settings: DecisionSettings | None = None,
    ) -> Comparison:
        """Compare one to four scenarios; see :func:`engine.decision.comparison.compare_scenarios`.

        ``settings`` has metrics, guardrails, margin and groups; ``.frame()``,
        ``.guardrail_frame()`` and ``.rivals`` hold what was found.
        """
        return compare_scenarios(self.artifacts, scenarios, baseline=baseline, settings=settings)

    def record(
        self,
        found: Comparison,
        *,
        who: str = "",
        why: str = "",
        feedback: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """Return the record of a decision for the first scenario compared, ready for JSON.

        ``feedback`` asks for what feedback says of it, with settings:
        ``{"year": {"rounds": 20}, "earned": {}, "bandits": {"arms": "settings"}}``.
        """
        own = find_feedback(
            self.artifacts, found.rivals[0].scenario, found.baseline, dict(feedback or {})
        )
        return make_record(found, Author(who, why), feedback=own)

    def page(self, record: dict[str, Any]) -> str:
        """Return a record as the text of an HTML file."""
        return record_html(record)

    def check(
        self, record: dict[str, Any] | str | bytes, *, accept_unknown: bool = False
    ) -> Checked:
        """Make a record's figures again; ``.differences`` is empty where it holds.

        Raises
        ------
        RecordError
            It is no record, or one of a newer version.
        """
        given = record if isinstance(record, dict) else read_record(record)
        return check_record(given, self.artifacts, accept_unknown=accept_unknown)

    @property
    def saved(self) -> ScenarioStore:
        """The store of saved scenarios; its ``all``, ``save``, ``change`` and ``history``."""
        return ScenarioStore(store_path())
