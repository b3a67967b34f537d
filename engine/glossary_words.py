"""Words that no registry defines: those of lists, of groups, and of what is sure."""

from __future__ import annotations

__all__ = ["WORDS"]

WORDS: dict[str, str] = {
    "Baseline": "What a setting is held against: the ranker's order, unless another scenario is "
    "chosen under vs. Lists are as long as the setting's.",
    "Candidates": "The items that the sources propose for a person, and that the ranker orders. "
    "Re-ranking chooses among them and adds none.",
    "Clear": "Beyond what chance makes, after correction for all comparisons shown together.",
    "Cost of a control": "What lists lose by one control alone, beside the others: a share of the "
    "ranker's score, and the change of NDCG over the same people.",
    "Effort": "The share of the ranker's score that a control costs. The same effort means the "
    "same in every control and method, where the same weight does not.",
    "Everyone else": "All people who are not in a group: what each group is held against unless "
    "another reference is chosen.",
    "Exposure": "The attention that an item gets over all lists: each place counts as much as the "
    "attention model says it is looked at.",
    "False-discovery rate": "Of the findings named, the share that chance alone is expected to "
    "have made.",
    "Held-out likes": "What a person liked later, kept from everything that was learned: relevance "
    "is measured by them.",
    "Interval": "The range that would hold the true figure 95 times in 100, for other people of "
    "the same kind. A change has its own interval, over the same people.",
    "Long tail": "All items but the few that make up four fifths of what people chose.",
    "Neutral": "All weights at zero, no caps, no rules: the ranker's order, unchanged.",
    "No clear change": "The interval of the change holds zero: it may have risen, fallen or "
    "stayed. That is no proof that nothing changed.",
    "Other aims": "What people do with an item beside liking it: finish, buy or share it, or come "
    "back to it. Where a log says so a fit learns a ranker of each, and a weight mixes it in.",
    "Paired": "Each person is compared with the same person in the baseline, so that differences "
    "between people do not blur the change.",
    "Points (pts)": "The difference of two percentages: from 20 % to 23 % is 3 points, and 15 % of "
    "what it was.",
    "Ranker score": "How strongly the ranker puts an item forward for a person, scaled so that "
    "their candidates span 0 to 1. It is a forecast; what people liked is relevance.",
    "Relevance": "Whether a person liked an item in what was held out. Only that is called "
    "relevance here.",
    "Scenario": "Everything that the sidebar sets: weights, methods, caps, rules, list length.",
    "Short head": "The few items that make up four fifths of what people chose; all others are the "
    "long tail.",
    "Stage": "A step on the way to a list: catalogue, history, retrieved, filtered, ranked, "
    "re-ranked.",
    "Suppressed": "A group that is not shown because it has too few people, or because a smaller "
    "one could be worked out from it.",
}
"""Word → what it means, in a sentence or two."""
