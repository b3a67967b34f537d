"""The options of a fit that say what nobody is offered, and how what was met is kept."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.option_texts import lines_of
from engine.data.naming import joined, listed

if TYPE_CHECKING:
    from engine.pipeline.filtering.item_filters import FilterConfig

__all__ = ["add_filter_options", "filter_arguments", "filter_words", "filters_asked"]


def add_filter_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the filters."""
    parser.add_argument(
        "--blocked",
        type=Path,
        metavar="FILE",
        help="ids of items that nobody is offered, one a line",
    )
    parser.add_argument(
        "--moderate",
        default="",
        metavar="RULES",
        help="genre:NAME and word:TEXT, with commas between: such items are offered to nobody",
    )
    parser.add_argument(
        "--near-duplicates",
        type=float,
        default=0.0,
        metavar="LIKENESS",
        help="of items whose titles and genres are so alike (Jaccard, from 0 to 1) one stays",
    )
    parser.add_argument(
        "--met-bloom",
        type=float,
        default=0.0,
        metavar="RATE",
        help="hold what people have met in Bloom filters that err in such a share of the rest",
    )


def filters_asked(arguments: argparse.Namespace) -> FilterConfig:
    """Return the settings that the arguments ask for.

    Raises
    ------
    ValueError
        A share is out of range, or a rule cannot be read.
    """
    from engine.pipeline.filtering.item_filters import FilterConfig

    return FilterConfig(
        blocked=lines_of(arguments.blocked),
        near_duplicates=arguments.near_duplicates,
        met_bloom=arguments.met_bloom,
        moderation=listed(arguments.moderate),
    )


def filter_arguments(filters: FilterConfig, blocked: Path | None) -> dict[str, str]:
    """Return the options from which :func:`filters_asked` makes these settings.

    ``blocked`` is the file that holds the ids, one a line; needed where any are blocked.
    """
    given = {
        "--moderate": joined(filters.moderation),
        "--near-duplicates": repr(filters.near_duplicates),
        "--met-bloom": repr(filters.met_bloom),
    }
    if filters.blocked:
        assert blocked is not None
        given["--blocked"] = str(blocked)
    return given


def filter_words(filters: FilterConfig) -> list[str]:
    """Return what the name of a fit says of its filters."""
    words = list(filters.moderation)
    if filters.near_duplicates:
        words.append(f"near-{filters.near_duplicates:g}")
    if filters.met_bloom:
        words.append(f"met-bloom-{filters.met_bloom:g}")
    if filters.blocked:
        digest = hashlib.sha256("\n".join(sorted(filters.blocked)).encode()).hexdigest()[:8]
        words.append(f"blocked-{digest}")
    return words
