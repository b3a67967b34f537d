"""Icons that are read out by what their button does."""

from __future__ import annotations

from base64 import b64decode
from xml.etree import ElementTree

import pytest

from dashboard.named_icons import SHAPES, named_icon


@pytest.mark.parametrize("shape", SHAPES)
def test_an_icon_is_a_whole_picture(shape):
    label = named_icon(shape, "Diversity settings")
    data = label.partition("base64,")[2].removesuffix(")")
    picture = ElementTree.fromstring(b64decode(data))
    assert picture.tag.endswith("svg")
    assert picture[0].get("d") == SHAPES[shape]


def test_words_from_the_data_stay_inside_the_alternative_text():
    label = named_icon("cross", "At most 2 of ](http://evil) in the top 5")
    assert label.count("](") == 1
    assert r"\]\(" in label
