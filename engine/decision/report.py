"""A record of a decision to read: one HTML file that stands alone, verdict first."""

from __future__ import annotations

from typing import Any

import pandas as pd

from engine.audit.report import KeyFigure, Report, Section, Summary, Table, facts, render, table_of
from engine.audit.report_summary import payers_sentence
from engine.decision.record import WON_BY, record_text
from engine.decision.words import baseline_words
from engine.formats import change, confidence, interval, number, style_of
from engine.metrics.registry import METRICS
from engine.scenario import Scenario

__all__ = ["FEEDBACK", "record_html"]


def record_html(record: dict[str, Any]) -> str:
    """Return the page: all of it is read off the record, and the record itself ends it."""
    name = record["scenario"]["name"]
    data, decided = record["data"], record["decided"]
    report = Report(
        title=f"Decision: {name}",
        subtitle="Which one do we ship, and can anyone check it?",
        badge=f"{data['provenance'].capitalize()}. {data['title']}.",
        facts=facts(
            [
                ("Decided", decided["at"]),
                ("By", decided["who"] or "not said"),
                ("Why", decided["why"] or "not said"),
                ("Scenario", name),
                ("Baseline", baseline_words(Scenario.from_dict(record["baseline"]))),
                ("Also looked at", ", ".join(one["name"] for one in record["also_considered"])),
                ("People", f"{record['audience']['n_people']:,}"),
                ("Data hash (SHA-256)", data["fingerprint"]),
                ("Fit", record["fit"]["id"]),
                ("Seal of this record", record["seal"]),
            ]
        ),
        sections=(
            _verdict(record, name),
            _figures(record),
            _who_pays(record),
            *_feedback(record),
            *_transparency(record),
            _reproduces(record),
        ),
        summary=_summary(record, name),
        footer=f"Made by Rerank Studio from the fit {record['fit']['id']}. {data['licence']}",
    )
    return render(report)


def _summary(record: dict[str, Any], name: str) -> Summary:
    """Return the top of the page: the verdict, the first three figures, who pays."""
    return Summary(
        record["verdicts"][0],
        tuple(
            _key_figure(metric, one) for metric, one in list(record["figures"][name].items())[:3]
        ),
        payers_sentence(record["who_pays"], METRICS[WON_BY].label, WON_BY),
    )


def _key_figure(metric: str, one: dict[str, Any]) -> KeyFigure:
    style = style_of(METRICS[metric])
    moved = f"{change(one['difference'], one['before'], style)}, {one['verdict']}"
    ends = f"{interval(one['low'], one['high'], style)}, n = {one['n']:,}"
    return KeyFigure(one["label"], number(one["value"], style), f"{ends}; change {moved}")


def _verdict(record: dict[str, Any], name: str) -> Section:
    rows = [
        {
            "scenario": rival,
            "what must hold": one["words"],
            "answer": one["answer"],
            "estimate": one["reached"],
            "at worst": one["at_worst"],
            "people needed": one["needed"],
        }
        for rival, held in record["guardrails"].items()
        for one in held["each"]
    ]
    sentences = record["verdicts"]
    n_rivals = len(record["figures"])
    return Section(
        f"Whether {name} can be shipped",
        findings=tuple(sentences[:n_rivals]),
        paragraphs=tuple(sentences[n_rivals:]),
        tables=_tables(rows, "Guardrails"),
    )


def _figures(record: dict[str, Any]) -> Section:
    rows = [
        {
            "scenario": rival,
            "figure": one["label"],
            "value": one["value"],
            "low": one["low"],
            "high": one["high"],
            "people": one["n"],
            "baseline": one["before"],
            "change": one["difference"],
            "interval of the change": _ends(one),
            "verdict": one["verdict"],
            "as good as the baseline": one["margin"]["words"],
        }
        for rival, figures in record["figures"].items()
        for one in figures.values()
    ]
    return Section(
        "Figures", paragraphs=(record["policy"],), tables=_tables(rows, "Every figure judged")
    )


def _ends(one: dict[str, Any]) -> str:
    low, high = one["difference_low"], one["difference_high"]
    if low is None or high is None:
        return one["change_reason"] or "undefined"
    return f"{low:.3f} to {high:.3f} ({confidence(one['confidence'])})".replace("-", "−")


def _who_pays(record: dict[str, Any]) -> Section:
    return Section(
        "Who pays",
        paragraphs=(
            "Shares of people better and worse off in NDCG, each against themselves in the "
            "baseline; groups that are too small to be shown are left out.",
        ),
        tables=_tables(record["who_pays"], "By group"),
    )


FEEDBACK = {
    "year": "If this runs for a year",
    "earned": "What it would have earned",
    "bandits": "What learning would cost",
}
"""Part of what feedback says → its title."""


def _feedback(record: dict[str, Any]) -> tuple[Section, ...]:
    """One section for each part of feedback that was asked for: its words, and its settings."""
    return tuple(
        Section(
            FEEDBACK[name],
            paragraphs=(
                *part["found"]["words"],
                "Settings: "
                + ", ".join(f"{key} {value}" for key, value in part["settings"].items())
                + ".",
            ),
        )
        for name, part in record.get("feedback", {}).items()
    )


def _transparency(record: dict[str, Any]) -> tuple[Section, ...]:
    sheet = record["transparency"]
    groups = [f"{one['attribute']}: {', '.join(one['groups'])}." for one in
              sheet["groups_examined"]]  # fmt: skip
    return (
        Section("Main parameters of the lists", paragraphs=tuple(sheet["main_parameters"])),
        Section(
            "What of people is used",
            paragraphs=(*sheet["profiles"], *sheet["without_profiling"]),
        ),
        Section("Groups examined", paragraphs=tuple(groups) or ("None.",)),
        Section("Not examined", paragraphs=tuple(sheet["not_examined"])),
        Section("Known limits", paragraphs=tuple(record["known_limits"])),
    )


def _reproduces(record: dict[str, Any]) -> Section:
    return Section(
        "What reproduces it",
        paragraphs=(
            "The text below is the record: saved as record.json, `python -m engine check "
            "record.json` makes every figure again from the same fit.",
        ),
        code=record_text(record),
    )


def _tables(rows: list[dict[str, Any]], caption: str) -> tuple[Table, ...]:
    return (table_of(pd.DataFrame(rows), caption),) if rows else ()
