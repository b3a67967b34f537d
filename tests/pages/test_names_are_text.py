"""Whatever people, items, genres, groups and attributes are called is shown as text, and chosen
by what it is: two items of one title, a person whose name reads like one of our labels."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.audit.sections import SECTIONS as AUDIT
from dashboard.data.sections import SECTIONS as DATA
from dashboard.data_in_use import data_in_use
from dashboard.exposure.sections import SECTIONS as EXPOSURE
from dashboard.feedback.sections import SECTIONS as FEEDBACK
from dashboard.page_registry import START
from dashboard.pipeline.keys import SECTION as PIPELINE_KEY
from dashboard.pipeline.sections import SECTIONS as PIPELINE
from dashboard.scenarios.sections import SECTIONS as SCENARIOS
from engine.artifacts import open_artifacts
from engine.data.naming import name_of
from engine.fit import fit
from engine.saved.records import Author
from engine.saved.store import ScenarioStore
from engine.scenario import Scenario
from tests.conftest import TINY_CONFIG
from tests.pages.conftest import APP, finished, starter
from tests.tiny_service import dataset_of, tiny_dataset

MARKS = "<b>x</b> *y* $z$ :red[w] [u](http://v.w) `q`"
RAW = [r"<b>x", r"(?<!\\)\*y", r"(?<!\\)\$z", r"(?<!\\):red\[w", r"(?<!\\)\[u\]\(", r"(?<!\\)`q"]
"""What of :data:`MARKS` would be read as HTML or Markdown where it stands as it is."""

READ_AS_MARKDOWN = {"body", "label", "help", "caption", "delta"}
"""Fields of what is sent to the browser that it reads as Markdown, but in a plain text."""

PLACES = [
    ("tune", {}),
    ("tune", {"view": "What each control does"}),
    *(("people", {"show": view}) for view in ("One item", "Every move", "History and genres")),
    *(("fairness_audit", {"section": section, "least": "5"}) for section in AUDIT),
    *(("popularity_exposure", {"look": section}) for section in EXPOSURE),
    *(("data", {"about": part}) for part in DATA),
    *(("feedback", {"loop": section, "rounds": "10", "repeats": "2"}) for section in FEEDBACK),
    ("trade_offs", {}),
    ("trade_offs", {"x": f"NDCG, worst served by gender {MARKS}"}),
    *(("pipeline", {PIPELINE_KEY: section}) for section in PIPELINE),
    *(("scenarios", {"beside": section}) for section in SCENARIOS),
]


@pytest.fixture(scope="module")
def nasty_home(tmp_path_factory) -> Path:
    """A fit of an invented service in which every name has marks of Markdown, HTML and LaTeX."""
    data = tiny_dataset()
    items, users = data.items.copy(), data.users.copy()
    items["title"] = [f"Title {at} {MARKS}" for at in range(len(items))]
    items.loc[items.index[:2], "title"] = "Sabrina"
    items.loc[items.index[:2], "released"] = pd.to_datetime(["1954-05-01", "1995-05-01"])
    items["genres"] = [
        "|".join(f"{name} {MARKS}" for name in listed.split("|")) for listed in items["genres"]
    ]
    items["provider"] = [f"{one} {MARKS}" for one in items["provider"]]
    renamed = {one: f"{one} {MARKS}" for one in users["user_id"]} | {"u1": "a · b"}
    users["user_id"] = users["user_id"].map(renamed)
    for name in ("gender", "age band"):
        users[name] = [f"{one} {MARKS}" for one in users[name]]
    users = users.rename(columns={"gender": f"gender {MARKS}"})
    interactions = data.interactions.assign(user_id=data.interactions["user_id"].map(renamed))
    home = tmp_path_factory.mktemp("nasty")
    out = home / ".artifacts" / name_of("tiny")
    fit(dataset_of(interactions, items, users), out, config=TINY_CONFIG)
    store = ScenarioStore(home / ".artifacts" / "scenarios.sqlite")
    by = Author(f"Ana {MARKS}", f"why {MARKS}")
    saved = Scenario(diversity=0.2), Scenario(freshness=0.2)
    for at, one in enumerate(saved):
        store.save(one, data=name_of("tiny"), name=f"S{at} {MARKS}", note=MARKS, by=by)
    return home


@pytest.fixture
def open_at(nasty_home, monkeypatch):
    """Open a page by a link; one person and one item are chosen, caps and rules are in force."""
    app = starter(nasty_home, monkeypatch)()
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(nasty_home))
    fitted = open_artifacts(data_in_use(None).folder)
    genre = quote(fitted.genre_names[0], safe="")
    limits = {"caps": f"1/5,genre,{genre}", "rules": f"bury,genre,{genre},0.2;hide,item,i1,0.2"}

    def start(page: str, **query: str) -> AppTest:
        arrived = AppTest.from_file(APP, default_timeout=300)
        if page != START:
            arrived._page_hash = app.switch_page(f"../pages/{page}.py")._page_hash
        for key, value in {"div": "0.4", "person": "a · b", **query}.items():
            arrived.query_params[key] = value
        arrived.run()
        assert not arrived.exception
        assert not arrived.error
        return arrived

    start.limits = limits
    return start


def nodes(app: AppTest) -> Iterator[Any]:
    """Everything on the page, blocks included."""
    waiting = [app._tree]
    while waiting:
        node = waiting.pop()
        waiting += getattr(node, "children", {}).values()
        yield node


def fields(proto: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each text of a message that is read as Markdown, with its place."""
    for field, value in proto.ListFields():
        if isinstance(value, str):
            if field.name in READ_AS_MARKDOWN:
                yield f"{path}.{field.name}", value
        elif hasattr(value, "ListFields"):
            yield from fields(value, f"{path}.{field.name}")


