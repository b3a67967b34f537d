"""The headline figures: relevance, discovery, fairness, exposure."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.metric_cards import Card, CardPlaces, card_of, card_places
from engine.data.wording import counted, verb
from engine.formats import PLAIN, Style, change, number
from engine.headline import Headline
from engine.metrics.statistics.policy import POLICY
from engine.metrics.statistics.verdict import Verdict, Word

__all__ = ["CARDS", "each_group_in_words", "headline_cards", "headline_places"]

WORST, GAP = "worst group", "gap"
CARDS = {
    "Relevance": {"ndcg": "NDCG@{k}", "recall": "Recall@{k}"},
    "Discovery": {"ild": "Diversity", "fresh_share": "Fresh share"},
    "Fairness, by {attribute}": {WORST: "Worst group", GAP: "Gap"},
    "Exposure": {"aplt": "Long tail", "coverage": "Coverage"},
}
"""Heading → card → its name. The cards are the metrics of ``HEADLINE``, and two of groups."""

MOST_NAMED = 3
"""Groups whose change a tooltip names."""


def headline_places() -> list[CardPlaces]:
    """Make room for the cards."""
    return card_places([len(cards) for cards in CARDS.values()])


def headline_cards(headline: Headline, k: int, attribute: str) -> list[tuple[str, list[Card]]]:
    """Return the cards in their groups; ``headline`` is that of the groups by ``attribute``."""
    of_groups = {WORST: _worst_card(headline, k), GAP: _gap_card(headline, k)}
    return [
        (
            heading.format(attribute=attribute),
            [
                of_groups.get(name)
                or card_of(headline.figures[name], label.format(k=k), n_judged=headline.n_judged)
                for name, label in cards.items()
            ],
        )
        for heading, cards in CARDS.items()
    ]


def _worst_card(headline: Headline, k: int) -> Card:
    figure = headline.worst_figure
    if headline.worst is None:
        few = f"No group has {counted(POLICY.least_n, 'person')}."
        return Card("Worst group", figure, PLAIN, few)
    labels = headline.groups.labels
    name, changes = labels[headline.worst], each_group_in_words(labels, headline.each)
    tied = (
        f"{counted(headline.n_worst, 'group')} stand equally low: it is the one with most people, "
        "or of as many the first by name. "
        if headline.n_worst > 1
        else ""
    )
    note = (
        f"NDCG@{k} of the group served worst now: {name}. {tied}Being chosen "
        "for standing lowest makes its change look worse than it is; the interval allows for the "
        f"choice among {counted(headline.n_groups, 'group')}. {changes}"
    )
    return Card("Worst group", figure, PLAIN, note, n_judged=headline.n_judged)


def each_group_in_words(
    labels: Sequence[str], verdicts: Sequence[Verdict], style: Style = PLAIN
) -> str:
    """Say which groups' own paired changes are clear, corrected over the groups."""
    pairs = list(zip(labels, verdicts, strict=True))
    clear = [(label, verdict) for label, verdict in pairs if verdict.is_clear]
    judged = [verdict for _, verdict in pairs if verdict.word is not Word.TOO_FEW_PEOPLE]
    if judged and all(verdict.word is Word.AS_BEFORE for verdict in judged):
        return "Every group is as before."
    total = counted(len(judged), "group")
    if not clear:
        return f"Of {total}, none changes clearly, each against itself and all considered."
    clear.sort(key=lambda one: -abs(one[1].value))
    named = "; ".join(
        f"{label} {change(verdict.value, verdict.before, style, (verdict.low, verdict.high))}"
        for label, verdict in clear[:MOST_NAMED]
    )
    more = len(clear) - MOST_NAMED
    rest = f"; and {more} more" if more > 0 else ""
    moves = verb(len(clear), "changes")
    return f"Of {total}, {len(clear)} {moves} clearly, all considered: {named}{rest}."


def _gap_card(headline: Headline, k: int) -> Card:
    gap = headline.gap
    if gap is None:
        few = f"Fewer than two groups have {counted(POLICY.least_n, 'person')}."
        return Card("Gap", headline.gap_figure, PLAIN, few)
    limit = number(gap.chance)
    left_out = sum(1 for n in headline.groups.now.n if n > 0) - gap.n_groups
    small = f" {counted(left_out, 'smaller group')} {verb(left_out)} left out." if left_out else ""
    note = (
        f"NDCG@{k} of the best-served group minus that of the worst-served, of "
        f"{counted(gap.n_groups, 'group')} of at least {POLICY.least_n} people; before, it was "
        f"{number(gap.before)}. Chance alone makes a gap: dealing these people, with these lists, "
        f"to groups at random, 95 % of gaps stay below {limit}.{small}"
    )
    return Card("Gap", headline.gap_figure, PLAIN, note, n_judged=headline.n_judged)
