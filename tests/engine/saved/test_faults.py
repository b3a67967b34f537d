"""What the store survives: a kill, two processes, no space, no rights, damage, a newer version."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.saved import schema
from engine.saved.errors import StoreError
from engine.saved.schema import MIGRATIONS, VERSION
from engine.saved.standing import promote, standing
from engine.saved.store import ScenarioStore
from engine.scenario import Scenario

ROOT = Path(__file__).resolve().parents[3]
WRITER = Path(__file__).with_name("writer.py")
NOBODY = 65534


@pytest.fixture
def store(tmp_path):
    found = ScenarioStore(tmp_path / "scenarios.sqlite")
    found.save(Scenario(k=1), data="tiny", name="shared")
    return found


def start(store, who, n):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(WRITER), str(store.path), who, str(n)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def ask(path, sql):
    with sqlite3.connect(path) as connection:
        found = connection.execute(sql).fetchall()
    connection.close()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("n_before_the_kill", [1, 17, 90])
def test_a_kill_amid_200_writes_loses_nothing_that_was_said_to_be_saved(store, n_before_the_kill):
    writer = start(store, "killed", 200)
    told = [writer.stdout.readline().strip() for _ in range(n_before_the_kill)]
    writer.send_signal(signal.SIGKILL)
    rest = writer.communicate()[0].split()
    assert writer.returncode == -signal.SIGKILL
    assert ask(store.path, "PRAGMA integrity_check") == [("ok",)]
    kept = {one.id: one for one in store.all("tiny")}
    assert {*told, *rest} <= set(kept)
    assert len(kept) <= len(told) + len(rest) + 2  # one may be in before it could be said
    assert all(one.scenario for one in kept.values())
    store.save(Scenario(), data="tiny", name="after the kill")


@pytest.mark.slow
def test_two_processes_on_one_store_lose_no_change_of_each_other(store):
    writers = [start(store, who, 25) for who in ("Ana", "Bo")]
    said = [writer.communicate(timeout=500)[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    names = [one.name for one in store.all("tiny")]
    assert len(names) == len(set(names)) == 51
    assert {one.id for one in store.all("tiny")} >= {*said[0], *said[1]}
    shared = store.named("tiny", "shared")
    assert shared.revision == 51  # every one of the 50 changes is in its history
    assert [entry.scenario.k for entry in store.history(shared.id)] == [*range(1, 51), 1]


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to look" * 99, b"x" * 600]
)
def test_a_file_that_is_no_store_is_said_in_a_sentence_and_left_alone(tmp_path, content):
    path = tmp_path / "scenarios.sqlite"
    path.write_bytes(content)
    store = ScenarioStore(path)
    for act in (store.all, lambda: store.save(Scenario(), data="tiny", name="A")):
        with pytest.raises(StoreError, match=r"is damaged: move it away.*works on") as told:
            act()
        assert str(told.value).count(".sqlite") == 1
    assert path.read_bytes() == content


def test_a_store_with_a_torn_page_is_said_in_a_sentence(store):
    for number in range(60):
        store.save(Scenario(), data="tiny", name=f"S {number}")
    content = bytearray(store.path.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    store.path.write_bytes(bytes(content))
    with pytest.raises(StoreError, match="is damaged"):
        store.all("tiny")


def test_a_store_without_its_tables_is_damaged_not_empty(tmp_path):
    path = tmp_path / "scenarios.sqlite"
    ask(path, f"PRAGMA user_version = {VERSION}")
    with pytest.raises(StoreError, match="is damaged"):
        ScenarioStore(path).all("tiny")


def test_a_store_of_a_newer_version_is_not_touched(store):
    ask(store.path, f"PRAGMA user_version = {VERSION + 7}")
    before = store.path.read_bytes()
    for act in (store.all, lambda: store.save(Scenario(), data="tiny", name="A")):
        with pytest.raises(StoreError, match=rf"newer version .*format {VERSION + 7}"):
            act()
    assert store.path.read_bytes() == before


@pytest.mark.parametrize("version", range(VERSION))
def test_a_store_of_any_older_version_is_brought_up_to_date_with_all_that_it_holds(
    tmp_path, version
):
    path = tmp_path / "scenarios.sqlite"
    for migration in MIGRATIONS[:version]:
        ask(path, migration)
    ask(path, f"PRAGMA user_version = {version}")
    content = Scenario(name="Old", diversity=0.3).to_json()
    if version:
        with sqlite3.connect(path) as connection:
            connection.execute(
                "INSERT INTO revisions VALUES (1, 'i', 1, 'tiny', 'saved', 'Old', 'n', ?, 0, "
                "'Ana', '2026-01-01T00:00:00Z', '')", [content],
            )  # fmt: skip
        connection.close()
    store = ScenarioStore(path)
    kept = store.all("tiny")
    assert [one.scenario.diversity for one in kept] == ([0.3] if version else [])
    assert ask(path, "PRAGMA user_version") == [(VERSION,)]
    new = store.save(Scenario(), data="tiny", name="New")
    assert promote(store, standing(store, "tiny"), new).champion == new


def test_a_migration_that_fails_leaves_the_store_as_it_was(store, monkeypatch):
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, "CREATE TABLE a (x)", "NO SQL"))
    monkeypatch.setattr(schema, "VERSION", VERSION + 2)
    with pytest.raises(StoreError):
        store.all("tiny")
    assert ask(store.path, "PRAGMA user_version") == [(VERSION,)]
    assert ask(store.path, "SELECT name FROM sqlite_master WHERE name = 'a'") == []


def test_a_full_disk_is_said_and_what_was_there_stays(store, monkeypatch):
    monkeypatch.setattr(schema, "PRAGMAS", (*schema.PRAGMAS, ("max_page_count", 8)))
    told = ""
    for number in range(200):
        try:
            store.save(Scenario(), data="tiny", name=f"S {number}", note="x" * 300)
        except StoreError as error:
            told = str(error)
            break
    assert "full disk, so nothing was saved: make room" in told
    assert len(store.all("tiny")) == 1 + number


@contextmanager
def somebody_without_rights():
    """Root may write everywhere: be somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("folder_too", [False, True])
def test_a_store_that_may_not_be_written_to_is_read_and_says_so_at_a_change(
    store, folder_too, monkeypatch
):
    for parent in store.path.parents:
        if parent.stat().st_uid == os.geteuid() and str(parent) != "/":
            monkeypatch.chdir("/")
            parent.chmod(parent.stat().st_mode | 0o055)
    store.path.chmod(0o444)
    store.path.parent.chmod(0o555 if folder_too else 0o777)
    with somebody_without_rights():
        assert [one.name for one in store.all("tiny")] == ["shared"]
        with pytest.raises(StoreError, match="cannot be written to, so nothing was saved"):
            store.save(Scenario(), data="tiny", name="A")
    store.path.parent.chmod(0o755)
    store.path.chmod(0o644)
    assert len(store.all("tiny")) == 1
