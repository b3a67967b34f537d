"""Nothing leaves the machine: the server listens here alone; neither it nor a page calls out."""

from __future__ import annotations

import http.client
import ipaddress
import os
import re
import socket
import subprocess
import sys
import threading
import time
import tomllib
from pathlib import Path

import pytest

from dashboard.page_registry import PAGES
from engine.data.naming import name_of
from tests.app_server import ROOT, _environment, _free_port, _wait_until_up
from tests.browser.conftest import DRAWN, FIRST_CHART, wait_until_idle
from tests.conftest import tiny_folder  # noqa: F401

LISTEN = "0A"


class Trap(threading.Thread):
    """A proxy that takes no request: whoever calls out by HTTP comes by here."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.asked = []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def run(self):
        while True:
            caller, _ = self.socket.accept()
            self.asked.append(caller.recv(200))
            caller.close()


def sockets_of(pid):
    """Local and remote address, and state, of each TCP socket of a process (from /proc)."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes.update(re.findall(r"socket:\[(\d+)\]", os.readlink(link)))
        except OSError:  # closed meanwhile
            continue
    found = []
    for table in ("tcp", "tcp6"):
        lines = Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        for fields in map(str.split, lines):
            if fields[9] in inodes:
                found.append((address(fields[1]), address(fields[2]), fields[3]))
    return found


def address(text):
    packed = bytes.fromhex(text.partition(":")[0])
    words = [packed[at : at + 4][::-1] for at in range(0, len(packed), 4)]
    parsed = ipaddress.ip_address(b"".join(words))
    return getattr(parsed, "ipv4_mapped", None) or parsed


@pytest.fixture
def served(tiny_folder, tmp_path):  # noqa: F811
    """The dashboard as plain ``streamlit run`` starts it: no address is given."""
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_folder)
    trap, port = Trap(), _free_port()
    trap.start()
    environment = _environment("tiny", tmp_path)
    environment |= dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY"), trap.address)
    environment |= {"no_proxy": "", "NO_PROXY": ""}
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/server.py"]
    process = subprocess.Popen(
        [*command, "--server.port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_up(f"http://127.0.0.1:{port}", process)
        yield process.pid, port, trap
    finally:
        process.terminate()
        process.wait()


def ask_from_elsewhere(port):
    """Open the socket of the app as a page of another site would."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Origin": "http://elsewhere.example",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    connection.request("GET", "/_stcore/stream", headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.timeout(1800)  # this server compiles for itself
def test_every_connection_stays_on_this_machine(served, chromium):
    pid, port, trap = served
    context = chromium.new_context()
    page = context.new_page()
    asked, seen = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda opened: asked.append(opened.url))
    for name in PAGES:
        page.goto(f"http://127.0.0.1:{port}/{name}")
        page.wait_for_selector(DRAWN[PAGES[name].has_charts], timeout=FIRST_CHART)
        wait_until_idle(page)
        seen += sockets_of(pid)
    context.close()
    assert ask_from_elsewhere(port) == 403
    time.sleep(0.5)
    seen += sockets_of(pid)
    listening = [local for local, _, state in seen if state == LISTEN]
    assert listening
    assert all(local.is_loopback for local in listening)
    assert all(remote.is_loopback for _, remote, state in seen if state != LISTEN)
    outside = [url for url in asked if not re.match(r"(http|ws)://127\.0\.0\.1:|data:|blob:", url)]
    assert not outside
    assert not trap.asked


def test_make_run_listens_on_this_machine_unless_host_says_otherwise():
    def command(*settings):
        return subprocess.run(
            ["make", "-n", "run", *settings], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout

    assert '--server.address "127.0.0.1"' in command()
    assert '--server.address "0.0.0.0"' in command("HOST=0.0.0.0")
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert settings["server"]["address"] == "127.0.0.1"


def test_make_says_which_pythons_were_tried():
    ran = subprocess.run(
        ["make", "setup", "TRIED=python2.7 nothing", "PYTHON=", "VENV=/nonexistent/venv"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "No Python from 3.11 to 3.14 was found (tried: python2.7 nothing)" in ran.stderr
