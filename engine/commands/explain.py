"""``python -m engine explain``: why a person gets this list, and what would bring an item in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.outputs import Output

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.people.explanation import Explanation, ItemExplanation

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "explain"
HELP = "say why each item of a person's list moved, why an item ranks there, what would bring it in"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``explain``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--person", required=True, metavar="ID", help="as the data name them")
    parser.add_argument("--item", metavar="ID", help="an item to explain, as the data name it")
    parser.add_argument("--scenario", type=Path, help="a scenario file (default: neutral)")
    parser.add_argument("--json", type=Output, metavar="OUT", help="write every part there")


def run(arguments: argparse.Namespace) -> int:
    """Open the fit, explain, print, and write the JSON if asked."""
    from engine.artifacts import open_artifacts
    from engine.commands.inputs import read_scenario
    from engine.data import artifact_folder
    from engine.data.naming import name_of
    from engine.people.explanation import explain_person

    artifacts = open_artifacts(artifact_folder(name_of(arguments.data)))
    scenario = read_scenario(arguments.scenario)
    user = _index("person", arguments.person, artifacts.user_index)
    item = None
    if arguments.item is not None:
        item = _index("item", arguments.item, artifacts.item_index)
    found = explain_person(artifacts, scenario, user, item)
    print("\n".join(_lines(found, arguments.person)))
    if found.about is not None:
        print("\n".join(_item_lines(found, found.about)))
    if arguments.json:
        arguments.json.write_json(found.to_json())
    return 0


def _index(what: str, given: str, known: Mapping[str, int]) -> int:
    from engine.errors import ScenarioError
    from engine.scenario_values import brief

    if given not in known:
        some = ", ".join(list(known)[:3])
        raise ScenarioError(
            f"No {what} of these data is called {brief(given)}; there are {len(known):,}, such as "
            f"{some}."
        )
    return known[given]


def _lines(found: Explanation, person: str) -> list[str]:
    from engine.formats import movement
    from engine.people.moves import move_in_words

    titles = found.artifacts.items["title"]
    lines = [f"{found.artifacts.manifest['title']}: the list of {person}, and what dropped out."]
    for entry in found.ledger.entries:
        place = "  –" if entry.rank_after is None else f"{entry.rank_after:>3}"
        moved = movement(entry.rank_before, entry.rank_after)
        said = move_in_words(found.artifacts, entry)
        lines.append(f"{place} {moved:>6}  {titles.iloc[entry.item]}: {said}")
    return lines


def _item_lines(found: Explanation, about: ItemExplanation) -> list[str]:
    from engine.formats import Style, number, signed
    from engine.people.ways_in import no_way_in_words, ways_in

    if about.why is None:
        is_seen = (found.artifacts.history.row(found.user) == about.item).any()
        is_seen &= not found.artifacts.offers_again
        why = (
            "is in their history, so it is no" if is_seen else "is not proposed by any source as a"
        )
        return [f"{about.title} {why} candidate: nothing that re-ranking can do."]
    two = Style(2)
    lines = [
        f"{about.title}: ranked {about.rank}, score {number(about.why.score, two)} against "
        f"{number(about.why.mean_score, two)} of their mean candidate. The difference is the sum "
        "of:",
        *(
            f"  {signed(value, two):>6}  {family}"
            for family, value in zip(about.why.families, about.why.values, strict=True)
        ),
    ]
    if not about.changes:
        return [*lines, "It is in the list."]
    ways = ways_in(about.changes, found.scenario)
    lines.append("What would bring it in, each change alone:" if ways else "Nothing brings it in.")
    lines.extend(f"  {way.words}" for way in ways)
    return [*lines, *filter(None, [no_way_in_words(about.changes, found.scenario)])]
