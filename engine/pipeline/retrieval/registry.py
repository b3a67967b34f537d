"""Every source of candidates and every model behind them, by name.

A new source is a module beside this one with ``MODELS`` and ``SOURCES``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.pipeline.neural.extra import MISSING, has_torch, need_torch
from engine.pipeline.registered import by_name, registered
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.sentences import worth_of
from engine.pipeline.retrieval.source import ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.pipeline.text.extra import TEXT_MISSING, has_sentences, need_sentences

__all__ = [
    "MODELS",
    "MOST_PROPOSING",
    "SOURCES",
    "asked_sources",
    "depths_of",
    "learnable",
    "left_out",
    "not_installed",
    "refuse_unlearnable",
    "usable_sources",
]

FIRST = ("als", "ease", "directed_ridge", "transitions", "content", "popularity")
"""Modules in the order in which fits have them; others follow."""

_MODULES = registered(__name__, "SOURCES", FIRST)
MODELS: Mapping[str, ModelRecord] = by_name(one for module in _MODULES for one in module.MODELS)
SOURCES: Mapping[str, SourceRecord] = by_name(one for module in _MODULES for one in module.SOURCES)

MOST_PROPOSING = 16
"""As many sources can propose: each has a bit of ``source_masks``."""


def asked_sources(options: Sequence[str] = ()) -> dict[str, SourceRecord]:
    """Return sources by name: all but the options, and those options that are named.

    Raises
    ------
    ValueError
        A name is none of an optional source.
    """
    known = [name for name, record in SOURCES.items() if record.is_option]
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise ValueError(
            f"{unknown[0]!r:.60} is no optional source of candidates; there are {', '.join(known)}."
        )
    return {
        name: record for name, record in SOURCES.items() if not record.is_option or name in options
    }


def depths_of(config: SourceConfig) -> dict[str, int]:
    """Return what a fit asks for: source → how many items it proposes to each person.

    Raises
    ------
    ValueError
        A name is none of a source, or more propose than can.
    """
    asked = asked_sources(config.options)
    for name in (*config.dropped, *(name for name, _ in config.depths)):
        if name not in asked:
            raise ValueError(
                f"{name!r:.60} is no source of this fit; there are {', '.join(asked)}."
            )
    usual = {name: one.depth for name, one in asked.items() if name not in config.dropped}
    depths = {name: dict(config.depths).get(name, depth) for name, depth in usual.items()}
    n_proposing = sum(depth > 0 for depth in depths.values())
    if n_proposing > MOST_PROPOSING:
        raise ValueError(
            f"At most {MOST_PROPOSING} sources can propose; {n_proposing} were asked for."
        )
    return depths


def refuse_unlearnable(options: Sequence[str]) -> None:
    """Refuse optional sources that cannot be learned on this machine.

    Raises
    ------
    DataError
        One is neural, and PyTorch is not here; or made of texts without the sentence model.
    """
    for name in options:
        if name in SOURCES and SOURCES[name].is_neural:
            need_torch(f"The source {name}")
        if name in SOURCES and SOURCES[name].is_text:
            need_sentences(f"The source {name}")


def not_installed(name: str) -> str:
    """Say which extra a source is made with that is not here; empty where it can be made."""
    if SOURCES[name].is_text and not has_sentences():
        return TEXT_MISSING
    return MISSING if SOURCES[name].is_neural and not has_torch() else ""


def learnable(names: Sequence[str] = tuple(SOURCES)) -> tuple[str, ...]:
    """Return those of some sources that can be learned on this machine."""
    return tuple(name for name in names if not not_installed(name))


def left_out(
    audience: Histories, catalogue: Catalogue, options: Sequence[str] = ()
) -> dict[str, str]:
    """Name the sources that are of no use here, with the reason."""
    found = usable_sources(audience, catalogue, options)
    return {name: reason for name, reason in found.items() if reason}


def usable_sources(
    audience: Histories, catalogue: Catalogue, options: Sequence[str] = ()
) -> dict[str, str]:
    """Name every source asked for with the reason why it is of no use here; empty where it is.

    Without anything that was seen and not liked, "seen" sources would repeat those of the liked.
    """
    asked = asked_sources(options)
    needed = {need for record in asked.values() for need in record.needs}
    lacking = {
        "not liked": ""
        if not audience.is_liked.all()
        else "nothing was seen without being liked, so it would repeat another source",
        "words": ""
        if catalogue.genre_names or any(catalogue.texts)
        else "items have neither genres nor words",
        "text": worth_of(catalogue).lacking if "text" in needed else "",
        "order": ""
        if audience.has_order
        else "all interactions have one moment: there is no order",
        "again": "" if audience.count is not None else "what was met before is not offered again",
    }
    return {
        name: "; ".join(lacking[need] for need in record.needs if lacking[need])
        for name, record in asked.items()
    }
