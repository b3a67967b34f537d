"""``python -m engine audit``: who is served worse, in the figures of the Fairness audit page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.outputs import Output

if TYPE_CHECKING:
    from engine.artifacts import Artifacts
    from engine.audit.figures import AuditFigures
    from engine.audit.settings import AuditSettings

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "audit"
HELP = "compare groups of people under a scenario: who is served worse, and is it clear"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``audit``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--scenario", type=Path, help="a scenario file (default: neutral)")
    parser.add_argument("--baseline", type=Path, help="compare with this scenario, not neutral")
    parser.add_argument(
        "--settings", type=Path, help="a file with what decides a verdict; what follows overrides"
    )
    parser.add_argument(
        "--by", help="one to three attributes of people, separated by commas (default: the first)"
    )
    parser.add_argument("--metric", help="a metric with a value for every person (default: ndcg)")
    parser.add_argument(
        "--reference",
        help="rest (everyone else), largest, everyone or the name of a group (default: rest)",
    )
    parser.add_argument(
        "--band", type=float, help="0.8: ratios of 0.8 to 1/0.8 count as small (the default)"
    )
    parser.add_argument(
        "--least-n", type=int, help="suppress groups of fewer people with a value (default: 20)"
    )
    parser.add_argument("--json", type=Output, metavar="OUT", help="write every figure there")
    parser.add_argument(
        "--html", type=Output, metavar="OUT", help="write the report there, without its charts"
    )
    parser.add_argument(
        "--pdf", type=Output, metavar="OUT", help="print the report there, with a Chromium at hand"
    )
    parser.add_argument(
        "--save-settings", type=Output, metavar="OUT", help="write what decides a verdict there"
    )


def run(arguments: argparse.Namespace) -> int:
    """Open the fit, audit, print what was found, and write what was asked for."""
    from engine.artifacts import open_artifacts
    from engine.audit.audit import audit_scenario
    from engine.audit.audit_json import audit_to_json
    from engine.audit.figures import AuditFigures
    from engine.audit.full_report import full_report
    from engine.audit.report import render
    from engine.commands.inputs import read_scenario
    from engine.data import artifact_folder
    from engine.data.naming import name_of
    from engine.paper import to_pdf

    artifacts = open_artifacts(artifact_folder(name_of(arguments.data)))
    scenario = read_scenario(arguments.scenario)
    baseline = read_scenario(arguments.baseline) if arguments.baseline else None
    settings = _settings(arguments, artifacts)
    figures = AuditFigures(audit_scenario(artifacts, scenario, settings, baseline=baseline))
    print("\n".join(_lines(figures)))
    if arguments.json:
        arguments.json.write_json(audit_to_json(figures))
    if arguments.html or arguments.pdf:
        page = render(full_report(figures))
        if arguments.html:
            arguments.html.write(page)
        if arguments.pdf:
            arguments.pdf.write(to_pdf(page))
        print("The report holds every table and sentence; the page's own has the charts as well.")
    if arguments.save_settings:
        arguments.save_settings.write(settings.to_json())
    return 0


def _settings(arguments: argparse.Namespace, artifacts: Artifacts) -> AuditSettings:
    """Read the settings file, if any, and put what was given besides in its place."""
    from engine.audit.settings import AuditSettings
    from engine.errors import ScenarioError

    given: dict[str, Any] = {}
    if arguments.by:
        known = tuple(artifacts.attributes)
        given["groups"] = [_attribute(name.strip(), known) for name in arguments.by.split(",")]
    named = ("metric", arguments.metric), ("reference", arguments.reference)
    given |= {name: value for name, value in named if value is not None}
    if arguments.least_n is not None:
        given["least_n"] = arguments.least_n
    if arguments.band is not None:
        if not 0.01 <= arguments.band <= 1:
            raise ScenarioError(f"--band must be from 0.01 to 1; got {arguments.band:g}.")
        given["band"] = [arguments.band, 1 / arguments.band]
    if arguments.settings:
        return AuditSettings.from_dict(_read(arguments.settings).to_dict() | given)
    if not artifacts.attributes:
        raise ScenarioError(
            f"{artifacts.manifest['title']} has no attributes of people: there are no groups to "
            "compare."
        )
    return AuditSettings.from_dict({"groups": [next(iter(artifacts.attributes))], **given})


def _attribute(given: str, known: tuple[str, ...]) -> str:
    """Return the attribute of that name, or the only one that begins so (``age`` of two words)."""
    begun = [name for name in known if name.startswith(given)]
    return begun[0] if given and given not in known and len(begun) == 1 else given


def _read(path: Path) -> AuditSettings:
    from engine.audit.settings import MAX_BYTES, AuditSettings
    from engine.commands.inputs import read_settings

    return read_settings(
        path,
        AuditSettings.from_json,
        max_bytes=MAX_BYTES,
        what="The settings file",
        remedy="give the path of a JSON file with at least `groups`.",
    )


def _lines(figures: AuditFigures) -> list[str]:
    from engine.audit.audit_json import sentences_of
    from engine.audit.one_number import gap_in_words
    from engine.audit.summary import clear_findings, conclusion
    from engine.audit.words import disparity_sentence, p_value
    from engine.formats import number, style_of
    from engine.metrics.statistics.verdict import Word

    audit, gap = figures.audit, figures.gap
    comparison, style = audit.comparison, style_of(audit.metric)
    said = sentences_of(figures)
    concluded = conclusion(comparison)
    more = said.pop("groups")[len(concluded) :]
    listed = [
        f"  {disparity_sentence(one, comparison.label, style)}"
        for one in comparison.after
        if one.n + one.n_undefined > 0 and one.verdict.word is not Word.TOO_FEW_PEOPLE
    ]
    return [
        f"{audit.artifacts.manifest['title']}: {comparison.label} of {audit.evaluation.n_users:,} "
        f"people by {audit.by}, against {comparison.reference.words}.",
        *listed,
        *([] if clear_findings(comparison) else concluded),
        *more,
        f"Gap between the groups: {number(gap.value, style)}; by chance alone "
        f"{number(gap.expected, style)} on average, 95 % below {number(gap.limit, style)} "
        f"({p_value(gap.p)}): {gap_in_words(gap)}.",
        *(sentence for part in said.values() for sentence in part),
    ]
