"""Intersections of attributes: everyone in exactly one, named and ordered by their parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import ScenarioError
from engine.metrics.audience import Audience, describe
from engine.metrics.crossing import cross
from tests.engine.metrics.random_service import random_artifacts


@pytest.fixture(scope="module")
def audience() -> Audience:
    rng = np.random.default_rng(0)
    plain = describe(random_artifacts(n_users=60))
    codes = np.stack([rng.integers(0, 2, 60), rng.integers(0, 3, 60), rng.integers(0, 4, 60)])
    codes[0, 5] = -1
    return replace(
        plain,
        user_groups=codes.T.astype(np.int16),
        attributes={
            "gender": ("man", "woman"),
            "age": ("young", "middle", "old"),
            "place": ("north", "east", "south", "west"),
        },
    )


@pytest.mark.parametrize("attributes", [("age",), ("age", "gender"), ("gender", "age", "place")])
def test_a_persons_label_is_made_of_their_own_labels(audience: Audience, attributes):
    labels, codes = cross(audience, attributes)
    assert len(set(labels)) == len(labels)
    for user in range(audience.n_users):
        own = [int(audience.codes(name)[user]) for name in attributes]
        if -1 in own:
            assert codes[user] == -1
            continue
        parts = [
            audience.attributes[name][code] for name, code in zip(attributes, own, strict=True)
        ]
        assert labels[codes[user]] == " · ".join(parts)


def test_intersections_with_nobody_are_left_out_and_the_order_is_that_of_the_labels(audience):
    labels, codes = cross(audience, ("gender", "place"))
    assert set(codes[codes >= 0]) == set(range(len(labels)))
    order = [
        (
            audience.attributes["gender"].index(first),
            audience.attributes["place"].index(second),
        )
        for first, second in (label.split(" · ") for label in labels)
    ]
    assert order == sorted(order)


def test_a_single_attribute_keeps_its_empty_groups(audience: Audience):
    more = replace(
        audience, attributes={**audience.attributes, "age": ("young", "middle", "old", "x")}
    )
    assert cross(more, ("age",))[0] == ("young", "middle", "old", "x")


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        (("wealth",), "No attribute is named 'wealth'; there are gender, age, place."),
        ((), "one to 3 different attributes; got none"),
        (("age", "age"), "one to 3 different attributes"),
    ],
)
def test_what_cannot_be_crossed_is_refused_in_a_sentence(audience: Audience, attributes, said: str):
    with pytest.raises(ScenarioError, match=said):
        cross(audience, attributes)
