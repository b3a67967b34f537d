"""The options of a fit that the commands share: split, sources, rankers, and what is not read."""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.filter_options import (
    add_filter_options,
    filter_arguments,
    filter_words,
    filters_asked,
)
from engine.commands.option_texts import quota_of
from engine.data.naming import fit_name, joined, listed
from engine.errors import DataError

if TYPE_CHECKING:
    from engine.fit_config import FitConfig

__all__ = ["add_fit_options", "arguments_of", "config_of", "kept_as"]

SPLIT_CHOICES = ("per-person", "one-moment")
REPEAT_CHOICES = ("keep", "once")


def add_fit_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of a fit."""
    _add_model_options(parser)
    add_filter_options(parser)


def _add_model_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--split",
        choices=SPLIT_CHOICES,
        default=SPLIT_CHOICES[0],
        help="each person's last fifth of likes is the test (default), or everything after one "
        "moment for everybody",
    )
    parser.add_argument(
        "--repeats",
        choices=REPEAT_CHOICES,
        help="keep: what was met before may be recommended again (default: as imported)",
    )
    parser.add_argument(
        "--without",
        default="",
        metavar="NAMES",
        help="attributes of people that the ranker may not read, with commas between, "
        "one that holds a comma in double quotes; people-attributes stands for all",
    )
    parser.add_argument(
        "--with",
        dest="with_sources",
        default="",
        metavar="SOURCES",
        help="optional sources of candidates to fit as well, with commas between",
    )
    parser.add_argument(
        "--rankers",
        default="",
        metavar="NAMES",
        help="rankers to compare, with commas between; one alone is not compared",
    )
    parser.add_argument(
        "--second",
        default="",
        metavar="NAME",
        help="a second stage behind the ranker (prm, prm_personal, dlcm, trees); it serves where "
        "it does better on people whose labels it did not see",
    )
    parser.add_argument(
        "--for-groups",
        default="",
        metavar="ATTRIBUTE",
        help="an attribute of people that the ranker may read: groups of it that are served worse "
        "get a ranker of their own where that measures clearly better; it treats people by that "
        "attribute, so be sure that you may use it",
    )
    parser.add_argument(
        "--features",
        default="",
        metavar="FAMILIES",
        help="families of features that the ranker is given, with commas between (default: all "
        "but moment and providers)",
    )
    parser.add_argument(
        "--stay",
        type=float,
        default=0.0,
        metavar="WEIGHT",
        help="how much the last fit's ranker counts against the labels, from 0 (default) to .95: "
        "lists change less",
    )
    parser.add_argument(
        "--finished-from",
        type=float,
        metavar="VALUE",
        help="an interaction with at least this value counts as finished, whatever its event says: "
        "for a value that is the share watched, or a rating that stands for more than a like",
    )
    parser.add_argument(
        "--quotas",
        default="",
        metavar="SOURCE:PLACES",
        help="places among the candidates that sources keep for their best, with commas between",
    )
    parser.add_argument(
        "--stages",
        type=Path,
        metavar="FILE",
        help="JSON with sources (on, off or how deep), rankers, the second stage, for_groups and "
        "settings",
    )


def config_of(arguments: argparse.Namespace, *, seed: int = 0) -> FitConfig:
    """Return the settings that the arguments ask for.

    Raises
    ------
    DataError
        A source or ranker is not known, or the quotas cannot be kept.
    """
    from engine.fit_config import FitConfig
    from engine.pipeline.ranking.registry import ALONE
    from engine.pipeline.retrieval.source_config import SourceConfig

    rankers = listed(arguments.rankers) or FitConfig.rankers
    unknown = [name for name in rankers if name not in ALONE]
    if unknown:
        raise DataError(
            f"--rankers names {unknown[0]!r:.60}, which is no ranker; there are {', '.join(ALONE)}."
        )
    quotas = tuple(quota_of(text) for text in listed(arguments.quotas))
    try:
        config = FitConfig(
            seed=seed,
            split=arguments.split.replace("-", " "),
            again=None if arguments.repeats is None else arguments.repeats == "keep",
            without=listed(arguments.without),
            rankers=rankers,
            second=arguments.second.strip(),
            for_groups=arguments.for_groups.strip(),
            features=listed(arguments.features) or FitConfig.features,
            stay=arguments.stay,
            finished_from=arguments.finished_from,
            sources=SourceConfig(options=listed(arguments.with_sources), quotas=quotas),
            filters=filters_asked(arguments),
        )
    except ValueError as error:
        raise DataError(str(error)) from error
    if arguments.stages is not None:
        from engine.stages_file import read_stages

        config = read_stages(arguments.stages, config)
    return config


def arguments_of(config: FitConfig, *, blocked: Path | None = None) -> tuple[str, ...]:
    """Return the arguments from which :func:`config_of` makes these settings.

    Parameters
    ----------
    config : FitConfig
    blocked : Path, optional
        File with the ids that ``config`` has blocked, one a line; needed where it has any.
    """
    given = {
        "--split": config.split.replace(" ", "-"),
        "--without": joined(config.without),
        "--with": joined(config.sources.options),
        "--rankers": joined(config.rankers),
        "--second": config.second,
        "--for-groups": config.for_groups,
        "--features": joined(config.features),
        "--stay": repr(config.stay),
        "--quotas": joined([f"{name}:{places}" for name, places in config.sources.quotas]),
        **filter_arguments(config.filters, blocked),
    }
    if config.again is not None:
        given["--repeats"] = REPEAT_CHOICES[0 if config.again else 1]
    if config.finished_from is not None:
        given["--finished-from"] = repr(config.finished_from)
    return tuple(f"{name}={value}" for name, value in given.items())


def _stages_words(config: FitConfig) -> list[str]:
    """Return a digest of what names cannot say: depths, what is left out, settings of stages."""
    from engine.pipeline.retrieval.source_config import settings_asked

    usual, said = type(config)(), {"options", "quotas"}
    sources, as_usual = (
        {name: value for name, value in settings_asked(one).items() if name not in said}
        for one in (
            config.sources,
            replace(usual.sources, options=config.sources.options),
        )
    )
    parts = [sources, asdict(config.ranker), asdict(config.second_stage), config.n_candidates]
    if parts == [as_usual, asdict(usual.ranker), asdict(usual.second_stage), usual.n_candidates]:
        return []
    text = json.dumps(parts, sort_keys=True)
    return [hashlib.sha256(text.encode()).hexdigest()[:8]]


def kept_as(name: str, config: FitConfig) -> str:
    """Return the name under which a fit of these settings is kept.

    Parameters
    ----------
    name : str
        Of the data set, from :func:`~engine.data.naming.name_of`.
    config : FitConfig
    """
    usual = type(config)()
    return fit_name(
        name,
        split=config.split,
        without=config.without,
        sources=config.sources.options,
        rankers=config.rankers if config.rankers != usual.rankers else (),
        second=(config.second,) if config.second else (),
        groups=(config.for_groups,) if config.for_groups else (),
        features=config.features if config.features != usual.features else (),
        staying=(f"{config.stay:.0%}".replace("%", "-percent"),) if config.stay else (),
        finished=() if config.finished_from is None else (f"{config.finished_from:g}",),
        filters=filter_words(config.filters),
        quotas=[f"{source}:{places}" for source, places in config.sources.quotas],
        stages=_stages_words(config),
        repeats=() if config.again is None else ("kept" if config.again else "once",),
    )
