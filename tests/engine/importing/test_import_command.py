"""``python -m engine import`` and ``data``: from files to a listed set, and back to nothing."""

from __future__ import annotations

import json

from engine.__main__ import main
from engine.data.naming import name_of
from tests.engine.importing.shapes import SHAPES


def test_files_are_imported_listed_shown_and_removed(tmp_path, capsys):
    files = [str(path) for path in SHAPES["gift_shop"](tmp_path)]
    saved, report = tmp_path / "mapping.json", tmp_path / "report.json"
    asked = ["--save-mapping", str(saved), "--json", str(report)]
    assert main(["import", *files, "--name", "shop", *asked]) == 0
    said = capsys.readouterr().out
    assert "no person is named" in said
    assert "Imported as shop" in said
    assert json.loads(report.read_text())["counts"]["people"] == 120
    assert json.loads(saved.read_text())["interactions"]["repeats"] == "sum"
    assert name_of("shop") == "shop"
    assert main(["data", "list"]) == 0
    assert capsys.readouterr().out.split() == ["shop", "imported"]
    assert main(["data", "show", "shop"]) == 0
    assert "no person is named" in capsys.readouterr().out
    assert main(["import", *files, "--name", "shop", "--mapping", str(saved), "--liked", "5"]) == 0
    assert "Liked: values from 5 on (as asked for)" in capsys.readouterr().out
    assert main(["data", "remove", "shop"]) == 0
    assert "Removed: " in capsys.readouterr().out
    assert main(["data", "show", "shop"]) == 2


def test_a_check_keeps_nothing_and_says_with_its_status_whether_all_is_well(tmp_path, own_home):
    files = [str(path) for path in SHAPES["songs"](tmp_path)]
    assert main(["import", *files, "--check"]) == 0
    assert main(["import", files[1], "--check"]) == 2
    assert main(["import", *files]) == 2
    assert main(["import", *files, "--name", "Not a Name"]) == 2
    assert main(["import", *files, "--check", "--liked", "99999"]) == 2
    assert not list((own_home / ".data").iterdir())
