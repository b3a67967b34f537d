"""README's "Where to add things", done: each kind of change in a scratch copy, then used there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.controls import FIELDS
from engine.evaluation import evaluate_scenario
from engine.reranking.ledger import PARTS
from engine.scenario import Scenario
from tests.added import ADDED, MOST_FILES, scratch_copy
from tests.run_added import values_of

README = Path(__file__).resolve().parents[1] / "README.md"


@pytest.fixture(scope="module")
def used(tiny_folder, tmp_path_factory):
    """What the scratch copy says of all that was added to it; one process, one compilation."""
    folder = tmp_path_factory.mktemp("added")
    scratch_copy(folder)
    run = subprocess.run(
        [sys.executable, "-m", "tests.run_added", str(tiny_folder), str(folder / "home")],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "RERANK_STUDIO_STRICT": "1"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize("kind", ADDED)
def test_a_change_touches_no_more_files_than_readme_says(kind):
    assert len(ADDED[kind]) == MOST_FILES[kind]
    said = re.search(rf"^\| a {kind} \|.*\| (\d) \|$", README.read_text("utf-8"), re.MULTILINE)
    assert said is not None
    assert int(said[1]) == MOST_FILES[kind]


@pytest.mark.slow
def test_a_metric_in_the_middle_is_measured_and_relabels_no_other(used, tiny_artifacts):
    """Columns were positions: a definition added in the middle relabelled every later metric."""
    engine = used["engine"]
    assert engine["tail first"] == pytest.approx(engine["tail first, counted"])
    before = values_of(evaluate_scenario(tiny_artifacts, Scenario(k=6)))
    found = {name: value for name, value in used["before"].items() if name != "tail_first"}
    assert found == before
    assert "tail_first" in used["before"]


@pytest.mark.slow
def test_a_term_lifts_is_named_in_the_ledger_and_has_an_effort(used):
    """With the obvious four files lists changed, and the ledger blamed another term."""
    engine = used["engine"]
    assert engine["letters"] < engine["letters before"]
    assert engine["parts"] == sorted([*PARTS, "short title"])
    assert "short_title" in engine["ways in"]
    assert engine["effort"] > 0.0
    assert engine["share"] == pytest.approx(0.6 / 2.0)


@pytest.mark.slow
def test_a_term_is_a_field_a_slider_and_a_parameter_of_the_link(used):
    fields = list(used["engine"]["scenario"])
    assert set(fields) == {"version", "name", "caps", "rules", "short_title", *FIELDS}
    assert used["page"]["slider"] == 0.6


@pytest.mark.slow
def test_a_diversity_method_is_an_option_that_the_kernel_and_the_ledger_agree_on(used):
    """They were compared for each evaluation in there: a difference would have been raised."""
    assert used["page"]["method"] == "last"
    assert used["engine"]["scenario"]["diversity_method"] == "last"


@pytest.mark.slow
def test_a_retrieval_source_proposes_and_is_opened_again(used):
    """A new source made an old fit open without complaint and then crash."""
    assert "evergreen" in used["fit"]["sources"]
    assert "popular all along" in used["fit"]["source labels"]


@pytest.mark.slow
def test_a_ranker_serves_and_is_opened_again(used):
    """A new ranker had a ``save`` and no loader."""
    assert used["fit"]["ranker"] == "firm"
    assert used["fit"]["opened"] == "Logistic"


@pytest.mark.slow
def test_a_page_is_drawn(used):
    assert used["page"]["problems"] == []
    assert "How many people are there?" in used["page"]["hello"]
    assert "60 people" in used["page"]["hello"]
