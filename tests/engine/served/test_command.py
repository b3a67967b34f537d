"""The command itself: a process that answers, is stopped, and refuses in a sentence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from engine.__main__ import main
from engine.data.naming import name_of
from engine.reranking import rerank
from engine.scenario import NEUTRAL
from engine.served.shown_log import read_shown

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def home(tiny_folder, tmp_path):
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_folder)
    return tmp_path


def test_a_process_answers_on_this_machine_and_a_killed_one_leaves_its_log(
    home, tiny_artifacts, tmp_path
):
    command = [sys.executable, "-m", "engine", "serve", "--data", "tiny", "--port", "0"]
    server = subprocess.Popen(
        [*command, "--log", str(tmp_path / "log")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "RERANK_STUDIO_HOME": str(home)},
    )
    try:
        assert server.stdout is not None
        said = server.stdout.readline()
        address = said.rpartition(" at ")[2].partition("/lists")[0]
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{address}/lists/u3?k=4", timeout=60) as answer:
            got = json.load(answer)
        row = tiny_artifacts.user_index["u3"]
        wanted = rerank(tiny_artifacts, NEUTRAL).items[row, :4]
        ids = tiny_artifacts.items["item_id"].iloc[wanted].tolist()
        assert [one["item_id"] for one in got["items"]] == ids
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait(60)
        server.stdout.close()
    assert read_shown(tmp_path / "log")["item_id"].tolist() == ids


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--challenger-share", "1"], "--challenger-share"),
        (["--port", "70000"], "Cannot listen"),
        (["--log", "x", "--log-bytes", "5", "--port", "0"], "--log-bytes"),
    ],
)
def test_what_cannot_be_served_is_one_sentence(home, monkeypatch, capsys, words, said):
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(home))
    words = [str(home / "log") if word == "x" else word for word in words]
    assert main(["serve", "--data", "tiny", *words]) == 2
    assert said in capsys.readouterr().err
