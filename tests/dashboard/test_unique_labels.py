"""Whatever things are called, no two labels by which one is chosen read alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dashboard.presets import PRESETS
from dashboard.unique_labels import unique_labels
from engine.metrics.registry import METRICS
from engine.people import FINDERS

NAMES = st.sampled_from(["A", "A (1)", "A [0]", "A [0] [0]", "A  (1)", " A", "", "[0]", "B · c"])


@given(st.lists(st.tuples(NAMES, st.sampled_from(["", "1", "2"])), max_size=12))
def test_no_two_things_share_a_label(things):
    names = [name for name, _ in things]
    labels = unique_labels(
        names, [str(at) for at in range(len(names))], [more for _, more in things]
    )
    assert len(set(labels)) == len(labels)
    assert all(label == " ".join(label.split()) != "" for label in labels)
    assert all(
        label.startswith(" ".join(n.split())) for label, n in zip(labels, names, strict=True)
    )


def test_two_films_of_one_title_are_told_apart_by_year_before_id():
    labels = unique_labels(["Sabrina"] * 3, ["a", "b", "c"], ["1954", "1995", "1995"])
    assert labels == ["Sabrina (1954)", "Sabrina (1995) [b]", "Sabrina (1995) [c]"]


def test_what_is_alone_keeps_its_name():
    assert unique_labels(["Fargo", "Heat"], ["1", "2"], ["1996", "1995"]) == ["Fargo", "Heat"]


def test_our_own_names_are_unique_where_one_is_chosen():
    for labels in (
        [metric.label for metric in METRICS.values()],
        [finder.label for finder in FINDERS.values()],
        list(PRESETS),
    ):
        assert len(set(labels)) == len(labels)
