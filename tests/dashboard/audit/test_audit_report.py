"""The report stands alone, escapes everything, and holds every table and figure it was given."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd

from dashboard.audit.report_pictures import picture
from dashboard.charts.canvas import axis, canvas
from engine.audit.report import Report, Section, facts, render, table_of

EVIL = "<script>alert('x')</script> & \"quotes\""


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, _attrs: list) -> None:
        self.seen.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, _attrs: list) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def report() -> Report:
    figure = canvas(EVIL, axis(EVIL, range=[0, 1]), axis("", range=[0, 1]))
    frame = pd.DataFrame({"group": [EVIL, "men"], "n": [7, 1234], "NDCG": [-0.12345, np.nan]})
    section = Section(
        EVIL,
        findings=(EVIL,),
        paragraphs=(EVIL,),
        pictures=(picture(figure, EVIL),),
        tables=(table_of(frame, EVIL),),
        code=EVIL,
    )
    about = facts([("Data", EVIL), ("Note", ""), ("People", 942)])
    return Report(EVIL, EVIL, EVIL, about, (section,), EVIL)


def test_it_is_well_formed_and_no_text_becomes_markup():
    text = render(report())
    tags = Tags()
    tags.feed(text)
    assert not tags.open
    assert "script" not in tags.seen
    assert {"table", "svg", "pre", "dl"} <= set(tags.seen)


def test_it_asks_for_nothing_from_anywhere():
    text = render(report())
    addresses = set(re.findall(r"https?://[^\"'<> ]+", text))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in text
    assert len(text) < 50_000


def test_numbers_are_written_alike_and_the_undefined_is_a_dash():
    cells = [cell.text for cell in report().sections[0].tables[0].rows[1]]
    assert cells == ["men", "1,234", "–"]
    assert report().sections[0].tables[0].rows[0][2].text == "−0.123"
    assert report().facts[1] == ("People", "942")
    assert len(report().facts) == 2


def test_an_interval_beside_its_figure_becomes_one_column():
    frame = pd.DataFrame(
        {
            "x": [0.5, 1.0],
            "x low": [0.25, np.nan],
            "x high": [0.75, np.nan],
            "low": [-1.0, 0.0],
            "high": [1.0, 1.0],
            "x lower": [1, 2],
        }
    )
    table = table_of(frame, "")
    assert table.header == ("x", "x 95 % interval", "95 % interval", "x lower")
    assert [cell.text for cell in table.rows[0]] == [
        "0.500",
        "0.250 to 0.750",
        "−1.000 to 1.000",
        "1",
    ]
    assert table.rows[1][1].text == "–"


def test_no_chance_is_written_as_zero_and_no_zero_has_a_sign():
    table = table_of(pd.DataFrame({"p (Holm)": [1e-9, 0.04, np.nan], "x": [-1e-9, 0.0, -1.0]}), "")
    assert [row[0].text for row in table.rows] == ["< 0.001", "0.040", "–"]
    assert [row[1].text for row in table.rows] == ["0.000", "0.000", "−1.000"]
