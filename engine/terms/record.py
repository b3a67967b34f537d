"""What there is to say of one term of the objective, and of one control, in one place.

A term's record is read by the scenario, the sidebar, the link, the plan, the ledger, effort and the
notes beside the sliders: none of them names a term of its own accord.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.scenario_values import brief, number, one_of, text, whole_number

if TYPE_CHECKING:
    from engine.reranking.candidate_pool import CandidatePool
    from engine.scenario import Scenario

__all__ = ["Candidates", "Choice", "Colour", "Control", "Named", "Number", "Part", "Serves", "Term"]
__all__ += ["weight"]

OWNER = "the scenario"

Colour = Literal[
    "blue",
    "brown",
    "green",
    "grey",
    "indigo",
    "moss",
    "olive",
    "orange",
    "purple",
    "rose",
    "steel",
    "teal",
    "vermilion",
    "violet",
]
Serves = Literal["people", "items", "objectives"]
"""Whom a term is for: who gets the lists, what they are made of, or an aim beside being liked."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Number:
    """A number with its range.

    ``key`` names it in a link. ``is_whole`` asks for an integer.
    """

    name: str
    key: str
    label: str
    low: float
    high: float
    default: float
    step: float
    unit: str
    help: str
    is_whole: bool = False

    def check(self, value: Any) -> float | int:
        """Return ``value`` as a number of this control, or raise :class:`ScenarioError`."""
        check = whole_number if self.is_whole else number
        return check(OWNER, self.name, value, self.low, self.high)


@dataclass(frozen=True)
class Choice:
    """One of a few words. ``options`` maps the stored word to its label."""

    name: str
    key: str
    label: str
    options: dict[str, str]
    default: str
    help: str

    def check(self, value: Any) -> str:
        """Return ``value``, or raise :class:`ScenarioError` if it is not an option."""
        return one_of(OWNER, self.name, value, tuple(self.options))


@dataclass(frozen=True)
class Named:
    """Something that a data set names: a group of items, an attribute of people.

    Only a data set can say whether it has it. ``expected`` is what a refusal says may come;
    a value other than the default begins with one of ``prefixes``, where there are any.
    """

    name: str
    key: str
    label: str
    default: str | None
    help: str
    expected: str
    prefixes: tuple[str, ...] = ()

    def check(self, value: Any) -> str | None:
        """Return ``value``, or raise :class:`ScenarioError` if no data set could have it."""
        if value is None and self.default is None:
            return None
        found = text(OWNER, self.name, value, self.expected + "," * bool(self.prefixes))
        if self.prefixes and found != self.default and not found.startswith(self.prefixes):
            raise ScenarioError(
                f"`{self.name}` of {OWNER} must be {self.expected}; got {brief(value)}."
            )
        return found


Control = Number | Choice | Named


def weight(name: str, key: str, label: str, help_: str) -> Number:
    """Return the control of a term's weight, from 0 (off) to 1."""
    return Number(name, key, label, 0.0, 1.0, 0.0, 0.05, "weight, 0 = off", help_)


class Candidates(Protocol):
    """One person's candidates, as terms see them that depend on the list so far."""

    @property
    def scenario(self) -> Scenario:
        """The scenario that lists are built by."""

    @property
    def likeness(self) -> Floats:
        """Likeness of the candidates, shape (n, n)."""

    @property
    def genre_shares(self) -> Floats:
        """p(g|i) of the candidates, shape (n, n_genres)."""

    @property
    def profile(self) -> Floats:
        """p(g|u), shape (n_genres,)."""

    @property
    def window(self) -> int:
        """How many of the last choices count; at least the list's length for all of them."""


@dataclass(frozen=True)
class Part:
    """What an item's move can be due to: its name in the ledger, its word and its colour."""

    name: str
    label: str
    colour: Colour


@dataclass(frozen=True)
class Term:
    """One term of the sum that lists are built by, or a weight that acts upon the others.

    Attributes
    ----------
    weight : Number
        The slider. Its name is the term's.
    serves : {"people", "items", "objectives"}
        Under whose heading the slider stands.
    finer : tuple of Control
        What only this term reads, in the order of the sidebar.
    part : Part, optional
        In the ledger; ``None`` for what is no term of the sum.
    has_effort : bool
        Whether the weight costs relevance by itself.
    static : callable, optional
        (audience, scenario) → what is weighted, per item, in [-1, 1]: a term that does not depend
        on the list. The kernel gets it as part of one lift.
    objective : str
        Name of the objective whose scores are weighted, of each candidate for each person, in
        [0, 1]; empty for all other terms.
    dynamic : callable, optional
        (candidates, chosen) → what is weighted, per candidate, in float64 from the definition: the
        twin of what the kernel computes for a term that depends on the list so far.
    why_inert : callable, optional
        (audience, scenario) → why the weight can do nothing here; empty where it can.
    is_in_sum : callable
        Whether the weight, under a scenario, multiplies a term. Where it does not, the term is
        solved for or is a constraint.
    """

    weight: Number
    serves: Serves
    finer: tuple[Control, ...] = ()
    part: Part | None = None
    has_effort: bool = True
    static: Callable[[CandidatePool, Scenario], Floats] | None = None
    objective: str = ""
    dynamic: Callable[[Candidates, Sequence[int]], Floats] | None = None
    why_inert: Callable[[CandidatePool, Scenario], str] | None = None
    is_in_sum: Callable[[Scenario], bool] = lambda _: True

    @property
    def name(self) -> str:
        """Name of the weight in a scenario."""
        return self.weight.name

    @property
    def controls(self) -> tuple[Control, ...]:
        """The weight and what only this term reads."""
        return self.weight, *self.finer
