"""The command line of the engine: ``python -m engine COMMAND``."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper

# Threads that wait for work would otherwise spin: with other programs on the same cores growing
# trees then takes up to ten times as long. Read once, when OpenMP is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("RERANK_STUDIO_STRICT", "1")  # see engine.reranking.self_check

from engine.commands.outputs import check_outputs
from engine.commands.registry import COMMANDS
from engine.errors import StudioError

__all__ = ["main"]

DESCRIPTION = "The command line of the engine: get data, fit, measure, search."

INPUT, OWN, STOPPED, UNREAD = 2, 1, 130, 141
"""Statuses: the input was wrong, we were, somebody stopped it, nobody reads what is printed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; whatever goes wrong ends it with one sentence, never a traceback.

    Returns
    -------
    int
        0, or 2 where the input is the cause, 130 where it was stopped (Ctrl-C or SIGTERM), 1 for
        a mistake of ours. A command may end with 1 for an answer that is no.
    """
    chosen = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal without Unicode shows names escaped
            stream.reconfigure(errors="backslashreplace")
    asked_to_stop = threading.Event()
    try:
        with _stopped_by_signals(asked_to_stop):
            check_outputs(chosen)
            return int(chosen.run(chosen))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    except (Exception, KeyboardInterrupt) as error:
        if chosen.traceback:
            traceback.print_exc()
        # compiled code and foreign callbacks turn an interrupt into an error of their own
        sentence, status = _said(KeyboardInterrupt() if asked_to_stop.is_set() else error)
        print(f"error: {' '.join(sentence.split())}", file=sys.stderr)
        return status


def _said(error: BaseException) -> tuple[str, int]:
    """Return the sentence for an error, and the status to end with."""
    if isinstance(error, KeyboardInterrupt):
        return "stopped; what was there before is as it was.", STOPPED
    if isinstance(error, StudioError):
        return str(error), INPUT
    if isinstance(error, OSError):
        where = error.filename or "a file"
        why = error.strerror or error
        return f"{where} cannot be read or written ({why}): give another place.", INPUT
    if isinstance(error, MemoryError):
        return "there is not enough memory for these data: take a part of them.", INPUT
    return (
        f"something went wrong that is not your doing ({type(error).__name__}): run it again as "
        "`python -m engine --traceback …` and report what that prints.",
        OWN,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine", description=DESCRIPTION)
    parser.add_argument(
        "--traceback", action="store_true", help="for developers: show where an error arose"
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        subparser = subparsers.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return parser


@contextmanager
def _stopped_by_signals(asked: threading.Event) -> Iterator[None]:
    """Let SIGTERM stop a command as Ctrl-C does, so that what it was writing is taken away."""

    def stop(_number: int, _frame: object) -> None:
        asked.set()
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = [
        one for one in (signal.SIGTERM, signal.SIGINT) if signal.getsignal(one) != signal.SIG_IGN
    ]
    before = {one: signal.signal(one, stop) for one in heard}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


if __name__ == "__main__":
    sys.exit(main())
