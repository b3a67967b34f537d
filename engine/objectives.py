"""What people do with an item beside liking it, for which a fit can learn a ranker of its own.

One record a kind. Data say it by the words of their ``event`` column, by a value (a fit's
``--finished-from``), or, for coming back, by meetings of one person and item on different days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.importing.event_words import strength_of

if TYPE_CHECKING:
    from engine.terms.record import Colour

__all__ = ["CAME_BACK", "FINISHED", "LEAST_LABELS", "LEAST_PEOPLE", "OBJECTIVES", "Objective"]
__all__ += ["objectives_of_word"]

FINISHED, CAME_BACK = "finished", "came_back"

LEAST_LABELS, LEAST_PEOPLE = 100, 60
"""Events among candidates in the labels' time, and people with one, that it takes to learn."""


@dataclass(frozen=True)
class Objective:
    """One kind.

    Attributes
    ----------
    name : str
        Of the weight in a scenario.
    key : str
        Of the weight in a link.
    label : str
        Of the slider: ``Finished``.
    verb, doing : str
        What a person did: ``finished``; and what lifts an item: ``finishing``.
    words : frozenset of str
        Of an event, in small letters without gaps.
    colour : str
        In the ledger.
    """

    name: str
    key: str
    label: str
    verb: str
    doing: str
    words: frozenset[str]
    colour: Colour

    @property
    def missing(self) -> str:
        """Why there is none, where the data lack it."""
        if self.name == CAME_BACK:
            return "Nobody is in the log with one item on two different days."
        return f"The log has no event that says what people {self.verb}."


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OBJECTIVES: dict[str, Objective] = {
    one.name: one
    for one in (
        Objective(
            FINISHED,
            "finish",
            "Finished",
            "finished",
            "finishing",
            _words("finish finished complete completed watchedtoend playedtoend"),
            "teal",
        ),
        Objective(
            "bought",
            "buy",
            "Bought",
            "bought or rented",
            "buying",
            _words(
                "purchase purchased transaction buy bought order ordered sale sold checkout paid "
                "rent rented borrow borrowed subscribe"
            ),
            "moss",
        ),
        Objective(
            "shared",
            "share",
            "Shared",
            "shared or recommended",
            "sharing",
            _words("share shared recommend recommended forward forwarded invite"),
            "rose",
        ),
        Objective(
            CAME_BACK,
            "back",
            "Came back to",
            "came back to",
            "coming back",
            frozenset(),
            "indigo",
        ),
    )
}
"""Name → kind, in the order of the sidebar."""


def objectives_of_word(word: str) -> tuple[str, ...]:
    """Return the kinds that an event's word says; none where it takes something back.

    >>> objectives_of_word("Order Completed"), objectives_of_word("share")
    (('bought',), ('shared',))
    >>> objectives_of_word("order_cancelled"), objectives_of_word("view")
    ((), ())
    """
    if (strength_of(word) or 0.0) <= 0.0:
        return ()
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", word).casefold()
    parts = {re.sub(r"[\W_]", "", word.casefold()), *re.split(r"[\W_]+", apart)}
    found = [name for name, one in OBJECTIVES.items() if parts & one.words]
    # A completed order is bought; that nobody has played it to its end goes without saying.
    return tuple(name for name in found if name != FINISHED or len(found) == 1)
