"""A command in a process of its own: progress, why it failed, stopping, nothing left behind."""

from __future__ import annotations

import pytest

from dashboard.data import fit_job
from dashboard.data.fit_process import SHARES, run_engine, share_of
from engine.analysis.trials import CancelledError
from engine.errors import DataError
from engine.importing.imported import is_imported
from engine.importing.publishing import import_files
from tests.engine.importing.shapes import SHAPES


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path / "home"))


def test_an_import_tells_how_far_it_is(tmp_path):
    files = map(str, SHAPES["songs"](tmp_path))
    shares: list[float] = []
    steps: list[str] = []
    said = run_engine(
        ["import", *files, "--name", "songs", "--steps"],
        shares.append,
        on_step=steps.append,
        begins=0.5,
        ends=0.9,
    )
    assert is_imported("songs")
    assert list(dict.fromkeys(steps))[:2] == ["Reading interactions", "Checking interactions"]
    assert min(shares) == 0.5
    assert max(shares) <= 0.9
    assert any("Imported as songs" in line for line in said)


def test_a_command_that_fails_says_why_in_its_own_sentence():
    with pytest.raises(DataError, match=r"There is no data set 'nothing-here'.*Nothing was chan"):
        run_engine(["fit", "--data", "nothing-here", "--steps"], lambda _: None)


def test_a_stopped_command_ends_and_the_stop_is_passed_on():
    def stop(_share: float) -> None:
        raise CancelledError("Stopped; nothing was changed.")

    with pytest.raises(CancelledError):
        run_engine(["fit", "--data", "movielens-100k", "--steps"], stop)


@pytest.mark.parametrize("error", [DataError("Nobody liked anything."), CancelledError("Stopped.")])
def test_an_import_whose_fit_fails_or_is_stopped_does_not_stay(tmp_path, monkeypatch, error):
    files = SHAPES["songs"](tmp_path)

    def run(arguments, _tell, **_how):
        if arguments[0] == "fit":
            raise error
        import_files(files, None, "songs")
        return []

    monkeypatch.setattr(fit_job, "run_engine", run)
    with pytest.raises(type(error)):
        fit_job._work("songs", ("import",), (), "songs", lambda _: None)
    assert not is_imported("songs")


@pytest.mark.parametrize("fails_at", ["import", "fit"])
def test_what_is_imported_again_and_fails_is_as_it_was(tmp_path, monkeypatch, fails_at):
    done = import_files(SHAPES["songs"](tmp_path), None, "songs")
    before = {path.name: path.read_bytes() for path in done.folder.iterdir()}
    (tmp_path / "other").mkdir()
    others = SHAPES["books"](tmp_path / "other")

    def run(arguments, _tell, **_how):
        if arguments[0] == fails_at:
            raise DataError("No room is left.")
        import_files(others, None, "songs")
        return []

    monkeypatch.setattr(fit_job, "run_engine", run)
    with pytest.raises(DataError, match="No room"):
        fit_job._work("songs", ("import",), (), "songs", lambda _: None)
    assert {path.name: path.read_bytes() for path in done.folder.iterdir()} == before
    assert [path.name for path in done.folder.parent.iterdir()] == ["songs"]


def test_the_parts_of_a_fit_add_up_to_the_whole():
    assert sum(SHARES.values()) == pytest.approx(1.0)
    done = [share_of(step, 1.0) for step in SHARES]
    assert done == sorted(done)
    assert done[-1] == pytest.approx(1.0)
