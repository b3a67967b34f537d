"""``python -m engine serve``: people's lists over HTTP, as the pages show them."""

from __future__ import annotations

import argparse
import socket
from pathlib import Path

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "serve"
HELP = "answer with people's lists over HTTP, split between champion and challenger"

MOST_AT_ONCE = 200
"""Requests at once; others are told to come again."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``serve``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 for others to reach it")
    parser.add_argument("--port", type=int, default=8502)
    parser.add_argument(
        "--challenger-share", type=float, default=0.5, metavar="SHARE",
        help="part of the people that gets the challenger's lists (default: 0.5)",
    )  # fmt: skip
    parser.add_argument(
        "--log", type=Path, metavar="FOLDER", help="log what is shown there, as JSON lines"
    )
    parser.add_argument(
        "--log-bytes", type=int, default=2_000_000_000, metavar="N",
        help="keep at most so much of it; the oldest goes (default: 2,000,000,000)",
    )  # fmt: skip
    parser.add_argument(
        "--explore", type=float, default=0.0, metavar="SHARE",
        help="at this share of the lists one place goes to a title drawn evenly from those that "
        "may stand there, with its chance in the log (default: 0)",
    )  # fmt: skip
    parser.add_argument(
        "--explore-place", type=int, default=1, metavar="N",
        help="which place, from 1; `ope` asks a log for the first one (default: 1)",
    )  # fmt: skip
    parser.add_argument(
        "--explore-among", type=int, default=20, metavar="N",
        help="draw from the ranker's first N that may stand there (default: 20)",
    )  # fmt: skip
    parser.add_argument("--store", type=Path, help="another store than the one next to the fits")


def run(arguments: argparse.Namespace) -> int:
    """Make ready, say what is served, and answer until somebody stops it."""
    import uvicorn

    from engine.artifacts import open_artifacts
    from engine.compile_ahead import compile_ahead
    from engine.data import artifact_folder
    from engine.data.naming import name_of
    from engine.saved.store import ScenarioStore, store_path
    from engine.served.app import make_app
    from engine.served.exploration import Exploration
    from engine.served.lists import ListService
    from engine.served.shown_log import ShownLog

    share, data = _share(arguments.challenger_share), name_of(arguments.data)
    explore = None
    if arguments.explore:
        explore = Exploration(arguments.explore, arguments.explore_place, arguments.explore_among)
    artifacts = open_artifacts(artifact_folder(data))
    with _listening(arguments.host, arguments.port) as listener:
        compile_ahead(artifacts)
        store = ScenarioStore(arguments.store or store_path())
        service = ListService(artifacts, store, data, share=share, explore=explore)
        log = None
        if arguments.log is not None:
            log = ShownLog(arguments.log, most_bytes=_at_least(arguments.log_bytes, 100_000))
        is_own = arguments.host in ("127.0.0.1", "localhost", "::1")
        hosts = ["127.0.0.1", "localhost", "[::1]"] if is_own else ["*"]
        stand = service.stand()
        against = f", against {stand.challenger.name} ({share:.0%})" if stand.challenger else ""
        exploring = f", exploring at place {explore.place} ({explore.share:.3g})" if explore else ""
        port = listener.getsockname()[1]
        print(
            f"{artifacts.manifest['title']}: lists of {artifacts.n_users:,} people, "
            f"{stand.champion.name}{against}{exploring}, at http://{arguments.host}:{port}/lists/…",
            flush=True,
        )
        config = uvicorn.Config(
            make_app(service, log, hosts),
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=MOST_AT_ONCE,
            h11_max_incomplete_event_size=16_384,
        )
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:  # how it is stopped, and what was shown is in the log
            pass
        finally:
            if log is not None:
                log.close()
    return 0


def _share(given: float) -> float:
    from engine.errors import ScenarioError

    if not 0 < given < 1:
        raise ScenarioError(f"--challenger-share must be above 0 and below 1; got {given:g}.")
    return given


def _at_least(given: int, least: int) -> int:
    from engine.errors import ScenarioError

    if given < least:
        raise ScenarioError(f"--log-bytes must be at least {least:,}; got {given:,}.")
    return given


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens there.

    Raises
    ------
    OutputError
        The address is taken, or none of this machine.
    """
    from engine.errors import OutputError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        raise OutputError(
            f"Cannot listen at {host}, port {port} ({getattr(error, 'strerror', None) or error}): "
            "give another with --port or --host."
        ) from error
    return listener
