"""Re-ranking: from the ranker's candidates to the lists that people see, for everyone at once.

The list of a person is built greedily: each place goes to the candidate with the highest

    relevance + w_div·D(i|S) + w_fresh·F(i) + w_fair·E(i) + w_cal·C(i|S) - w_pop·P(i) + boost(i)

subject to caps and rules, S being the list so far. Relevance is the ranker's score scaled per
person so that their candidates span 0 to 1 (all equal: 0); the other terms lie in [0, 1], but for
DPP's logarithm. Weights are taken as they stand. Ties go to the candidate that the ranker put
first, so that all weights at zero give the ranker's order bit for bit.
"""

from __future__ import annotations

from engine.reranking.cap_report import CapReport, cap_report
from engine.reranking.change_search import Change
from engine.reranking.control_notes import ControlNote, control_notes
from engine.reranking.counterfactual import counterfactual
from engine.reranking.effort import EffortCurve, EffortSetting, effective_weights, effort_curve
from engine.reranking.inert import inert_in_data, inert_reasons
from engine.reranking.item_fairness import ITEM_FAIRNESS
from engine.reranking.item_reach import ItemReach, item_reach
from engine.reranking.ledger import PARTS, CapBlock, Ledger, LedgerEntry, explain_list
from engine.reranking.lists import Lists, neutral_lists, relevance_kept
from engine.reranking.plan import RerankPlan, prepare, rerank
from engine.reranking.rule_conflicts import RuleConflict, rule_conflicts
from engine.reranking.rule_report import RuleReport, rule_report
from engine.reranking.rule_values import closest_values, unknown_values

__all__ = [
    "ITEM_FAIRNESS",
    "PARTS",
    "CapBlock",
    "CapReport",
    "Change",
    "ControlNote",
    "EffortCurve",
    "EffortSetting",
    "ItemReach",
    "Ledger",
    "LedgerEntry",
    "Lists",
    "RerankPlan",
    "RuleConflict",
    "RuleReport",
    "cap_report",
    "closest_values",
    "control_notes",
    "counterfactual",
    "effective_weights",
    "effort_curve",
    "explain_list",
    "inert_in_data",
    "inert_reasons",
    "item_reach",
    "neutral_lists",
    "prepare",
    "relevance_kept",
    "rerank",
    "rule_conflicts",
    "rule_report",
    "unknown_values",
]