def drawn(spec: str) -> Iterator[str]:
    """Every text that Plotly draws; of a mark's own data only what its hover text names."""
    figure = json.loads(spec)
    for trace in figure["data"]:
        columns = re.findall(r"customdata\[(\d+)\]", str(trace.get("hovertemplate")))
        given = trace.pop("customdata", [])
        yield from (str(row[int(at)]) for row in given for at in set(columns))
        yield json.dumps(trace, ensure_ascii=False)
    yield json.dumps(figure["layout"], ensure_ascii=False)


def unescaped(app: AppTest) -> list[str]:
    """What is read as Markdown, or drawn by Plotly, and holds marks of a name as they are."""
    found = []
    for node in nodes(app):
        proto = getattr(node, "proto", None)
        if node.type == "plotly_chart":
            found += [f"chart: {text}" for text in drawn(proto.spec) if "<b>x" in text]
        elif proto is not None and node.type != "text":
            found += [
                f"{node.type}{place}: {text}"
                for place, text in fields(proto)
                if any(re.search(mark, text) for mark in RAW)
            ]
    return found


@pytest.mark.parametrize(
    ("page", "query"),
    PLACES,
    ids=lambda one: " ".join(one.values()) if isinstance(one, dict) else one,
)
def test_no_name_is_read_as_markup(open_at, page, query):
    app = open_at(page, **query, **open_at.limits)
    if page == "feedback":
        app = finished(app)
    assert unescaped(app) == []


def test_a_person_whose_name_reads_like_a_label_is_shown_when_chosen(open_at):
    app = open_at("people", person="")
    box = app.selectbox(key="_person")
    (label,) = [one for one in box.options if one.startswith("a · b")]
    app.selectbox(key="_person").select_index(box.options.index(label)).run()
    assert app.query_params["person"] == ["a · b"] or app.query_params["person"] == "a · b"
    assert any("a · b" in one.value.replace("\\", "") for one in app.markdown)


@pytest.mark.parametrize("year", ["1954", "1995"])
def test_of_two_items_of_one_title_the_chosen_one_is_computed_with(open_at, year):
    at = ("1954", "1995").index(year)
    label = f"Sabrina ({year})"

    app = open_at("tune")
    app.selectbox(key="_rule_field").select_index(
        app.selectbox(key="_rule_field").options.index("Title")
    ).run()
    titles = app.multiselect(key="_rule_values_item")
    assert label in titles.options
    titles.set_value([f"i{at}"]).run()
    app.button(key="_add_rule").click().run()
    assert f"i{at}," in unquote(str(app.query_params["rules"]))
    assert any(label in one.value for one in app.sidebar.text)

    app = open_at("people", show="What if")
    liked = app.multiselect(key="_liked_a · b")
    assert label in liked.options
    liked.set_value([at]).run()
    assert app.session_state["_liked_a · b"] == [at]

    app = open_at("people", item=f"i{at}")
    (box,) = [one for one in app.selectbox if (one.key or "").startswith("_item_")]
    assert label in box.options[box.index]
