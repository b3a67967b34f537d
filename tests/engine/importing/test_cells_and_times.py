"""Ids, numbers and moments, in whatever way a column writes them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.importing.reading import made_of

CALM = {"suppress_health_check": [HealthCheck.function_scoped_fixture]}


@pytest.mark.parametrize(
    ("cells", "ids"),
    [
        (["17850.0", "12", "nan", " 13 ", None, ""], ["17850", "12", None, "13", None, None]),
        (["A12.0", "12.0"], ["A12.0", "12.0"]),
        (["007", "08"], ["007", "08"]),
        (["1.50", "2.0"], ["1.50", "2.0"]),
    ],
)
def test_ids_that_a_spreadsheet_wrote_lose_their_point_only_where_all_are_whole(cells, ids):
    assert made_of("id", cells)[0] == ids


def test_ids_cut_to_a_few_digits_are_pointed_out():
    _, findings = made_of("id", ["4.01E+12", "4.02E+12"])
    assert "several ids have become one" in findings.of("odd")[0].text


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["£2.55", "1,234.50", "7", "x"], [2.55, 1234.5, 7, None]),
        (["2,55", "1.234,50", "7", "-3,1"], [2.55, 1234.5, 7, -3.1]),
        (["1,234", "5"], [1234, 5]),
        (["1,5", "2"], [1.5, 2]),
        (["85 %", "3 %"], [85, 3]),
        (["4.5", "1e3", "NaN", "inf", "1e400"], [4.5, 1000, None, None, None]),
        ([None, ""], [None, None]),
    ],
)
def test_numbers_are_read_in_the_way_of_their_column(cells, numbers):
    assert made_of("number", cells)[0] == numbers


@settings(max_examples=25, **CALM)
@given(
    st.lists(st.integers(-99_999_999, 99_999_999), min_size=2, max_size=20),
    st.sampled_from(["plain", "comma", "thousands", "pointed thousands"]),
)
def test_hundredths_come_back_in_every_way_of_writing(hundredths, way):
    def write(number: int) -> str:
        plain = f"{number / 100:,.2f}"
        if way == "plain":
            return plain.replace(",", "")
        if way == "comma":
            return plain.replace(",", "").replace(".", ",")
        return plain if way == "thousands" else plain.translate(str.maketrans(",.", ".,"))

    found, _ = made_of("number", [write(number) for number in hundredths])
    assert found == [pytest.approx(number / 100) for number in hundredths]


FORMS = {
    "%Y-%m-%d %H:%M:%S": 1,
    "%Y-%m-%dT%H:%M:%SZ": 1,
    "%Y/%m/%d %H:%M:%S": 1,
    "%d.%m.%Y %H:%M:%S": 1,
    "%m/%d/%Y %H:%M:%S": 1,
    "%m/%d/%Y %I:%M:%S %p": 1,
    "%d-%m-%Y %H:%M": 60,
    "%m/%d/%y %H:%M": 60,
    "%d %b %Y %H:%M:%S": 1,
    "%b %d, %Y %H:%M:%S": 1,
    "%B %d, %Y": 86_400,
    "%Y%m%d": 86_400,
    "%Y%m%d%H%M%S": 1,
    "%m %d, %Y": 86_400,
    "%a %b %d %H:%M:%S +0000 %Y": 1,
    "%Y-%m-%d %H:%M:%S+00:00": 1,
}
"""Form of a date → seconds that it can tell apart."""


@settings(max_examples=60, **CALM)
@given(
    st.lists(st.integers(1_000_000_000, 1_700_000_000), min_size=1, max_size=15),
    st.sampled_from(sorted(FORMS)),
)
def test_dates_come_back_in_every_way_of_writing(seconds, form):
    moments = [datetime(1970, 1, 1) + timedelta(seconds=one) for one in seconds]
    telling = [datetime(2004, 3, 29), datetime(2004, 11, 30)]  # no month is a 29th or 30th
    cells = [one.strftime(form) for one in [*moments, *telling]]
    found, _ = made_of("time", cells)
    step = FORMS[form]
    assert [(one - datetime(1970, 1, 1)).total_seconds() for one in found[:-2]] == [
        one // step * step for one in seconds
    ]


@settings(max_examples=20, **CALM)
@given(
    st.lists(st.integers(1_000_000_000, 1_700_000_000), min_size=1, max_size=10),
    st.sampled_from([1, 1_000, 1_000_000, 1_000_000_000]),
)
def test_counts_since_1970_are_told_by_their_size(seconds, unit):
    found, _ = made_of("time", [str(one * unit) for one in seconds])
    assert [(one - datetime(1970, 1, 1)).total_seconds() for one in found] == seconds


def test_a_zone_is_counted_in():
    found, _ = made_of("time", ["2010-12-01T08:26:00+02:00"])
    assert found == [datetime(2010, 12, 1, 6, 26)]


def test_units_may_be_mixed_row_by_row():
    found, _ = made_of("time", ["881250949", "881250949000", "0", "-1"])
    assert found == [datetime(1997, 12, 4, 15, 55, 49)] * 2 + [None, None]


def test_dates_that_can_be_meant_in_two_ways_are_pointed_out_and_can_be_said():
    cells = ["1/2/2020", "1/3/2020", "1/4/2020"]
    found, findings = made_of("time", cells)
    assert [one.month for one in found] == [1, 1, 1]  # three days rather than three months
    assert "can be meant" in findings.of("odd")[0].text
    said, findings = made_of("time", cells, dates="day first")
    assert [one.day for one in said] == [1, 1, 1]
    assert not list(findings)


def test_a_calendar_has_no_thirty_first_of_february():
    found, _ = made_of("time", ["31.02.2020", "13.02.2020", "20200230", "soon"])
    assert [one and one.day for one in found] == [None, 13, None, None]


def test_day_numbers_keep_their_order_and_are_said_to_be_no_dates():
    found, findings = made_of("time", ["711", "1", "3"])
    assert found[1] < found[2] < found[0]
    assert "only the order" in findings.of("changed")[0].text


def test_the_days_of_a_spreadsheet_are_dates():
    found, findings = made_of("time", ["40513.5", "40514"])
    assert found == [datetime(2010, 12, 1, 12), datetime(2010, 12, 2)]
    assert findings.of("changed")
