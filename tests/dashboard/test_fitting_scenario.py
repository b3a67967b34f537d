"""A scenario from elsewhere stops no page: what the data does not have is left out, and said."""

from __future__ import annotations

from dashboard.fitting_scenario import fitting
from engine.scenario import Cap, Rule, Scenario


def test_a_typo_in_a_rule_or_cap_is_left_out_with_what_was_likely_meant(tiny_artifacts):
    genre = tiny_artifacts.genre_names[0]
    typo = genre[:-1] + "q"
    given = Scenario(
        caps=(Cap("genre", typo, 1, 5), Cap("genre", genre, 2, 5)),
        rules=(
            Rule("hide", "genre", (genre, typo)),
            Rule("pin", "title", ("Nothing of the kind",)),
        ),
    )
    fits, said = fitting(tiny_artifacts, given)
    assert fits.caps == (Cap("genre", genre, 2, 5),)
    assert fits.rules == (Rule("hide", "genre", (genre,)),)
    assert len(said) == 3
    assert sum(f"was {genre!r} meant?" in sentence for sentence in said) == 2


def test_groups_of_another_data_set_fall_back_and_are_said(tiny_artifacts):
    given = Scenario(item_fairness_group="genre:Nope", people_attribute="height")
    fits, said = fitting(tiny_artifacts, given)
    assert (fits.item_fairness_group, fits.people_attribute) == ("long_tail", None)
    assert len(said) == 2
    assert "'Nope'" in said[0]
    assert "'height'" in said[1]


def test_what_fits_is_left_as_it_is(tiny_artifacts):
    genre, attribute = tiny_artifacts.genre_names[0], next(iter(tiny_artifacts.attributes))
    given = Scenario(
        diversity=0.3,
        item_fairness_group=f"genre:{genre}",
        people_attribute=attribute,
        caps=(Cap(), Cap("genre", genre, 1, 3)),
        rules=(Rule("hide", "genre", (genre,)),),
    )
    assert fitting(tiny_artifacts, given) == (given, [])
