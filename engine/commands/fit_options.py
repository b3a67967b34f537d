"""The options of a fit that the commands share: the split, and what the ranker may not read."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from engine.data.naming import listed

if TYPE_CHECKING:
    from engine.fit_config import FitConfig

__all__ = ["add_fit_options", "config_of"]

SPLIT_CHOICES = ("per-person", "one-moment")


def add_fit_options(parser: argparse.ArgumentParser) -> None:
    """Declare ``--split`` and ``--without``."""
    parser.add_argument(
        "--split",
        choices=SPLIT_CHOICES,
        default=SPLIT_CHOICES[0],
        help="each person's last fifth of likes is the test (default), or everything after one "
        "moment for everybody",
    )
    parser.add_argument(
        "--without",
        default="",
        metavar="NAMES",
        help="attributes of people that the ranker may not read, with commas between, "
        "one that holds a comma in double quotes; people-attributes stands for all",
    )


def config_of(arguments: argparse.Namespace, *, seed: int = 0) -> FitConfig:
    """Return the settings that the arguments ask for."""
    from engine.fit_config import FitConfig

    split = arguments.split.replace("-", " ")
    return FitConfig(seed=seed, split=split, without=listed(arguments.without))
