"""A comparison in sentences: which scenarios pass, what they change, who would have to be asked."""

from __future__ import annotations

from engine.data.wording import counted
from engine.decision.answers import Answer
from engine.decision.comparison import Comparison, Rival
from engine.formats import change, style_of
from engine.metrics.registry import METRICS
from engine.scenario import Scenario

__all__ = ["baseline_words", "comparison_lines", "verdict_sentence"]


def baseline_words(baseline: Scenario) -> str:
    """Name what changes are taken from."""
    return "the ranker's order" if baseline.is_neutral else baseline.name or "the baseline"


def _guardrails(rival: Rival) -> str:
    """Say whether a scenario keeps its guardrails, and what is in the way.

    What fails is named; of what cannot be told, the first.
    """
    n = len(rival.guardrails)
    if not n:
        return "no guardrails were asked for"
    by_answer = {
        answer: [one for one in rival.guardrails if one.answer is answer] for answer in Answer
    }
    if rival.answer is Answer.PASS:
        all_of_them = {1: "its guardrail", 2: "both guardrails"}.get(n, f"all {n} guardrails")
        return f"passes {all_of_them}"
    if rival.answer is Answer.FAIL:
        failed = by_answer[Answer.FAIL]
        return f"fails {len(failed)} of {counted(n, 'guardrail')} ({failed[0].words}, " \
               f"{failed[0].reached})"  # fmt: skip
    left = by_answer[Answer.OPEN]
    return (
        f"passes {len(by_answer[Answer.PASS])} of {counted(n, 'guardrail')}; for the others the "
        f"data cannot tell (first: {left[0].words}, {left[0].reached or 'undefined'})"
    )


def _changes(rival: Rival) -> str:
    """Say what is clearly changed, or that nothing is."""
    clear = [
        f"{METRICS[name].label} {change(one.difference, one.before, style_of(METRICS[name]))} "
        f"{one.verdict}"
        for name, one in rival.figures.items()
        if one.verdict.is_clear
    ]
    return f"clear: {', '.join(clear)}" if clear else "no clear change in any figure shown"


def verdict_sentence(rival: Rival) -> str:
    """Say both in one sentence."""
    return f"{rival.name} {_guardrails(rival)}; {_changes(rival)}."


def comparison_lines(found: Comparison) -> list[str]:
    """Say the comparison: a sentence a scenario, then how it was judged."""
    policy = found.settings.policy
    return [
        *(verdict_sentence(rival) for rival in found.rivals),
        f"Against {baseline_words(found.baseline)}, over the same "
        f"{counted(found.n_people, 'person')}. {policy.in_words(found.n_judged)} Guardrails and "
        f"margins are shown at {100 * found.settings.confidence:.4g} % confidence, all together.",
        *found.notes,
    ]
