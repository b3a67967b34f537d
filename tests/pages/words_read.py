"""All that a page says: what stands on it, what its charts say, and what is read out of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from streamlit.testing.v1 import AppTest

PROSE = ("markdown", "caption", "text", "header", "subheader", "info", "warning", "error")


def chart_alts(app: AppTest) -> dict[str, str]:
    """What is read out of each chart, by what is drawn in its title."""
    return {
        f"{place}: {_title(chart.proto.spec)}": chart.proto.alt
        for place, chart in enumerate(app.get("plotly_chart"))
    }


def _title(spec: str) -> str:
    title = json.loads(spec)["layout"].get("title", {})
    return title.get("text", "") if isinstance(title, dict) else str(title)


def said_on(app: AppTest) -> list[str]:
    """Every sentence, label and help of the page, and every word in its charts and tables."""
    said = [str(one.value) for kind in PROSE for one in app.get(kind)]
    for node in nodes(app):
        for name in ("label", "help", "body", "placeholder"):
            said.append(str(getattr(node.proto, name, "") or ""))
    for chart in app.get("plotly_chart"):
        said += [chart.proto.alt, *_strings(json.loads(chart.proto.spec))]
    for frame in app.dataframe:
        columns = frame.value.select_dtypes(include=["object", "string"])
        said += [str(cell) for name in columns for cell in columns[name]]
    return [one for one in said if one.strip()]


def nodes(app: AppTest) -> Iterator[Any]:
    """Every element of the page."""
    waiting = list(app._tree.children.values())
    while waiting:
        node = waiting.pop()
        if getattr(node, "proto", None) is not None:
            yield node
        waiting.extend(getattr(node, "children", {}).values())


NUMBER = re.compile(r"-?\d+\.?\d*(e-?\d+)?")
"""What a chart holds as text and writes by a format of its own."""

TEXT_KEYS = ("text", "ticktext", "name", "hovertemplate", "customdata")


def _strings(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _strings(part, name if name in TEXT_KEYS else key * (name != "marker"))
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part, key)
    elif isinstance(value, str) and key in TEXT_KEYS and not NUMBER.fullmatch(value):
        yield value
