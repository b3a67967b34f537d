"""Files that somebody gave: of allowed folders alone, kept for a day, no path in a name."""

from __future__ import annotations

import io
import os

import pytest

from dashboard.data.own_files import allowed_files, keep_uploads
from engine.errors import DataError


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path / "home"))


class Upload(io.BytesIO):
    def __init__(self, name: str, content: bytes = b"a,b\n") -> None:
        super().__init__(content)
        self.name = name


def test_only_tables_in_folders_that_were_allowed_can_be_chosen(tmp_path, monkeypatch):
    allowed, other = tmp_path / "allowed", tmp_path / "other"
    for folder in (allowed / "deep", other):
        folder.mkdir(parents=True)
        (folder / "log.csv").write_text("a,b\n")
    (allowed / "notes.md").write_text("no table")
    (allowed / "out.csv").symlink_to(other / "log.csv")
    monkeypatch.delenv("RERANK_STUDIO_FOLDERS", raising=False)
    assert allowed_files() == {}
    monkeypatch.setenv(
        "RERANK_STUDIO_FOLDERS", os.pathsep.join([str(allowed), str(tmp_path / "no")])
    )
    assert list(allowed_files()) == ["allowed/deep/log.csv"]


def test_an_upload_is_written_under_its_bare_name(tmp_path):
    (path,) = keep_uploads([Upload("../../up.csv")], "token")
    assert path == tmp_path / "home" / ".data" / ".uploads" / "token" / "up.csv"
    assert path.read_bytes() == b"a,b\n"


def test_uploads_of_yesterday_and_of_before_are_gone():
    (old,) = keep_uploads([Upload("a.csv")], "old")
    os.utime(old.parent, (1, 1))
    (first,) = keep_uploads([Upload("a.csv")], "token")
    (second,) = keep_uploads([Upload("b.csv")], "token")
    assert not old.exists()
    assert not first.exists()
    assert second.exists()


def test_two_files_of_one_name_are_refused():
    with pytest.raises(DataError, match="Two files are called"):
        keep_uploads([Upload("a.csv"), Upload("x/a.csv")], "token")
