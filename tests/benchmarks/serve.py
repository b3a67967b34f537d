"""How long one person's list takes over HTTP: ``python -m tests.benchmarks.serve``.

A server of its own on this machine, its log on, champion and challenger standing; first one
request after the other over a kept connection, then eight at once. Latencies are the client's.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from engine.artifacts import open_artifacts
from engine.data import artifact_folder
from engine.saved.standing import challenge, promote, standing
from engine.saved.store import ScenarioStore
from engine.scenario import Cap, Scenario

CHAMPION = Scenario(diversity=0.3, freshness=0.1, caps=(Cap("genre", None, 2, 5),))
CHALLENGER = Scenario(diversity=0.5, item_fairness=0.2)
WARM = 200


def main() -> None:
    """Start, ask, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="movielens-100k")
    parser.add_argument("--requests", type=int, default=5_000)
    arguments = parser.parse_args()
    users = open_artifacts(artifact_folder(arguments.data)).users["user_id"].tolist()
    with tempfile.TemporaryDirectory() as folder:
        store = ScenarioStore(Path(folder) / "scenarios.sqlite")
        one = store.save(CHAMPION, data=arguments.data, name="Champion")
        other = store.save(CHALLENGER, data=arguments.data, name="Challenger")
        promote(store, standing(store, arguments.data), one)
        challenge(store, standing(store, arguments.data), other)
        command = [
            sys.executable, "-m", "engine", "serve", "--data", arguments.data, "--port", "0",
            "--store", str(store.path), "--log", str(Path(folder) / "log"),
        ]  # fmt: skip
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            print(said.strip())
            port = int(said.rpartition("/lists")[0].rpartition(":")[2])
            _ask(port, users, WARM)
            before = _cpu(server.pid)
            _print("one at a time", [_ask(port, users, arguments.requests)])
            each = 1e3 * (_cpu(server.pid) - before) / arguments.requests
            print(f"  processor time of the server: {each:.2f} ms a request")
            _print("one at a time, with reasons", [_ask(port, users, 200, "?reasons=1")])
            _print("eight at once", _at_once(port, users, arguments.requests // 8, 8))
        finally:
            server.terminate()
            server.wait(30)


def _cpu(pid: int) -> float:
    """Return the seconds of processor time that a process has had, as Linux tells."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _ask(port: int, users: list[str], n: int, query: str = "") -> np.ndarray:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    seconds = np.empty(n)
    for at in range(n):
        start = time.perf_counter()
        connection.request("GET", f"/lists/{users[(7 * at) % len(users)]}{query}")
        answer = connection.getresponse()
        content = answer.read()
        seconds[at] = time.perf_counter() - start
        assert answer.status == 200, content
        assert len(json.loads(content)["items"]) == 10
    connection.close()
    return seconds


def _at_once(port: int, users: list[str], n: int, n_clients: int) -> list[np.ndarray]:
    found: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: found.append(_ask(port, users, n)))
        for _ in range(n_clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _print(name: str, parts: list[np.ndarray]) -> None:
    seconds = np.concatenate(parts)
    p50, p95, p99 = 1e3 * np.percentile(seconds, [50, 95, 99])
    longest = max(part.sum() for part in parts)
    print(
        f"{name}: {len(seconds):,} requests, p50 {p50:.2f} ms, p95 {p95:.2f} ms, p99 {p99:.2f} ms, "
        f"{len(seconds) / longest:,.0f} a second"
    )


if __name__ == "__main__":
    main()
