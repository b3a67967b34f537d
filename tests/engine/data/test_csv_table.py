"""CSV as programs and people write it: separators, quotes, encodings, sizes."""

import contextlib
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data import limits
from engine.data.account import Account
from engine.data.csv_quotes import mend_quotes
from engine.data.tables import read_table
from engine.errors import DataError

EXPECTED = ("item_id", "title", "genres")
SIGNS = st.characters(exclude_categories=("Cs", "Cc"))
CELL = st.text(SIGNS | st.sampled_from('",;|\t\n'), max_size=12).filter(lambda cell: cell.strip())


def read(tmp_path, content, name="items.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    account = Account()
    return read_table(path, EXPECTED, account), account.notes


@settings(deadline=None)
@given(
    st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.booleans(),
)
def test_what_a_program_quotes_comes_back_as_it_was(tmp_path_factory, rows, mark, quoting, bom):
    rows = [tuple(cell.replace("\u2028", " ") for cell in row) for row in rows]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=mark, quoting=quoting).writerows([EXPECTED, *rows])
    text = ("\ufeff" if bom else "") + buffer.getvalue()
    found, _ = read(tmp_path_factory.mktemp("csv"), text)
    assert found.to_numpy().tolist() == [list(row) for row in rows]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(*[st.text(st.sampled_from('ab" '), min_size=1, max_size=8)] * 2),
        min_size=1,
        max_size=12,
    )
)
def test_bare_quotes_in_a_tab_separated_file_are_text(rows):
    """Oracle: a file that nobody quotes is cut at its tabs and line ends alone."""
    text = "\n".join(["item_id\ttitle\tgenres", *(f"{a}\tx\t{b}" for a, b in rows)])
    mended = mend_quotes(text, "\t", 3, "items.csv").text
    found = list(csv.reader(io.StringIO(mended), delimiter="\t", strict=True))
    assert len(found) == len(rows) + 1
    for (a, b), row in zip(rows, found[1:], strict=True):
        for written, cell in ((a, row[0]), (b, row[2])):
            well_quoted = len(written) > 1 and written[0] == written[-1] == '"'
            assert cell == written or (well_quoted and cell == written[1:-1].replace('""', '"'))


def test_a_quote_swallows_no_rows(tmp_path):
    text = 'item_id\ttitle\tgenres\n1\tOne\tDrama\n2\t"Two\tDrama\n3\tThree"\tDrama\n4\tFour\tWar\n'
    found, notes = read(tmp_path, text)
    assert found["title"].tolist() == ["One", '"Two', 'Three"', "Four"]
    assert "1 line with a bare quote, first line 3: read as written" in notes[0]


def test_a_quoted_field_may_run_over_lines_and_is_named(tmp_path):
    found, notes = read(tmp_path, 'item_id,title\n1,"Salt,\nand ""Pepper"""\n2,Two\n')
    assert found["title"].tolist() == ['Salt,\nand "Pepper"', "Two"]
    assert "1 quoted field over several lines, first line 2" in notes[0]


def test_rows_that_a_quote_joins_are_refused_with_their_line(tmp_path):
    text = 'item_id,title,genres\n1,"One, and,War\n2,Two,War\n3,Three,War\n4,Four",War\n'
    with pytest.raises(DataError, match=r"opens in line 2 and closes in line 5 joins 4 lines"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("mark", "name"), [("|", "vertical bar"), (";", "semicolon"), ("\t", "tab")]
)
def test_a_separator_that_is_no_comma_is_recognised_and_named(tmp_path, mark, name):
    found, notes = read(tmp_path, f"item_id{mark}title\n1{mark}Salt, and Pepper\n")
    assert found.to_numpy().tolist() == [["1", "Salt, and Pepper"]]
    assert notes == [f"items.csv: the {name} is read as its separator."]


@pytest.mark.parametrize("mark", ["::", ":", "^", " "])
def test_a_separator_that_cannot_be_read_is_named(tmp_path, mark):
    with pytest.raises(DataError, match=r"items.csv has .* between its columns: write a comma"):
        read(tmp_path, f"item_id{mark}title\n1{mark}One\n")


def test_rows_that_break_off_are_counted(tmp_path):
    found, notes = read(tmp_path, "item_id,title,genres\n1,One,War\n2,Two\n3,Three\n")
    assert found["genres"].isna().tolist() == [False, True, True]
    assert "2 rows with fewer fields than the header, first line 3" in notes[0]


def test_the_columns_of_the_contract_choose_the_separator(tmp_path):
    found, _ = read(tmp_path, "item_id,title,a;b;c;d\n1,One,x\n")
    assert list(found.columns) == ["item_id", "title", "a;b;c;d"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (",item_id,title\n0,1,One\n1,2,Two\n", ["item_id", "title"]),
        ("Unnamed: 0,item_id,title\n5,1,One\n9,2,Two\n", ["item_id", "title"]),
        ("index,item_id,title\n0,1,One\n1,2,Two\n", ["item_id", "title"]),
        ("index,item_id,title\nhigh,1,One\nlow,2,Two\n", ["index", "item_id", "title"]),
        (",,item_id,title\n0,0,1,One\n1,1,2,Two\n", ["item_id", "title"]),
    ],
)
def test_a_column_that_numbers_the_rows_is_no_column(tmp_path, text, kept):
    found, notes = read(tmp_path, text)
    assert list(found.columns) == kept
    assert bool(notes) == ("index" not in kept)


def test_a_hundred_thousand_columns_are_refused_before_they_are_read(tmp_path):
    header = ",".join(["item_id", "title", *(f"c{n}" for n in range(100_000))])
    with pytest.raises(DataError, match="has 100,002 columns, and at most 1,000 can be read"):
        read(tmp_path, f"{header}\n1,One\n")


def test_a_header_without_an_end_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"a line of more than 1\.0 MB as its header"):
        read(tmp_path, "x" * (2 << 20))


def test_a_file_that_is_too_large_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MOST_BYTES", 10)
    with pytest.raises(DataError, match=r"items\.csv has 22 bytes, and at most 10 bytes"):
        read(tmp_path, "item_id,title\n1,Eleven\n"[:22])


@pytest.mark.parametrize("content", [b"\xff\xfei\x00t\x00", b"item_id,title\n1,\xe6\n"])
def test_other_encodings_are_named_with_their_line(tmp_path, content):
    with pytest.raises(DataError, match=r"is not UTF-8 text: line \d holds the byte"):
        read(tmp_path, content)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
def test_no_bytes_end_in_anything_but_a_table_or_a_sentence(tmp_path_factory, content):
    for name in ("items.csv", "items.parquet"):
        with contextlib.suppress(DataError):
            read(tmp_path_factory.mktemp("fuzz"), content, name)
