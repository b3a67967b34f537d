"""What decides a verdict is a file: written, read back as it was, refused by name."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.audit.settings import AuditSettings
from engine.errors import ScenarioError
from engine.metrics.rank_weights import ATTENTION_MODELS
from engine.metrics.registry import USER_METRICS
from engine.metrics.settings import Settings
from engine.metrics.statistics.policy import CORRECTIONS

ANY = st.builds(
    AuditSettings,
    st.lists(st.text("abc é", min_size=1), min_size=1, max_size=3).map(tuple),
    metric=st.sampled_from(USER_METRICS),
    reference=st.text("abc·", max_size=9),
    band=st.tuples(st.floats(0.01, 1), st.floats(1, 100)),
    min_n=st.integers(2, 500),
    level=st.floats(1e-6, 0.5),
    correction=st.sampled_from(sorted(CORRECTIONS)),
    least_events=st.integers(0, 100),
    measured_with=st.builds(
        Settings,
        attention=st.sampled_from(sorted(ATTENTION_MODELS)),
        patience=st.floats(0.01, 0.99),
        top=st.integers(1, 10),
    ),
)


@given(ANY)
def test_what_is_written_is_read_back_as_it_was(settings: AuditSettings):
    assert AuditSettings.from_json(settings.to_json()) == settings
    assert AuditSettings.from_json(settings.to_json().encode()) == settings


def test_what_is_left_out_has_its_default():
    assert AuditSettings.from_json('{"groups": ["gender"]}') == AuditSettings(("gender",))


def test_every_part_of_the_policy_comes_from_the_file():
    settings = AuditSettings(("a",), min_n=7, level=0.1, correction="none", least_events=3)
    policy = settings.policy
    found = policy.least_n, policy.level, policy.correction, policy.least_events
    assert found == (7, 0.1, "none", 3)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "must be an object"),
        ({}, "must name `groups`"),
        ({"groups": []}, "one to 3 attributes"),
        ({"groups": "gender"}, "one to 3 attributes"),
        ({"groups": [1]}, "`groups`"),
        ({"by": ["gender"]}, "'by' is not a field of the audit settings; allowed are groups"),
        ({"groups": ["a"], "metric": "coverage"}, "`metric` of the audit settings must be one of"),
        ({"groups": ["a"], "band": [1.2, 0.8]}, "`band`"),
        ({"groups": ["a"], "band": 0.8}, "two ratios"),
        ({"groups": ["a"], "least_n": 1}, "`least_n`"),
        ({"groups": ["a"], "least_n": 10**5000}, "`least_n`"),
        ({"groups": ["a"], "level": 0}, "`level`"),
        ({"groups": ["a"], "correction": ["holm"]}, "`correction`"),
        ({"groups": ["a"], "measured_with": 1}, "`measured_with`"),
        ({"groups": ["a"], "measured_with": {"attention": "x"}}, "`attention`"),
        ({"groups": ["a"], "measured_with": {"colour": 1}}, "'colour' is not a field"),
        ({"groups": ["a"], "measured_with": {"patience": 1}}, "`patience`"),
    ],
)
def test_what_is_wrong_is_refused_by_name(given, said: str):
    with pytest.raises(ScenarioError) as refused:
        AuditSettings.from_dict(given)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "[", "{" * 100_000, '{"groups": NaN}', "x" * 30_000])
def test_what_is_no_json_is_one_sentence(text: str):
    with pytest.raises(ScenarioError, match="The file of the audit settings"):
        AuditSettings.from_json(text)


def test_every_parameter_of_the_metrics_can_be_given():
    assert set(AuditSettings(("a",)).to_dict()["measured_with"]) == set(vars(Settings()))
    full = AuditSettings(("a",)).to_dict()
    assert json.loads(json.dumps(full)) == full
