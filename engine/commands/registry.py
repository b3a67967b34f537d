"""The subcommands, in the order that ``--help`` lists them."""

from __future__ import annotations

from types import ModuleType

from engine.commands import (
    audit,
    bandit,
    check,
    data,
    evaluate,
    explain,
    fit,
    import_,
    ope,
    prepare,
    reads,
    record,
    rerank,
    scenarios,
    serve,
    simulate,
    solve,
    sweep,
)

__all__ = ["COMMANDS"]

COMMANDS: tuple[ModuleType, ...] = (
    import_,
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
    data,
    ope,
    record,
    check,
    bandit,
    rerank,
    serve,
)
