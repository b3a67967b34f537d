"""What each business rule can reach: for whom it finds a candidate, and whose list it changes.

A rule acts on candidates alone: an item that a person has seen, or that nothing proposed for them,
cannot be pinned for them. All counts are over the people at hand, with the rules before it and the
rest of the scenario in force.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.reranking.candidate_pool import CandidatePool, pool_of
from engine.reranking.lists import Lists
from engine.reranking.plan import make_plan
from engine.reranking.rule_values import known_part
from engine.reranking.rules import RuleTables, meant_by, rule_tables
from engine.reranking.wording import of_all
from engine.scenario import Rule, Scenario

__all__ = ["RuleReport", "rule_report"]


@dataclass(frozen=True)
class RuleReport:
    """One rule, over all people.

    Attributes
    ----------
    rule : Rule
    unknown : tuple of str
        Values that no item of this data set has; the counts below are of the others.
    n_items : int
        Items that the rule means.
    n_people : int
    n_reached : int
        People with at least one of them among their candidates, hidden ones left out (but for
        the rule that hides).
    n_hidden : int
        People not reached only because a rule hides what it means.
    n_seen : int
        People not reached whose history holds one of them.
    n_changed : int
        People whose list is another without this rule alone.
    n_filled : int
        A pin: people whose whole list is what this rule pins.
    n_short : int
        A rule that hides: people whose list has places left empty.
    """

    rule: Rule
    unknown: tuple[str, ...]
    n_items: int
    n_people: int
    n_reached: int
    n_hidden: int
    n_seen: int
    n_changed: int
    n_filled: int
    n_short: int

    @property
    def text(self) -> str:
        """What is to be said beside the rule, in words; empty where it does what it says.

        Values come from the data or from a file: they are text, not markup.
        """
        return " ".join(_sentences(self))

    @property
    def share_changed(self) -> float:
        """Share of people whose list the rule changes; NaN without people."""
        return self.n_changed / self.n_people if self.n_people else np.nan


def rule_report(
    artifacts: Artifacts, scenario: Scenario, lists: Lists | None = None
) -> tuple[RuleReport, ...]:
    """Report on every rule of a scenario; everyone is re-ranked once per rule, without it.

    To look at a rule before it is in force, add it to the scenario and take the last report.
    Values that no item has raise nothing here: they are left out and named.

    Parameters
    ----------
    lists : Lists, optional
        Everyone's lists under the scenario, if they are at hand.

    Returns
    -------
    tuple of RuleReport
        In the order of ``scenario.rules``.
    """
    pool = pool_of(artifacts)
    known = [known_part(pool, rule) for rule in scenario.rules]
    in_force = tuple(rule for rule, _ in known if rule is not None)
    tables = rule_tables(pool, in_force)
    if lists is None and in_force:
        lists = make_plan(pool, replace(scenario, rules=in_force)).run()
    reports = []
    index = 0
    for given, (rule, unknown) in zip(scenario.rules, known, strict=True):
        if rule is None or lists is None:
            reports.append(RuleReport(given, unknown, 0, pool.n_users, 0, 0, 0, 0, 0, 0))
            continue
        rest = replace(scenario, rules=(*in_force[:index], *in_force[index + 1 :]))
        without = make_plan(pool, rest).run()
        found = _report(pool, rule, lists, without, tables)
        reports.append(replace(found, rule=given, unknown=unknown))
        index += 1
    return tuple(reports)


def _sentences(report: RuleReport) -> Iterator[str]:
    rule, n = report.rule, report.n_people
    if report.unknown:
        yield f"No item has the {rule.field} {', '.join(report.unknown)}."
    if report.n_items == 0:
        return
    if rule.action != "hide" and report.n_reached < n:
        yield f"Can {rule.action} for {_who(report)}: the others {_why_not(report)}."
    if not report.n_changed and n:
        yield "It changes no list."
    if report.n_filled:
        yield f"It fills the whole list of {of_all(report.n_filled, n)} of people."
    if report.n_short:
        yield f"{of_all(report.n_short, n)} of lists have places left empty."


def _who(report: RuleReport) -> str:
    if not report.n_reached:
        return "nobody"
    return f"{of_all(report.n_reached, report.n_people)} of people"


def _why_not(report: RuleReport) -> str:
    is_one = report.n_items == 1
    seen = f"have seen {'it' if is_one else 'them'} or " if report.n_seen else ""
    absent = f"{'it is no' if is_one else 'none of them is a'} candidate of theirs"
    hidden = f", or a rule hides {'it' if is_one else 'them'}" if report.n_hidden else ""
    return f"{seen}{absent}{hidden}"


def _report(
    pool: CandidatePool, rule: Rule, lists: Lists, without: Lists, tables: RuleTables
) -> RuleReport:
    meant = meant_by(pool, rule)
    is_hidden = np.isneginf(tables.boost)
    can_act = meant if rule.action == "hide" else meant & ~is_hidden
    is_reached = _has_candidate(pool, can_act)
    would_reach = _has_candidate(pool, meant)
    has_seen = _has_history(pool, meant)
    is_pinned = np.append((tables.pins >= 0) & meant, False)
    return RuleReport(
        rule=rule,
        unknown=(),
        n_items=int(meant.sum()),
        n_people=pool.n_users,
        n_reached=int(is_reached.sum()),
        n_hidden=int((would_reach & ~is_reached).sum()),
        n_seen=int((has_seen & ~is_reached).sum()),
        n_changed=int((without.items != lists.items).any(axis=1).sum()),
        n_filled=int(is_pinned[lists.items].all(axis=1).sum()) if rule.action == "pin" else 0,
        n_short=int((lists.n_missing > 0).sum()) if rule.action == "hide" else 0,
    )


def _has_candidate(pool: CandidatePool, marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return who has a marked item among their candidates, shape (n_users,)."""
    padded = np.append(marks, False)
    return np.asarray(padded[pool.candidates.view(np.int32)].any(axis=1))


def _has_history(pool: CandidatePool, marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return who has a marked item in their history, shape (n_users,)."""
    found = np.flatnonzero(marks[np.asarray(pool.history.indices)])
    rows = np.searchsorted(np.asarray(pool.history.indptr), found, side="right") - 1
    out = np.zeros(pool.n_users, dtype=bool)
    out[rows] = True
    return out
