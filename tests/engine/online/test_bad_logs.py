"""Logs that a fit keeps and that are not as they should be: a sentence each, and never a traceback.

Files given by hand are refused in ``test_ope_answers``; what breaks the contract, in
``tests/engine/data/test_readers``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.errors import DataError
from engine.online.given_log import answer_log
from engine.online.kept_log import kept_log
from engine.online.log import read_log
from engine.online.log_report import log_checks
from engine.online.log_words import log_lines
from engine.scenario import Scenario


@pytest.fixture
def log(tiny_artifacts):
    return kept_log(tiny_artifacts)


def check(log, what: str):
    return next(one for one in log_checks(log, 80) if one.what.startswith(what))


def test_missing_propensities_are_counted_and_left_out(tiny_artifacts, log):
    chance = log.propensity.copy()
    is_first = np.flatnonzero(log.position == 0)
    chance[is_first[:7]] = np.nan
    own = replace(log, propensity=chance)
    found = check(own, "Propensities in (0, 1]")
    assert found.is_right is False
    assert "missing in 7 rows" in found.words
    _, notes = answer_log(tiny_artifacts, own, Scenario(), 20.0, "gender")
    assert any("7 rows left out: the chance of the place is not known" in one for one in notes)
    nowhere = replace(log, propensity=np.full(len(log), np.nan))
    assert "nothing can be estimated" in check(nowhere, "Propensities in (0, 1]").words
    with pytest.raises(DataError, match="No row of the log can be used"):
        answer_log(tiny_artifacts, nowhere, Scenario(), 1.0, "gender")


def test_positions_from_one_are_the_same_log_as_from_nought():
    table = pd.DataFrame(
        {
            "user_id": ["a", "b", "a", "b"],
            "item_id": ["x", "y", "y", "x"],
            "event": ["click", "impression"] * 2,
            "position": [0, 0, 1, 1],
            "propensity": 0.5,
        }
    )
    zero, one = read_log(table), read_log(table.assign(position=table["position"] + 1))
    assert zero.position.tolist() == one.position.tolist()
    assert "Positions are numbered from 1 in the file." in one.notes
    assert "Positions are numbered from 1 in the file." not in zero.notes


def test_two_policies_without_names_are_said_to_be_taken_for_one():
    table = pd.DataFrame(
        {
            "user_id": ["a", "b"] * 2,
            "item_id": ["x", "y", "y", "x"],
            "event": ["click", "impression"] * 2,
            "position": 0,
            "propensity": [0.5, 0.5, 0.9, 0.1],
        }
    )
    for own in (table, table.assign(policy=None), table.assign(policy=" ")):
        assert any("No policy is named" in one for one in read_log(own).notes)
    named = read_log(table.assign(policy=["old", "old", "new", "new"]))
    assert not any("No policy is named" in one for one in named.notes)


def test_a_log_of_one_title_or_without_choices_is_refused_in_a_sentence(tiny_artifacts, log):
    alone = replace(log, item_ids=np.full(len(log), "i1", object))
    assert check(alone, "Several titles").is_right is False
    with pytest.raises(DataError, match="one title alone"):
        answer_log(tiny_artifacts, alone, Scenario(), 1.0, "gender")
    idle = replace(log, strength=np.zeros(len(log)))
    assert "every policy would earn nothing" in check(idle, "Something was chosen").words
    with pytest.raises(DataError, match="nothing was ever chosen"):
        answer_log(tiny_artifacts, idle, Scenario(), 1.0, "gender")
    said = log_lines(idle, tiny_artifacts, "gender")  # what can be said of it is
    assert any("Attention cannot be taken from this log" in one for one in said)


def test_what_was_taken_back_is_no_choice(log):
    own = replace(log, strength=np.where(log.strength > 0, -1.0, 0.0))
    assert not own.reward.any()
    assert not own.is_converted.any()
