"""What a weight of another objective buys and costs, and which kind of ranker learns objectives.

Usage: ``python -m tests.benchmarks.objectives [DATA] [--kinds]`` (simulated:finishes). The first
table is of the test, by the fit of the data, which must be there: weights are tried, and none is
chosen by it. The kinds are measured on the labels, on people that they were not taught by.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

from engine.artifacts import open_artifacts
from engine.data import load_dataset
from engine.data.home import artifact_folder
from engine.data.naming import name_of
from engine.fit_config import FitConfig, suited
from engine.fit_data import prepared
from engine.fit_moment import fitted_moment
from engine.fit_objectives import MOST_PEOPLE
from engine.held_out import is_in_rows, mean_with_half_width
from engine.metrics.audience import audience_of
from engine.metrics.objective_definitions import metric_of
from engine.metrics.user_matrix import measure
from engine.pipeline.ranking.folds import evenly, label_ndcg, out_of_fold
from engine.pipeline.ranking.objective_features import OWN_FEATURES, doers_of
from engine.pipeline.ranking.objective_rankers import with_own_features
from engine.pipeline.teaching import described, taught_people
from engine.reranking import rerank
from engine.scenario import Scenario
from engine.stage_clock import StageClock
from tests.benchmarks.taught_world import learner

WEIGHTS = (0.1, 0.25, 0.5, 1.0)
KINDS = ("logistic", "listwise", "pointwise")


def said(values: np.ndarray) -> str:
    """A mean with half of its interval."""
    mean, half = mean_with_half_width(values.astype(np.float64))
    return f"{mean:+.4f} ± {half:.4f}"


def weights(name: str) -> None:
    """Print what each weight changes, person by person, against the ranker's own order."""
    artifacts = open_artifacts(artifact_folder(name_of(name)))
    audience = audience_of(artifacts)

    def of(**asked: float) -> dict[str, np.ndarray]:
        found = measure(audience, rerank(artifacts, Scenario(**asked)).items)
        names = ("ndcg", *(metric_of(one) for one in artifacts.objective_names))
        return {one: found.column(one) for one in names}

    before = of()
    for metric, values in before.items():
        n = int(np.isfinite(values).sum())
        print(f"{name}, the ranker's order: {metric} {said(values)[1:]}, n = {n:,}")
    for objective in artifacts.objective_names:
        for weight in WEIGHTS:
            after = of(**{objective: weight})
            changes = [f"{one} {said(after[one] - before[one])}" for one in before]
            print(f"  {objective} {weight:.2f}: {', '.join(changes)}", flush=True)


def kinds(name: str) -> None:
    """Print how each kind of ranker finds an objective's events on the labels."""
    dataset = load_dataset(name)
    config = suited(FitConfig(), dataset)
    data = prepared(dataset, config)
    moment = fitted_moment(data, data.train, config, StageClock(None), "before")
    filtered = moment.retrieve(data.train).filtered
    for bit, (objective, events) in enumerate(data.objectives.found.items()):
        is_label = is_in_rows(filtered, events.labels, data.parts.n_items)
        people = taught_people(is_label, MOST_PEOPLE)
        histories, codes = data.train.take(people), data.read_codes[people]
        plain = described(moment, histories, codes, filtered[people], is_label[people])
        own = with_own_features(plain, moment, doers_of(data.train, bit), bit, histories)
        sample = evenly(own, MOST_PEOPLE // 2)
        reached = {}
        for kind in KINDS:
            fit = learner(kind, config.ranker, config.seed)
            reached[kind] = label_ndcg(out_of_fold(fit, sample), sample)
        bare = replace(evenly(plain, MOST_PEOPLE // 2), feature_names=plain.feature_names)
        fit = learner(KINDS[0], config.ranker, config.seed)
        reached[f"{KINDS[0]} without {len(OWN_FEATURES)} own features"] = label_ndcg(
            out_of_fold(fit, bare), bare
        )
        first = reached[KINDS[0]]
        print(
            f"{name}, {objective} on the labels: {KINDS[0]} {said(first)[1:]}, n = {len(first):,}"
        )
        for kind, values in list(reached.items())[1:]:
            print(f"  {kind}: {said(values - first)} against it", flush=True)


if __name__ == "__main__":
    asked = [one for one in sys.argv[1:] if one != "--kinds"] or ["simulated:finishes"]
    (kinds if "--kinds" in sys.argv else weights)(asked[0])
