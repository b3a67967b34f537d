"""Whether texts say enough: the rule in a loop, and what is said where they do not."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError
from engine.pipeline.text import extra
from engine.pipeline.text.worth import LEAST_WORDS, LOOKED_AT, text_worth


def literal(texts: list[str]) -> tuple[float, float]:
    """Share and median by a loop: a word counts unless more than half of the texts hold it."""
    words = [set(re.findall(r"[^\W\d_]{2,}", text.casefold())) for text in texts]
    counts = []
    for own in words:
        telling = 0
        for word in own:
            n_with = sum(word in other for other in words)
            telling += n_with <= len(texts) / 2 or len(texts) == 1
        counts.append(telling)
    return sum(n >= LEAST_WORDS for n in counts) / len(texts), float(np.median(counts))


@given(
    st.lists(
        st.lists(st.sampled_from(["red", "hat", "blue", "mug", "12", "a"])).map(" ".join),
        min_size=1,
    )
)
def test_the_rule_is_a_count_of_words_that_tell_texts_apart(texts):
    found = text_worth(texts)
    assert (found.share, found.n_words) == pytest.approx(literal(texts))
    assert found.n_items == len(texts)
    assert bool(found.lacking) == (found.share < 0.5)


@given(st.lists(st.text(max_size=30), max_size=6))
def test_whatever_is_written_there_is_an_answer(texts):
    found = text_worth(texts)
    assert found.lacking or found.share >= 0.5


@pytest.mark.parametrize(
    "texts",
    [
        [f"item number {number}" for number in range(9)],
        [f"SKU-{number}" for number in range(9)],
        ["", "", "A long text about a single thing of which there are no others"],
        ["😀", "12", "\x00"],
        [],
    ],
)
def test_names_that_say_nothing_are_refused_in_one_sentence(texts):
    reason = text_worth(texts).lacking
    assert reason.startswith("texts say too little: ") or reason == "there is no item"
    assert "." not in reason


def test_what_is_said_has_its_count_and_large_catalogues_are_looked_at_in_part():
    said = text_worth(["Two thieves", "A baker of bread", "Sea"]).said
    assert said.startswith("67 % of 3 items have a text of 2 words or more that tell it from ")
    assert said.endswith(", 2 in the middle")
    assert text_worth(["Two thieves"] * (LOOKED_AT + 1)).n_items == LOOKED_AT


def test_without_the_model_one_sentence_says_what_is_missing_and_how_to_get_it(monkeypatch):
    from engine.pipeline.retrieval import registry

    monkeypatch.setattr(extra, "has_sentences", lambda: False)
    monkeypatch.setattr(registry, "has_sentences", lambda: False)
    with pytest.raises(DataError, match=r"The source sentences cannot be fitted: .*TEXT=1"):
        registry.refuse_unlearnable(("bpr", "sentences"))
    assert "make setup TEXT=1" in registry.not_installed("sentences")
    assert "sentences" not in registry.learnable()
    assert registry.not_installed("bpr") == ""
    monkeypatch.setattr(registry, "has_sentences", lambda: True)
    assert registry.not_installed("sentences") == ""
