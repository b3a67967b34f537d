"""Every word of the pages with what it means, from the registries that the program itself reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from engine.acronyms import ACRONYMS, acronyms_in
from engine.controls import FIELDS, Choice, Control
from engine.glossary_words import WORDS
from engine.metrics.rank_weights import ATTENTION_MODELS
from engine.metrics.registry import METRICS
from engine.pipeline.ranking.registry import ALONE
from engine.pipeline.retrieval.registry import SOURCES
from engine.terms import TERMS
from engine.terms.diversity_methods import DIVERSITY_METHODS

__all__ = ["KINDS", "Entry", "entries", "found", "word_of"]

KINDS = ("Words", "Controls", "Metrics", "Methods", "Attention", "Sources of candidates", "Rankers")
"""Kinds of entries, in the order in which they are shown."""


@dataclass(frozen=True)
class Entry:
    """One word: ``plain`` in a sentence or two, ``exact`` as a formula, and where it is from."""

    word: str
    kind: str
    plain: str
    exact: str = ""
    source: str = ""

    @property
    def spelled(self) -> str:
        """What the acronyms of the word stand for; empty where there are none."""
        return "; ".join(ACRONYMS[one] for one in acronyms_in(self.word))

    def holds(self, words: str) -> bool:
        """Whether every one of some words, in small letters, is in it."""
        text = " ".join((self.word, self.spelled, self.plain)).casefold()
        return all(one in text for one in words.casefold().split())


@cache
def entries() -> tuple[Entry, ...]:
    """Return every entry, by kind, then in the order of its registry."""
    return (
        *_words(),
        *_controls(),
        *_metrics(),
        *_methods(),
        *_attention(),
        *_sources(),
        *_rankers(),
    )


def found(words: str) -> tuple[Entry, ...]:
    """Return the entries that hold some words; those whose own name holds them come first."""
    known = [one for one in entries() if one.holds(words)]
    small = words.casefold().strip()
    return tuple(
        sorted(
            known, key=lambda one: (one.word.casefold() != small, small not in one.word.casefold())
        )
    )


def _words() -> Iterator[Entry]:
    for word, plain in WORDS.items():
        yield Entry(word, "Words", plain)


def word_of(control: str) -> str:
    """Return what a control is called here: with what it belongs to where others have its name.

    >>> word_of("diversity"), word_of("diversity_method")
    ('Diversity', 'Method (Diversity)')
    """
    labels = [one.label for one in FIELDS.values()]
    label = FIELDS[control].label
    if labels.count(label) == 1:
        return label
    of = next(term for term in TERMS.values() if control in {one.name for one in term.controls})
    return f"{label} ({of.weight.label})"


def _controls() -> Iterator[Entry]:
    yield _control(FIELDS["k"])
    for term in TERMS.values():
        yield from map(_control, term.controls)


def _control(control: Control) -> Entry:
    options = ""
    if isinstance(control, Choice) and any(":" in one for one in control.options.values()):
        options = " One of " + "; ".join(control.options.values()) + "."
    return Entry(word_of(control.name), "Controls", f"{control.help}{options}")


def _metrics() -> Iterator[Entry]:
    for metric in METRICS.values():
        plain = f"{metric.definition} {metric.direction_in_words}"
        exact = f"{metric.formula}. Undefined: {metric.undefined}" if metric.undefined else ""
        yield Entry(metric.label, "Metrics", plain, exact or metric.formula, metric.source)


_ADDS = "A way to measure how much an item adds to the list above it"


def _methods() -> Iterator[Entry]:
    for method in DIVERSITY_METHODS.values():
        plain = f"{_ADDS}: it {_verb(method.help)}."
        yield Entry(method.label, "Methods", plain, method.formula, method.source)


def _verb(help_: str) -> str:
    """Read the half sentence of a method after "it"."""
    return f"counts what is {help_}" if help_.startswith("unlike") else help_


def _attention() -> Iterator[Entry]:
    for model in ATTENTION_MODELS.values():
        yield Entry(
            model.label,
            "Attention",
            "How much a place of a list is looked at, by this model.",
            model.formula,
            model.source,
        )


def _sources() -> Iterator[Entry]:
    for source in SOURCES.values():
        plain = "Proposes candidates to the ranker"
        plain += ", where the fit was asked for it." if source.is_option else "."
        yield Entry(source.label, "Sources of candidates", plain)


def _rankers() -> Iterator[Entry]:
    for ranker in ALONE.values():
        plain = "Puts the candidates in order by what is known of each"
        plain += "; a network, fitted where it was asked for." if ranker.is_neural else "."
        yield Entry(ranker.label, "Rankers", plain)
