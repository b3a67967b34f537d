"""Use what :mod:`tests.added` added, in the scratch copy; prints what was found as JSON.

``python -m tests.run_added FOLDER``: the fit in FOLDER was made before anything was added.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from engine.artifacts import Artifacts, open_artifacts
from engine.data.home import artifact_folder
from engine.data.naming import name_of
from engine.evaluation import Evaluation, evaluate_scenario
from engine.fit import fit
from engine.fit_config import FitConfig
from engine.pipeline.serving import serving_of
from engine.reranking import counterfactual, effective_weights, effort_curve, explain_list
from engine.scenario import Scenario
from tests.tiny_service import tiny_dataset

ADDED = {"k": 6, "short_title": 0.6, "diversity": 0.4, "diversity_method": "last"}
APP = Path(__file__).resolve().parents[1] / "dashboard" / "app.py"


def values_of(evaluation: Evaluation) -> dict[str, str]:
    """Every figure, bit for bit."""
    return {name: float(one.value).hex() for name, one in evaluation.figures.items()}


def of_engine(artifacts: Artifacts) -> dict[str, Any]:
    """What the engine makes of the term, the method and the metric."""
    scenario = Scenario.from_dict(ADDED)
    found = evaluate_scenario(artifacts, scenario)
    assert found.lists is not None
    first = found.lists.items[:, 0]
    ledger = explain_list(artifacts, scenario, 3)
    absent = next(i for i in artifacts.candidates[3] if i not in found.lists.items[3])
    ways = counterfactual(artifacts, scenario, 3, int(absent))
    only = Scenario.from_dict({"k": 6, "short_title": 1.0})
    titles = artifacts.items["title"].str.len().to_numpy()
    short = evaluate_scenario(artifacts, only)
    assert short.lists is not None
    assert short.baseline_lists is not None
    return {
        "tail first": float(found.figures["tail_first"].value),
        "tail first, counted": float(np.asarray(artifacts.is_long_tail)[first].mean()),
        "letters": float(titles[short.lists.items].mean()),
        "letters before": float(titles[short.baseline_lists.items].mean()),
        "parts": sorted(ledger.entries[0].parts),
        "ways in": sorted(change.control for change in ways),
        "effort": effort_curve(artifacts, Scenario(k=6), "short_title").highest,
        "share": effective_weights(scenario)["short_title"],
        "scenario": scenario.to_dict(),
    }


def of_fit(artifacts: Artifacts) -> dict[str, Any]:
    """What the fit made of the source and the ranker, and whether both can be asked again."""
    recipe = artifacts.manifest["recipe"]
    serving = serving_of(artifacts)
    return {
        "ranker": recipe["ranker"],
        "sources": [use["name"] for use in recipe["sources"]],
        "source labels": artifacts.manifest["source_labels"],
        "opened": type(serving.ranker).__name__,
    }


def of_page() -> dict[str, Any]:
    """What the pages show."""
    app = AppTest.from_file(APP, default_timeout=600)
    for name, value in {"short": "0.6", "div": "0.4", "method": "Last"}.items():
        app.query_params[name] = value
    app.run()
    tune = {slider.label: slider.value for slider in app.slider}
    problems = [str(one.value) for one in (*app.exception, *app.error)]
    app.switch_page("../pages/hello.py").run()
    problems += [str(one.value) for one in (*app.exception, *app.error)]
    return {
        "slider": tune.get("Short titles"),
        "method": app.selectbox(key="method").value,
        "hello": [one.value for one in app.header] + [one.value for one in app.markdown],
        "problems": problems,
    }


def main(before: Path, home: Path) -> None:
    """Run everything on the fit of before and on one of our own."""
    old = open_artifacts(before)
    out: dict[str, Any] = {"before": values_of(evaluate_scenario(old, Scenario(k=6)))}
    data = tiny_dataset(60, 50, 20)
    config = FitConfig(n_candidates=50, rankers=("firm",))
    os.environ |= {"RERANK_STUDIO_HOME": str(home), "RERANK_STUDIO_DATA": "tiny"}
    folder = artifact_folder(name_of("tiny"))
    folder.parent.mkdir(parents=True)
    fit(data, folder, config=config)
    artifacts = open_artifacts(folder)
    out |= {"engine": of_engine(artifacts), "fit": of_fit(artifacts), "page": of_page()}
    sys.stdout.write(json.dumps(out) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
