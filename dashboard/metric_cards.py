"""Headline figures: value, change from the baseline, interval, and the verdict in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Literal, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.glossary_link import in_glossary, spelled_out, with_glossary
from dashboard.palette import VERDICT_COLOURS
from dashboard.plain_text import as_markdown
from engine.acronyms import spelled
from engine.data.wording import counted
from engine.formats import (
    PLAIN,
    Style,
    change,
    confidence,
    count,
    interval,
    number,
    of_baseline,
    signed,
    style_of,
)
from engine.metrics.figures import Figure
from engine.metrics.registry import METRICS
from engine.metrics.targets import TARGETS

__all__ = ["Card", "CardPlaces", "below", "card_of", "card_places", "card_row", "change_in_words"]

CARD_WIDTH = 240
"""Pixels that a group of cards needs; narrower pages show fewer groups in a row."""

FIGURE_WIDTH = 90
"""Pixels that one figure of a group needs: two stand side by side on a phone, too."""

PAST = "past the target"

QUESTIONS = {
    "Relevance": "Is it what they like?",
    "Discovery": "Is there variety?",
    "Fairness": "Who pays?",
    "Exposure": "Which items are seen?",
    "Concentration": "On how few items?",
    "Breadth": "How many are seen?",
    "Popularity": "Of which kind?",
    "Against a target": "In proportion?",
}
"""Heading, up to its comma → the question that its figures answer, short enough for one line."""

PAIR = 2
"""Four groups wrap to two rows of two, never to three and one."""


@dataclass(frozen=True)
class Card:
    """One headline figure, ready to draw.

    ``note`` stands in its tooltip; ``n_judged`` is how many changes were corrected together;
    ``word`` is what the glossary has it under.
    """

    label: str
    figure: Figure
    style: Style = PLAIN
    note: str = ""
    n_judged: int = 0
    word: str = ""


class CardPlaces(NamedTuple):
    """Where one group of cards goes."""

    heading: DeltaGenerator
    cards: list[DeltaGenerator]


def card_of(
    figure: Figure, label: str = "", *, n_judged: int = 0, target: str = "catalogue"
) -> Card:
    """Return the card of a figure, in the words of the metric registry.

    ``n_judged`` is how many changes were corrected together, where that is to be said; ``target``
    is what the shares of item groups are held against.
    """
    metric = METRICS[figure.name]
    style = style_of(metric)
    aim = ""
    if isfinite(figure.target):
        given = f", its {TARGETS[target]}" if isnan(metric.target) else ""
        aim = f" The target is {number(figure.target, style)}{given}."
    note = (
        f"{spelled_out(metric.label)}{metric.definition} {metric.direction_in_words}{aim} "
        f"Source: {spelled(metric.source)}."
    )
    return Card(label or metric.label, figure, style, note, n_judged=n_judged, word=metric.label)


def change_in_words(card: Card) -> str:
    r"""Say the change in per cent of the baseline; inside the noise it is none at all.

    >>> from engine.metrics.statistics.verdict import Word
    >>> still = ("ndcg", 0.1, 0.1, 0.1, 9, 0)
    >>> worse = Figure(*still, -0.02, -0.03, -0.01, 0.95, Word.WORSE, before=0.12)
    >>> change_in_words(Card("A", worse)), below(Card("A", worse))
    ('−16.7 % worse', '0.100 to 0.100  \nchange −0.020')
    >>> change_in_words(Card("A", Figure(*still, -0.02, -0.05, 0.01, 0.95, Word.NOT_CLEAR)))
    'no clear change'
    """
    figure = card.figure
    if not figure.verdict.is_clear:
        return str(figure.verdict)
    return f"{_share(figure) or signed(figure.difference, card.style)} {figure.verdict}"


def _share(figure: Figure) -> str:
    return of_baseline(figure.difference, figure.before)


def below(card: Card) -> str:
    """Say what stands under the change: the value's interval, a target passed; then the change.

    It is in points where it is clear; where it is not, what the value was stands there, so that
    cards side by side have as many lines.
    """
    figure = card.figure
    if isnan(figure.value):
        return "undefined"
    past = PAST if figure.overshoot else ""
    value = " · ".join(filter(None, [interval(figure.low, figure.high, card.style), past]))
    if isnan(figure.before):
        return value
    is_said = figure.verdict.is_clear and _share(figure)
    points = f"change {signed(figure.difference, card.style)}"
    return f"{value}  \n{points if is_said else f'was {number(figure.before, card.style)}'}"


def _arrow(figure: Figure) -> Literal["up", "down", "off"]:
    if not figure.verdict.is_clear:
        return "off"
    return "up" if figure.difference > 0 else "down"


def _tooltip(card: Card) -> str:
    figure = card.figure
    lines = [as_markdown(card.note)]
    if isfinite(figure.difference_low):
        ends = interval(figure.difference_low, figure.difference_high, card.style)
        together = f", corrected for {card.n_judged} changes" if card.n_judged > 1 else ""
        lines.append(
            f"Change {change(figure.difference, figure.before, card.style)}, "
            f"{confidence(figure.confidence)} interval {ends}{together}, paired over the same "
            f"people. Before: {number(figure.before, card.style)}. {figure.verdict.capitalize()}."
        )
    elif figure.change_reason and figure.change_reason != figure.reason:
        lines.append(f"Change: {figure.verdict}. {as_markdown(figure.change_reason)}")
    if figure.overshoot:
        lines.append(as_markdown(f"{figure.overshoot[:1].upper()}{figure.overshoot[1:]}."))
    undefined = f"; undefined for {count(figure.n_undefined)}" if figure.n_undefined else ""
    n = f"n = {counted(figure.n, 'person')}{undefined}."
    lines.append(f"{n} {as_markdown(figure.reason)}")
    lines.append(in_glossary(card.word) if card.word else "")
    return with_glossary("\n\n".join(filter(None, lines)))


def card_places(sizes: Sequence[int]) -> list[CardPlaces]:
    """Make room for groups of so many cards, in a row that wraps where the page is narrow.

    Made outside of the live part, the room is not sent anew at each move.
    """
    places = []
    for size, cell in zip(sizes, _cells(len(sizes)), strict=True):
        with cell.container(border=True, gap=None, height="stretch"):
            heading = st.container()
            abreast = st.grid(size, min_column_width=FIGURE_WIDTH, gap="xsmall")
            cards = [abreast.container(gap=None) for _ in range(size)]
        places.append(CardPlaces(heading, cards))
    return places


def _cells(n_groups: int) -> list[DeltaGenerator]:
    """Return where each group goes: one grid or, of an even number, a grid of pairs."""
    if n_groups % PAIR:
        return [_grid(n_groups)] * n_groups
    pairs = _grid(n_groups // PAIR)
    cells = []
    for _ in range(n_groups // PAIR):
        with pairs.container(gap=None):
            cells += [_grid(PAIR)] * PAIR
    return cells


def _grid(n_columns: int) -> DeltaGenerator:
    return st.grid(n_columns, min_column_width=CARD_WIDTH, gap="xsmall")


def card_row(
    groups: Sequence[tuple[str, Sequence[Card]]], places: Sequence[CardPlaces] | None = None
) -> None:
    """Draw cards, grouped under small headings, into ``places`` or into new ones."""
    if places is None:
        places = card_places([len(cards) for _, cards in groups])
    for (heading, cards), place in zip(groups, places, strict=True):
        place.heading.caption(_with_question(heading))
        for card, slot in zip(cards, place.cards, strict=True):
            with slot:
                _draw(card)


def _with_question(heading: str) -> str:
    """Return a heading in markdown, with the question that its figures answer."""
    question = QUESTIONS.get(heading.partition(",")[0])
    asked = f" · {question}" if question else ""
    return f"**{as_markdown(heading)}**{asked}"


def _draw(card: Card) -> None:
    figure = card.figure
    st.metric(
        card.label,
        number(figure.value, card.style),
        change_in_words(card),
        delta_color=VERDICT_COLOURS[figure.verdict],
        delta_arrow=_arrow(figure),
        help=_tooltip(card),
    )
    st.caption(below(card))
