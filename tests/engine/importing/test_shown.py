"""What was shown, in a file of one's own: kept as the log of the fit, and never an interaction."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.data.shown import has_log, log_table
from engine.importing.imported import load_imported
from engine.importing.publishing import check_files, import_files
from tests.engine.importing.shapes import shown_rows


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "news.csv"
    shown_rows().to_csv(path, index=False)
    return path


def test_places_and_chances_are_found_and_kept_as_the_log_of_the_fit(file):
    built, mapping = check_files([file])
    shown = mapping.shown
    assert (shown.position, shown.propensity) == ("slot", "propensity_score")
    assert (shown.slate, shown.policy) == ("request_id", "variant")
    assert mapping.interactions.value is None  # a chance is no rating
    assert built.counts["shown"] == 40 * 4 * 3

    import_files([file], None, "news")
    dataset = load_imported("news")
    assert not (dataset.interactions["event"] == "impression").any()
    assert has_log(dataset.shown)
    log, n_left_out = log_table(dataset, dataset.users["user_id"])
    raw = shown_rows()
    known = raw["article_id"].isin(dataset.items["item_id"])
    assert len(log) + n_left_out == (raw["action"] == "impression").sum()
    assert n_left_out == ((raw["action"] == "impression") & ~known).sum()
    assert (log["event"] == "click").sum() == (raw["action"] == "click").sum()
    assert sorted(log["position"].unique()) == [1, 2, 3]
    assert set(log["policy"]) == {"old"}
    assert log["propensity"].to_numpy() == pytest.approx(1 / 30, abs=1e-4)


def test_impressions_are_said_to_be_kept_not_left_out(file):
    built, _ = check_files([file])
    assert "`impression` is no interaction: kept as what was shown" in [
        one.text for one in built.findings.of("changed")
    ]
    assert not [one for one in built.findings.of("left out") if "impression" in one.text]


def test_a_chance_that_is_none_is_said_and_read_as_not_said(tmp_path):
    table = shown_rows()
    table.loc[:4, "propensity_score"] = ["0", "1.5", "-0.2", "often", "nan"]
    path = tmp_path / "news.csv"
    table.to_csv(path, index=False)
    built, _ = check_files([path])
    (said,) = [one for one in built.findings.of("changed") if one.column == "propensity_score"]
    assert said.text == "cells that hold no number more than 0 and at most 1 are read as not said"
    assert (said.n_rows, set(said.examples)) == (4, {"0", "1.5", "-0.2", "often"})
    import_files([path], None, "news")
    assert load_imported("news").shown["propensity"].isna().sum() == 5


def test_ids_that_are_hashed_are_hashed_in_the_log_too(file):
    _, mapping = check_files([file])
    import_files([file], replace(mapping, ids="hash"), "news")
    dataset = load_imported("news")
    assert not dataset.shown["user_id"].str.startswith("v").any()
    assert set(dataset.shown["user_id"]) <= set(dataset.users["user_id"])


def test_clicks_without_impressions_make_no_log_and_that_is_said(tmp_path):
    table = shown_rows()
    path = tmp_path / "news.csv"
    table[table["action"] == "click"].to_csv(path, index=False)
    built, mapping = check_files([path])
    assert mapping.shown.position is None
    assert built.counts["shown"] == 0
