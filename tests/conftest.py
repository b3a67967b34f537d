"""Fixtures that every part's tests share."""

from __future__ import annotations

import hashlib
import itertools
import os
import secrets
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("RERANK_STUDIO_STRICT", "1")  # our own mistakes are raised, not logged
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before OpenMP is loaded; see engine.__main__

from engine.artifacts import Artifacts, open_artifacts
from engine.data import Dataset
from engine.fit import fit
from engine.fit_config import FitConfig
from engine.pipeline.ranking.ranker import RankerConfig
from engine.pipeline.second.stage import SecondConfig
from tests.tiny_service import tiny_dataset, tiny_with_finishes

# The one profile: a busy machine is slow, and no test is about how long an example takes. Examples
# are drawn anew at a developer's, where a failure is a find; the same ones each time in CI, whose
# word on a commit must not hang on the draw.
settings.register_profile(
    "studio",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("studio")

TINY_CONFIG = FitConfig(
    n_candidates=50, rankers=("listwise",), ranker=RankerConfig(n_trees=20, n_leaves=7, min_leaf=5)
)


@pytest.fixture(autouse=True)
def same_keys_each_run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is drawn by chance (ids of scenarios, keys of hashes) be a test's own, each run.

    People are dealt to a champion and a challenger by a hash of such ids: a test of one person's
    list would fail in one run of a hundred.
    """
    count = itertools.count()

    def token_hex(nbytes: int = 32) -> str:
        said = f"{request.node.nodeid}|{next(count)}".encode()
        return hashlib.shake_128(said).hexdigest(nbytes)

    monkeypatch.setattr(secrets, "token_hex", token_hex)


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """Give back the process's main module, in whose place Streamlit's AppTest leaves its script.

    What begins a process by ``spawn`` runs the main module's file anew there: an earlier test's
    page, which ends it.
    """
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def tiny_data() -> Dataset:
    """About 120 people and 80 items, invented."""
    return tiny_dataset()


@pytest.fixture(scope="session")
def tiny_folder(tiny_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Artifact directory of the tiny service, fitted once per session; not to be written to."""
    out = tmp_path_factory.mktemp("tiny") / "artifacts"
    fit(tiny_data, out, config=TINY_CONFIG)
    return out


@pytest.fixture(scope="session")
def tiny_second_folder(tiny_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a second stage, put there whether it pays or not; not to be written to."""
    pytest.importorskip("torch")
    out = tmp_path_factory.mktemp("tiny_second") / "artifacts"
    stage = SecondConfig(first=20, members=2, width=8, epochs=3)
    with pytest.MonkeyPatch.context() as patch:
        at = "engine.pipeline.second.registry"
        patch.setattr(f"{at}.pays", lambda _gain, _weight: True)
        patch.setattr(f"{at}.weighed", lambda taught, scores: (1.0, taught.ndcg(scores)))
        fit(tiny_data, out, config=replace(TINY_CONFIG, second="prm", second_stage=stage))
    return out


@pytest.fixture(scope="session")
def tiny_groups_folder(tiny_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with models for both age bands below the others, whether they pay or not.

    The first is shrunk, the second separate; not to be written to.
    """
    out = tmp_path_factory.mktemp("tiny_groups") / "artifacts"
    kinds = itertools.cycle(("shrunk", "separate"))
    with pytest.MonkeyPatch.context() as patch:
        at = "engine.pipeline.ranking.group_table"
        patch.setattr(f"{at}.best_clear", lambda _: next(kinds))
        patch.setattr("engine.pipeline.ranking.departure.RIDGES", (30.0,))
        fit(tiny_data, out, config=replace(TINY_CONFIG, for_groups="age"))
    return out


@pytest.fixture(scope="session")
def eventful_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Artifact directory of the tiny service with finishes; not to be written to."""
    out = tmp_path_factory.mktemp("eventful") / "artifacts"
    fit(tiny_with_finishes(), out, config=TINY_CONFIG)
    return out


@pytest.fixture(scope="session")
def eventful(eventful_folder: Path) -> Artifacts:
    """The same fit, opened: it has a ranker of what people finish."""
    return open_artifacts(eventful_folder)


@pytest.fixture(scope="session")
def tiny_artifacts(tiny_folder: Path) -> Artifacts:
    """The fitted tiny service, opened."""
    return open_artifacts(tiny_folder)
