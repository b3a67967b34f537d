"""The subcommands, in the order that ``--help`` lists them."""

from __future__ import annotations

from types import ModuleType

from engine.commands import (
    audit,
    evaluate,
    explain,
    fit,
    prepare,
    reads,
    scenarios,
    simulate,
    solve,
    sweep,
)

__all__ = ["COMMANDS"]

COMMANDS: tuple[ModuleType, ...] = (
    prepare,
    fit,
    evaluate,
    audit,
    explain,
    sweep,
    solve,
    reads,
    scenarios,
    simulate,
)
