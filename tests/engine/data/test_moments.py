"""Odd dates: decided by the many, counted where odd, never read as something else in silence."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.moments import decades_apart, read_moments, stray

UNITS = {"seconds": 1, "milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}
FIRST, LAST = 946_684_800, 1_861_920_000
"""2000 to 2029. From late 2029 on a count of seconds is, among moments of 2000, as near when it is
read as milliseconds (January 1970): told apart by nothing."""
A_DAY = dt.datetime(2024, 5, 31, 18, 30, tzinfo=dt.UTC)


def read(values):
    return read_moments(pd.Series(values))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(FIRST, LAST), st.sampled_from(sorted(UNITS))), min_size=1, max_size=40
    ),
    st.booleans(),
)
def test_units_are_told_apart_row_by_row_whatever_their_mixture(rows, is_text):
    numbers = [second * UNITS[unit] for second, unit in rows]
    column = pd.Series([str(number) for number in numbers]) if is_text else pd.Series(numbers)
    found = read_moments(column)
    expected = np.array([second for second, _ in rows]).astype("datetime64[s]")
    np.testing.assert_array_equal(found.values.to_numpy(), expected)
    assert bool(found.notes) == (len({unit for _, unit in rows}) > 1)


WRITINGS = {
    "seconds": lambda t: str(int(t.timestamp())),
    "milliseconds": lambda t: str(int(t.timestamp()) * 1000),
    "iso": lambda t: t.strftime("%Y-%m-%dT%H:%M:%S"),
    "zulu": lambda t: t.strftime("%Y-%m-%d %H:%M:%SZ"),
    "zone": lambda t: (t + dt.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S+02:00"),
}


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(FIRST, LAST), st.sampled_from(sorted(WRITINGS)))))
def test_numbers_and_dates_may_stand_in_one_column(rows):
    times = [dt.datetime.fromtimestamp(second, dt.UTC) for second, _ in rows]
    column = pd.Series(
        [WRITINGS[how](time) for time, (_, how) in zip(times, rows, strict=True)], dtype="str"
    )
    expected = np.array([second for second, _ in rows], dtype=np.int64).astype("datetime64[s]")
    np.testing.assert_array_equal(read_moments(column).values.to_numpy(), expected)


@pytest.mark.parametrize("odd", ["0", "0000-00-00", "", "NaN", "unknown", None])
def test_year_zero_is_unknown_and_all_other_years_stay(odd):
    years = [str(1980 + n) for n in range(30)]
    found = read([*years, odd])
    assert found.values.dt.year.tolist()[:30] == [int(year) for year in years]
    assert pd.isna(found.values.iloc[-1])
    assert found.is_empty[-1]
    assert bool(found.notes) == (odd not in ("", None))


def test_a_year_among_days_and_a_day_among_years_are_read_as_what_they_are():
    assert read([20240531, 2024, 20231231]).values.dt.strftime("%Y%m%d").tolist() == [
        "20240531",
        "20240701",
        "20231231",
    ]


def test_a_year_among_seconds_is_no_moment_in_1970():
    found = read([1_600_000_000, 1_600_000_500, 2004, 0, -1])
    assert found.values.isna().tolist() == [False, False, True, True, True]


def test_an_early_day_in_a_column_of_milliseconds_stays_in_its_column():
    days = pd.Series(pd.date_range("1960-01-01", "2020-01-01", freq="365D"))
    column = days.astype("datetime64[ms]").astype(np.int64)
    found = read_moments(column)
    assert (found.values.to_numpy() == days.to_numpy().astype("datetime64[s]")).all()
    assert not found.notes


@pytest.mark.parametrize("bad", ["02/03/2024", "soon", "99999999999999999999", "inf", "20241350"])
def test_what_is_no_moment_is_none(bad):
    found = read([bad, "2024-05-31", "2024-05-30"])
    assert found.values.isna().tolist() == [True, False, False]
    assert not found.is_empty[0]


def test_a_counter_keeps_its_order():
    found = read(list(range(3000)))
    assert found.values.is_monotonic_increasing
    assert found.values.notna().all()


@settings(deadline=None)
@given(st.lists(st.integers(-(10**19), 10**19), max_size=30), st.lists(st.floats(), max_size=10))
def test_no_number_breaks_the_reading(whole, broken):
    found = read_moments(pd.Series([*map(str, whole), *map(str, broken)], dtype="str"))
    assert len(found.values) == len(whole) + len(broken)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 90 * 86_400), min_size=10, max_size=300),
    st.sampled_from(["2030-01-01", "2198-02-27", "2100-06-01", "1970-01-01", "1999-01-01"]),
    st.data(),
)
def test_one_stray_row_is_found_wherever_it_stands(offsets, odd, data):
    times = np.datetime64("2021-01-01", "s") + np.array(offsets)
    place = data.draw(st.integers(0, len(times)))
    with_odd = np.insert(times, place, np.datetime64(odd, "s"))
    assert np.flatnonzero(stray(with_odd)).tolist() == [place]
    assert not stray(times).any()


def test_many_late_rows_are_no_strays():
    times = np.datetime64("2020-01-01", "s") + np.arange(1000) * 3600
    times[-200:] += 3 * 365 * 86_400
    assert not stray(times).any()
    assert not decades_apart(times).any()


def test_a_part_decades_away_is_found():
    times = np.datetime64("2020-01-01", "s") + np.arange(100) * 3600
    times[10:40] = np.datetime64("1970-01-01", "s")
    assert np.flatnonzero(decades_apart(times)).tolist() == list(range(10, 40))
