"""Files of the command line: whole or refused in a sentence; inputs are never overwritten."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.__main__ import main
from engine.commands import fit as fit_command
from engine.commands.registry import COMMANDS
from engine.data.naming import name_of
from engine.errors import ScenarioError
from engine.written_beside import write_beside
from tests.tiny_service import tiny_dataset

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def asked(tiny_folder, tmp_path, monkeypatch):
    """Arguments of an evaluation of the tiny service, in a folder of its own."""
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_folder)
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path))
    return ["evaluate", "--data", "tiny", "--json"]


def refused(arguments, capsys, status=2):
    assert main([str(argument) for argument in arguments]) == status
    printed = capsys.readouterr()
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    assert "Traceback" not in printed.err
    return printed.err


def test_figures_are_written_whole(asked, tmp_path, capsys):
    out = tmp_path / "out.json"
    out.write_text("before")
    assert main([*asked, str(out)]) == 0
    assert json.loads(out.read_text())
    assert not list(tmp_path.glob(".*.part"))
    capsys.readouterr()


def test_a_missing_folder_a_folder_and_a_device_without_room_are_a_sentence(
    asked, tmp_path, capsys
):
    assert "does not exist" in refused([*asked, tmp_path / "no" / "out.json"], capsys)
    assert "is a folder" in refused([*asked, tmp_path], capsys)
    if Path("/dev/full").exists():
        assert "No space left" in refused([*asked, "/dev/full"], capsys)
        assert Path("/dev/full").is_char_device()


def test_a_full_disk_leaves_what_was_there(asked, tmp_path, capsys, monkeypatch):
    out = tmp_path / "out.json"
    out.write_text("before")

    def full(self, content):
        with self.open("wb") as file:
            file.write(content[:10])
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    assert "No space left" in refused([*asked, out], capsys)
    assert out.read_text() == "before"
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("option", ["--scenario", "--baseline"])
def test_an_input_is_never_overwritten(asked, tmp_path, capsys, option):
    scenario = tmp_path / "scenario.json"
    scenario.write_text("{}")
    (tmp_path / "link.json").symlink_to(scenario)
    for out in (scenario, tmp_path / "link.json", tmp_path / "." / "scenario.json"):
        assert "files that the command reads" in refused([*asked, out, option, scenario], capsys)
    assert scenario.read_text() == "{}"


def test_a_table_of_the_data_is_never_overwritten(tmp_path, capsys):
    (tmp_path / "own").mkdir()
    table = tmp_path / "own" / "interactions.csv"
    table.write_text("user_id")
    told = refused(["evaluate", "--data", tmp_path / "own", "--json", table], capsys)
    assert "files that the command reads" in told
    assert table.read_text() == "user_id"


def test_a_scenario_that_cannot_be_read_is_named(asked, tmp_path, capsys):
    path = tmp_path / "deep.json"
    path.write_bytes(b"[" * 100_000)
    told = refused([*asked, tmp_path / "out.json", "--scenario", path], capsys)
    assert f"{path}: The scenario is nested more than 20 levels deep" in told
    assert "cannot be read" in refused([*asked, "out.json", "--scenario", tmp_path], capsys)
    assert not (tmp_path / "out.json").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_a_sentence(asked, tmp_path, capsys):
    (tmp_path / "locked").mkdir(mode=0o500)
    assert "cannot be written to" in refused([*asked, tmp_path / "locked" / "out.json"], capsys)


def test_an_artifact_directory_that_is_a_file_is_a_sentence(tmp_path, capsys):
    own = data_folder(tmp_path)
    (tmp_path / "file").write_text("")
    assert "cannot be made" in refused(["fit", "--data", own, "--out", tmp_path / "file"], capsys)
    told = refused(["fit", "--data", own, "--out", tmp_path / "file" / "deeper"], capsys)
    assert "cannot be made" in told


def test_a_mistake_of_ours_is_one_sentence_and_how_to_report_it(asked, capsys, monkeypatch):
    def fail(*_args, **_kwargs):
        raise ZeroDivisionError("secret\ndetail")

    monkeypatch.setattr("engine.evaluation.evaluate_scenario", fail)
    told = refused(asked[:-1], capsys, status=1)
    assert "ZeroDivisionError" in told
    assert "--traceback" in told
    assert main(["--traceback", *asked[:-1]]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_error_of_many_lines_is_printed_in_one(asked, capsys, monkeypatch):
    def fail(*_args, **_kwargs):
        raise ScenarioError("one\ntwo")

    monkeypatch.setattr("engine.evaluation.evaluate_scenario", fail)
    assert refused(asked[:-1], capsys) == "error: one two\n"


def test_help_has_no_markup_of_source_code(capsys):
    for command in ("", *(command.NAME for command in COMMANDS)):
        with pytest.raises(SystemExit):
            main([*([command] if command else []), "--help"])
        assert "``" not in capsys.readouterr().out


def data_folder(tmp_path):
    dataset = tiny_dataset(40, 60, 20)
    own = tmp_path / "own-data"
    own.mkdir()
    dataset.interactions.to_csv(own / "interactions.csv", index=False)
    dataset.items.to_csv(own / "items.csv", index=False)
    dataset.users.to_csv(own / "users.csv", index=False)
    return own


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_fit_that_is_stopped_says_so_and_leaves_nothing(tmp_path, number):
    own, out = data_folder(tmp_path), tmp_path / "fitted"
    script = (
        "import engine.fit, sys, time\n"
        "from engine.__main__ import main\n"
        "def wait(*_args, **_kwargs):\n"
        "    print('in the middle', flush=True)\n"
        "    time.sleep(600)\n"
        "engine.fit.publish = wait\n"
        f"sys.exit(main(['fit', '--data', {str(own)!r}, '--out', {str(out)!r}]))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a shell's background job ignores SIGINT, and so would its children
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    for line in process.stdout:
        if "in the middle" in line:
            break
    assert list(out.glob("fit-*"))
    time.sleep(0.1)
    process.send_signal(number)
    _, told = process.communicate()
    assert process.returncode == 130
    assert told.rstrip().endswith("error: stopped; what was there before is as it was.")
    assert "Traceback" not in told
    assert not list(out.iterdir())


def test_a_stop_that_foreign_code_turns_into_its_own_error_is_still_a_stop(monkeypatch, capsys):
    def run(_chosen):
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt as stop:
            raise RuntimeError("a callback failed") from stop

    monkeypatch.setattr(fit_command, "run", run)
    assert main(["fit", "--data", "simulated:20x20"]) == 130
    assert capsys.readouterr().err.startswith("error: stopped;")


def test_a_file_is_written_through_a_link_and_into_a_pipe(tmp_path):
    target = tmp_path / "target"
    target.write_text("before")
    (tmp_path / "link").symlink_to(target)
    write_beside(tmp_path / "link", "after")
    assert target.read_text() == "after"
    assert (tmp_path / "link").is_symlink()
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "from pathlib import Path; from engine.written_beside import write_beside; "
            "write_beside(Path('/dev/stdout'), 'through')",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "through"
