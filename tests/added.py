"""One change of each kind that README's "Where to add things" names, as edits of files.

A change is a dict of file → its whole text, for a new file, or (what stands there, what comes
before it) for one that is there.
"""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["ADDED", "MOST_FILES", "scratch_copy"]

ROOT = Path(__file__).resolve().parents[1]

Edits = dict[str, str | tuple[tuple[str, str], ...]]

METRIC: Edits = {
    "engine/metrics/popularity_definitions.py": (
        (
            '    _metric(\n        "popularity_shift",',
            """    _metric(
        "tail_first",
        "Long tail first",
        "Whether the first item is outside the short head.",
        "1[first item ∈ Γ]",
        "a test",
    ),
""",
        ),
    ),
    "engine/metrics/kernels/popularity.py": (
        ("    popularity_shift: int\n", "    tail_first: int\n"),
        (
            "    row[AT.aplt], row[AT.aclt] =",
            "    row[AT.tail_first] = is_tail[shown[0]]\n",
        ),
    ),
}

TERM: Edits = {
    "engine/terms/short_title.py": '''"""Short titles: lifts items with a short title."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.terms.record import Floats, Part, Term, weight

if TYPE_CHECKING:
    from engine.reranking.candidate_pool import CandidatePool
    from engine.scenario import Scenario

__all__ = ["SHORT_TITLE"]


def _values(audience: CandidatePool, scenario: Scenario) -> Floats:
    del scenario
    letters = np.array([float(len(title)) for title in audience.titles])
    return (letters.max() - letters) / max(np.ptp(letters), 1.0)


SHORT_TITLE = Term(
    weight("short_title", "short", "Short titles", "Lifts items with a short title."),
    serves="items",
    part=Part("short title", "Short title", "orange"),
    static=_values,
)
''',
    "engine/terms/__init__.py": (
        ("__all__ =", "from engine.terms.short_title import SHORT_TITLE\n\n"),
        ("        ITEM_FAIRNESS_TERM,\n", "        SHORT_TITLE,\n"),
    ),
}

METHOD: Edits = {
    "engine/terms/diversity_methods.py": (
        (
            "DIVERSITY_METHODS: dict",
            """def _last(given: Candidates, chosen: Sequence[int]) -> Floats:
    return 1.0 - np.clip(given.likeness[:, chosen[-1]], 0.0, 1.0)


""",
        ),
        (
            '        DiversityMethod(\n            "msd",',
            """        DiversityMethod(
            "last",
            "Last",
            "unlike the one right above",
            "1 - max(0, cos(i, j)), j the last in S",
            "a test",
            _last,
            is_falling=False,
            rounding=2e-6,
        ),
""",
        ),
    ),
    "engine/reranking/kernel/diversity.py": (
        (
            "from engine.reranking.kernel.window",
            "from engine.reranking.kernel.span import precise_dot\n",
        ),
        ('"msd", "dpp", "ssd", "xquad", "cover")', '"last", '),
        ("MMR, MSD, DPP =", 'LAST = METHOD_CODES["last"]\n'),
        (
            "    elif method == MSD:",
            """    elif method == LAST:
        slot = slots[p]
        if t > 0:
            likeness = precise_dot(vectors, slot.item, chosen, t - 1)
            slot.diverse = 1.0 - min(max(likeness, 0.0), 1.0)
        slot.level = t
""",
        ),
        ("    elif setting.method != MMR:", "    elif setting.method == LAST:\n        pass\n"),
    ),
}

SOURCE: Edits = {
    "engine/pipeline/retrieval/evergreen.py": '''"""What was popular all along."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.popularity import Popularity
from engine.pipeline.retrieval.source import ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES"]


def _fit(
    audience: Histories, _catalogue: Catalogue, _config: SourceConfig, _seed: int
) -> Popularity:
    return Popularity(audience.popularity.astype(np.float32))


def _load(folder: Path, _config: SourceConfig) -> Popularity:
    return Popularity(np.load(folder / "item_scores.npy", allow_pickle=False))


MODELS = (ModelRecord("evergreen", _fit, _load),)
SOURCES = (SourceRecord("evergreen", "popular all along", 20, "evergreen"),)
''',
}

RANKER: Edits = {
    "engine/pipeline/ranking/firm.py": '''"""Logistic regression with a tenfold penalty."""

from __future__ import annotations

from dataclasses import replace

from engine.pipeline.ranking.logistic import Logistic, fit_logistic
from engine.pipeline.ranking.ranker import RankerConfig, RankerRecord, TrainingSet

__all__ = ["RECORD"]


def _fit(training: TrainingSet, config: RankerConfig, seed: int) -> Logistic:
    return fit_logistic(training, replace(config, ridge=10 * config.ridge), seed)


RECORD = RankerRecord("firm", "logistic regression, firm", _fit, Logistic.load)
''',
}

PAGE: Edits = {
    "pages/hello.py": '''"""Hello: how many people there are."""

import streamlit as st

from dashboard import cached_engine
from dashboard.header import page_header

page_header("hello")
st.write(f"{cached_engine.artifacts().n_users} people")
''',
    "dashboard/page_registry.py": (
        (
            '        PageEntry(\n            "pipeline",',
            """        PageEntry(
            "hello",
            "Hello",
            ":material/waving_hand:",
            "How many people are there?",
            "One number.",
        ),
""",
        ),
    ),
}

ADDED: dict[str, Edits] = {
    "metric": METRIC,
    "term": TERM,
    "diversity method": METHOD,
    "retrieval source": SOURCE,
    "ranker": RANKER,
    "page": PAGE,
}

MOST_FILES = {
    "metric": 2,
    "term": 2,
    "diversity method": 2,
    "retrieval source": 1,
    "ranker": 1,
    "page": 2,
}
"""As many files as README says."""


def scratch_copy(folder: Path) -> None:
    """Copy the program with what is compiled, and make all changes in the copy."""
    for name in ("engine", "dashboard", "pages", "demo_data", ".streamlit"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.pyc"))
    (folder / "tests").mkdir()
    for name in ("tiny_service.py", "run_added.py"):
        shutil.copy2(ROOT / "tests" / name, folder / "tests" / name)
    for edits in ADDED.values():
        for name, change in edits.items():
            path = folder / name
            if isinstance(change, str):
                assert not path.exists(), f"{name} is there already"
                path.write_text(change, encoding="utf-8")
                continue
            text = path.read_text(encoding="utf-8")
            for anchor, before in change:
                assert text.count(anchor) == 1, (
                    f"{anchor!r} is {text.count(anchor)} times in {name}"
                )
                text = text.replace(anchor, before + anchor)
            path.write_text(text, encoding="utf-8")
