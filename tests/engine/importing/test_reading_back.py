"""What was written comes back: any delimiter, encoding, quoting, line end and packing."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import DataError
from engine.importing.database import open_database
from engine.importing.findings import Findings
from engine.importing.importer import open_sources
from tests.engine.importing.books import workbook
from tests.engine.importing.reading import rows_of

LETTERS = {
    "utf-8": "abcß漢é‘😀",
    "utf-8-sig": "abcßé漢",
    "utf-16": "abcß漢é",
    "utf-16-le": "abcß",
    "cp1252": "abcßé€“",
}
WORDS = "abcdef ghi-0.5+"


def tables(letters: str, marks: str):
    """Tables with a header, whose cells hold delimiters, quotes and line ends too."""
    cell = st.text(st.sampled_from(letters + WORDS + marks), max_size=12).map(str.strip)
    row = st.tuples(st.integers(1, 99_999).map(str), cell, st.sampled_from(["4.5", "3", "1"]))
    return st.lists(row, min_size=8, max_size=12)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.data(),
    encoding=st.sampled_from(sorted(LETTERS)),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_is_read_as_it_was_written(data, tmp_path, encoding, delimiter, quoting, end):
    marks = ',;|\t"\n' if quoting == csv.QUOTE_ALL else ",;|"
    rows = data.draw(tables(LETTERS[encoding], marks))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([("item", "title", "rating"), *rows])
    path = tmp_path / "given.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    columns, found, findings = rows_of(path)
    assert columns == ("item", "title", "rating")
    assert [tuple(cell or "" for cell in row) for row in found] == [
        tuple(cell.replace("\r\n", "\n") for cell in row) for row in rows
    ]
    assert not findings.of("problem")
    assert not findings.of("left out")


@pytest.mark.parametrize("delimiter", ["::", "^", "~", "\x01", " ", ":"])
def test_rarer_delimiters_are_found(tmp_path, delimiter):
    path = tmp_path / "rows.dat"
    rows = [[str(n), str(n * 7), "4", "978300760"] for n in range(1, 30)]
    path.write_text("\n".join(delimiter.join(row) for row in rows))
    columns, found, findings = rows_of(path)
    assert [list(row) for row in found] == rows
    assert columns[0] == "column 1"
    assert any("not names" in one.text for one in findings)


def test_a_bare_quote_does_not_swallow_the_rows_after_it(tmp_path):
    path = tmp_path / "items.tsv"
    path.write_text('id\ttitle\n1\t"Heroes\n2\tTwo\n3\t5" nail\n4\t"Four"\n5\tFive\n')
    _, found, _ = rows_of(path)
    assert [row[0] for row in found] == ["1", "2", "3", "4", "5"]
    assert found[0][1] == '"Heroes'


def test_lines_that_are_no_rows_are_counted_and_shown(tmp_path):
    path = tmp_path / "log.csv"
    lines = ["user,item,rating", *(f"u{n},i{n},4" for n in range(50))]
    lines[10], lines[20], lines[30] = "u9,i9", "u19,i19,4,more", ""
    path.write_text("\n".join(lines))
    _, found, findings = rows_of(path)
    assert len(found) == 47
    out = {one.text: one for one in findings.of("left out")}
    assert {text.split(" fields")[0]: one.n_rows for text, one in out.items()} == {
        "lines with fewer": 1,
        "lines with more": 1,
    }
    assert any("line 11: u9,i9" in one.examples for one in out.values())


def test_lines_before_the_names_are_left_out_and_said(tmp_path):
    path = tmp_path / "report.csv"
    path.write_text("Report of May\n\nuser,item,rating\n" + "u1,i1,4\n" * 20)
    columns, found, findings = rows_of(path)
    assert columns == ("user", "item", "rating")
    assert len(found) == 20
    assert findings.of("left out")


def test_a_wrong_guess_of_the_encoding_is_said_and_can_be_set_right(tmp_path):
    path = tmp_path / "items.csv"
    path.write_bytes("id,title\n1,Война\n2,Мир\n".encode("cp1251"))
    _, wrong, findings = rows_of(path)
    assert wrong[0][1] != "Война"
    assert any("choose another encoding" in one.text for one in findings)
    _, right, _ = rows_of(path, encoding="cp1251")
    assert right[0][1] == "Война"


def test_line_ends_of_two_kinds_make_no_row_of_another(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes(b"a,b\r\n1,2\n3,4\r\n5,6\r")
    assert rows_of(path)[1] == [("1", "2"), ("3", "4"), ("5", "6")]


@pytest.mark.parametrize("packing", ["gzip", "zip", "parquet", "xlsx", "jsonl", "json"])
def test_other_kinds_of_file_hold_the_same_rows(tmp_path, packing):
    frame = pd.DataFrame({"user": ["u1", "u2"], "item": [7, 8], "rating": [4.5, 3.0]})
    path = written(frame, tmp_path, packing)
    columns, found, _ = rows_of(path)
    assert columns == ("user", "item", "rating")
    assert [(row[0], row[1], float(row[2])) for row in found] == [
        ("u1", "7", 4.5),
        ("u2", "8", 3.0),
    ]


def written(frame: pd.DataFrame, folder, packing: str):
    text = frame.to_csv(index=False)
    path = folder / f"log.{packing}"
    if packing == "gzip":
        path = folder / "log.csv.gz"
        path.write_bytes(gzip.compress(text.encode()))
    elif packing == "zip":
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("folder/log.csv", text)
            packed.writestr("licence.md", "free")
    elif packing == "parquet":
        frame.to_parquet(path)
    elif packing == "xlsx":
        path.write_bytes(workbook({"One": [list(frame), *frame.to_numpy().tolist()]}))
    elif packing == "jsonl":
        frame.to_json(path, orient="records", lines=True)
    else:
        path.write_text(json.dumps(frame.to_dict("records")))
    return path


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00broken", "is damaged"),
        ("a.zip", b"PK\x03\x04broken", "is not a readable zip"),
        ("a.parquet", b"PAR1broken", "cannot be read"),
        ("a.xlsx", b"PK\x03\x04broken", "is not a readable spreadsheet"),
        ("a.jsonl", b"no json\n", "holds no JSON objects"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem_among_others(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.csv").write_text("user,item\n1,2\n")
    findings = Findings()
    with open_database() as database:
        sources = open_sources(database, [tmp_path / name, tmp_path / "good.csv"], findings)
    assert list(sources) == ["good.csv"]
    assert said in findings.of("problem")[0].sentence


def test_a_file_that_unpacks_to_far_more_is_refused(tmp_path):
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"0" * 30_000_000))
    findings = Findings()
    with open_database() as database:
        assert not open_sources(database, [path], findings)
    assert "unpacks to more than" in findings.of("problem")[0].sentence


def test_an_unknown_encoding_is_refused_by_name(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    with pytest.raises(AssertionError, match="is not known"):
        rows_of(tmp_path / "a.csv", encoding="klingon")
    assert issubclass(DataError, Exception)
