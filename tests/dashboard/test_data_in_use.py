"""Which data set is shown: the one asked for, else the simulated one with the reason."""

from __future__ import annotations

import pytest

from dashboard.data_in_use import asked_for, data_in_use, fitted_names
from engine.data.naming import name_of, spoken
from engine.errors import ArtifactError


@pytest.fixture
def fitted(tmp_path, monkeypatch):
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path))
    monkeypatch.delenv("RERANK_STUDIO_DATA", raising=False)

    def fit(*names):
        for name in names:
            folder = tmp_path / ".artifacts" / name
            folder.mkdir(parents=True)
            (folder / "CURRENT").write_text("fit-x\n")

    return fit


def test_the_one_asked_for(fitted):
    fitted("movielens-100k", "simulated")
    assert data_in_use().name == "movielens-100k"
    assert data_in_use().reason == ""


def test_the_stand_in_says_why(fitted):
    fitted("simulated")
    assert data_in_use().name == "simulated"
    assert "movielens-100k" in data_in_use().reason


def test_nothing_fitted_says_what_to_run(fitted):
    fitted()
    with pytest.raises(ArtifactError, match="make run"):
        data_in_use()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("", "movielens-100k"),
        ("simulated", "simulated"),
        ("simulated:6000x4000", "simulated-6000x4000"),
        ("some/where/my films", "my-films"),
        ("downloads/ml-1m.zip", "ml-1m"),
    ],
)
def test_the_name_of_what_was_asked_for(monkeypatch, given, name):
    monkeypatch.setenv("RERANK_STUDIO_DATA", given)
    assert spoken(asked_for()) == name


def test_all_fitted_ones_are_listed_the_one_asked_for_first(fitted):
    fitted("another", "movielens-100k")
    assert fitted_names() == ("movielens-100k", "another")


def test_the_stand_in_is_not_taken_for_a_folder_of_the_same_name(fitted, monkeypatch, tmp_path):
    """The fit of another folder called ``films`` is not shown, and no digest is said."""
    fitted("simulated", name_of(str(tmp_path / "old" / "films")))
    monkeypatch.setenv("RERANK_STUDIO_DATA", str(tmp_path / "new" / "films"))
    assert data_in_use().name == "simulated"
    assert data_in_use().reason.startswith("films has no fitted pipeline here")


def test_fits_of_both_splits_stand_side_by_side(fitted, monkeypatch):
    fitted("movielens-100k", "movielens-100k@one-moment")
    assert data_in_use().name == "movielens-100k"
    monkeypatch.setenv("RERANK_STUDIO_SPLIT", "one-moment")
    assert data_in_use().name == "movielens-100k@one-moment"
    assert fitted_names() == ("movielens-100k@one-moment", "movielens-100k")
    assert data_in_use("movielens-100k").name == "movielens-100k"


def test_a_fit_without_attributes_has_a_name_of_its_own(monkeypatch):
    monkeypatch.setenv("RERANK_STUDIO_WITHOUT", "gender, age")
    assert asked_for() == "movielens-100k@without-age+gender"
    assert spoken(asked_for()) == "movielens-100k (without age and gender)"


def test_an_attribute_with_a_comma_in_its_name_can_be_left_out(monkeypatch):
    monkeypatch.setenv("RERANK_STUDIO_WITHOUT", '"city, state", gender')
    assert asked_for() == "movielens-100k@without-city-state+gender"
