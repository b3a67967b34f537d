"""``python -m engine record``: compare scenarios, and write the record of a decision for one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.outputs import Output

if TYPE_CHECKING:
    from engine.artifacts import Artifacts
    from engine.decision.settings import DecisionSettings
    from engine.scenario import Scenario

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "record"
HELP = "compare scenarios under guardrails, and record the decision for one of them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``record``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument(
        "--scenario", type=Path, required=True, help="the scenario file that is decided for"
    )
    parser.add_argument(
        "--also", type=Path, action="append", default=[], help="another one looked at; at most 3"
    )
    parser.add_argument("--baseline", type=Path, help="compare with this scenario, not neutral")
    parser.add_argument(
        "--settings", type=Path, help="a file with what decides a verdict; what follows overrides"
    )
    parser.add_argument(
        "--such-that",
        action="append",
        metavar="GUARDRAIL",
        help="'ndcg loss <= 1%%', 'ndcg loss <= 2%% for every gender', 'top_item_share <= 40%%'; "
        "may be given again",
    )
    parser.add_argument("--by", help="an attribute of people: who wins and who loses")
    parser.add_argument("--margin", type=float, help="0.01: within 1 %% is as good (the default)")
    parser.add_argument(
        "--with",
        dest="feedback",
        action="append",
        default=[],
        metavar="PART",
        help="record what feedback says too: 'year rounds=50 seeds=5 explore=1', 'earned "
        "temperature=0.5 log=kept', 'bandits arms=settings'; may be given again",
    )
    parser.add_argument("--who", default="", help="who decides")
    parser.add_argument("--why", default="", help="why")
    parser.add_argument("--json", type=Output, metavar="OUT", help="write the record there")
    parser.add_argument("--html", type=Output, metavar="OUT", help="write it to read there")
    parser.add_argument(
        "--pdf", type=Output, metavar="OUT", help="print it there, with a Chromium at hand"
    )
    parser.add_argument(
        "--save-settings", type=Output, metavar="OUT", help="write what decides a verdict there"
    )


def run(arguments: argparse.Namespace) -> int:
    """Compare, print what was found, write what was asked for; status 1 where a guardrail fails."""
    from engine.artifacts import open_artifacts
    from engine.commands.inputs import read_scenario
    from engine.data import artifact_folder
    from engine.data.naming import name_of
    from engine.decision.answers import Answer
    from engine.decision.comparison import compare_scenarios
    from engine.decision.record import make_record, record_text
    from engine.decision.report import record_html
    from engine.decision.words import comparison_lines
    from engine.paper import to_pdf
    from engine.saved.records import Author

    settings = _settings(arguments)
    scenarios = [read_scenario(path) for path in (arguments.scenario, *arguments.also)]
    baseline = read_scenario(arguments.baseline) if arguments.baseline else None
    artifacts = open_artifacts(artifact_folder(name_of(arguments.data)))
    found = compare_scenarios(artifacts, scenarios, baseline=baseline, settings=settings)
    chosen = found.rivals[0]
    print("\n".join(comparison_lines(found)))
    for one in chosen.guardrails:
        print(f"  {one.sentence}")
    feedback = _feedback(arguments.feedback, artifacts, chosen.scenario, found.baseline)
    record = make_record(found, Author(arguments.who, arguments.why), feedback=feedback)
    if arguments.json:
        arguments.json.write(record_text(record))
    if arguments.html:
        arguments.html.write(record_html(record))
    if arguments.pdf:
        arguments.pdf.write(to_pdf(record_html(record)))
    if arguments.save_settings:
        arguments.save_settings.write(settings.to_json())
    return 1 if chosen.answer is Answer.FAIL else 0


def _feedback(
    asked: list[str], artifacts: Artifacts, scenario: Scenario, baseline: Scenario
) -> dict[str, Any]:
    """Find and print what feedback says of the scenario, as asked for."""
    if not asked:
        return {}
    from engine.commands.bars import ShareBar
    from engine.decision.feedback import find_feedback

    parts = dict(_part(one) for one in asked)
    with ShareBar("Feedback") as tell:
        found = find_feedback(artifacts, scenario, baseline, parts, tell=tell)
    for part in found.values():
        print("\n".join(part["found"]["words"]))
    return found


def _part(given: str) -> tuple[str, dict[str, Any]]:
    """Read ``year rounds=50 seeds=5``."""
    from engine.errors import ScenarioError

    name, *rest = given.split() or [""]
    settings: dict[str, Any] = {}
    for one in rest:
        key, sign, value = one.partition("=")
        if not sign:
            raise ScenarioError(
                f"`--with` takes a part and settings such as rounds=50; got {one!r:.60}."
            )
        try:
            settings[key] = float(value) if "." in value else int(value)
        except ValueError:
            settings[key] = value
    return name, settings


def _settings(arguments: argparse.Namespace) -> DecisionSettings:
    """Read the settings file, if any, and put what was given besides in its place."""
    from engine.decision.settings import DecisionSettings

    given: dict[str, Any] = {}
    named = (
        ("guardrails", arguments.such_that),
        ("attribute", arguments.by),
        ("margin", arguments.margin),
    )
    given |= {name: value for name, value in named if value is not None}
    if arguments.settings:
        return DecisionSettings.from_dict(_read(arguments.settings).to_dict() | given)
    return DecisionSettings.from_dict(given)


def _read(path: Path) -> DecisionSettings:
    from engine.commands.inputs import read_settings
    from engine.decision.settings import MAX_BYTES, DecisionSettings

    return read_settings(
        path,
        DecisionSettings.from_json,
        max_bytes=MAX_BYTES,
        what="The settings file",
        remedy="give the path of the JSON file that --save-settings wrote.",
    )
