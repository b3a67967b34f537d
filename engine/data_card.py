"""The card of a data set: how large, how sparse, how long its tail, and what it can carry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.artifacts import Artifacts
from engine.data.split import ONE_MOMENT, RANDOM
from engine.data.wording import counted
from engine.metrics.statistics.policy import POLICY
from engine.online.kept_log import has_kept_log, n_kept

__all__ = ["Carries", "activity_frame", "card_frame", "carries", "genre_frame", "group_frame"]

LEAST_N = POLICY.least_n
"""People that a group needs to be shown."""


def _share(part: float, whole: float) -> str:
    return "–" if not whole else f"{100 * part / whole:.3g} %"


def _date(day: float) -> str:
    return "–" if not np.isfinite(day) else str(np.datetime64(int(day), "D"))


def card_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return the card: a row per fact, with the part it belongs to.

    Counts are of the history (everything before the test) unless they say otherwise.
    """
    manifest, counts = artifacts.manifest, artifacts.manifest["counts"]
    lengths = artifacts.history.lengths()
    n_pairs = len(artifacts.history.indices)
    liked = artifacts.history_is_liked
    middle = np.quantile(lengths, [0.1, 0.5, 0.9]) if len(lengths) else np.zeros(3)
    tail = artifacts.is_long_tail
    rows = [
        ("Size", "people", f"{artifacts.n_users:,}"),
        ("Size", "items", f"{artifacts.n_items:,}"),
        ("Size", "interactions read", f"{counts['interactions']:,}"),
        ("Size", "interactions in histories", f"{n_pairs:,}"),
        ("Size", "held-out likes", f"{counts['holdout']:,}"),
        (
            "Sparsity",
            "pairs that are known",
            _share(n_pairs, artifacts.n_users * artifacts.n_items),
        ),
        ("Sparsity", "items that nobody met", f"{int((artifacts.popularity == 0).sum()):,}"),
        ("Long tail", "items that make up 80 % of history", f"{int((~tail).sum()):,}"),
        ("Long tail", "their share of the items", _share((~tail).sum(), artifacts.n_items)),
        ("Activity", "interactions a person, middle", f"{middle[1]:g}"),
        ("Activity", "one in ten has at most", f"{middle[0]:g}"),
        ("Activity", "one in ten has at least", f"{middle[2]:g}"),
        ("Activity", "liked", _share(liked.sum(), len(liked))),
        ("Liked", "values of", f"{manifest['liked_threshold']:g} or more"),
        ("Genres", "different ones", f"{len(artifacts.genre_names):,}"),
        ("Genres", "items without any", f"{int((~artifacts.genre_matrix.any(axis=1)).sum()):,}"),
        ("Providers", "different ones", f"{len(artifacts.provider_names):,}"),
        *_dates(artifacts),
        ("Groups", "attributes of people", ", ".join(artifacts.attributes)),
        ("Split", "kind", manifest["split"]["name"]),
        ("Split", "people with a test", f"{counts['users_with_holdout']:,}"),
        *_repeats(artifacts),
        ("Origin", "source", manifest["source"] or "–"),
        ("Origin", "licence", manifest["licence"] or "not stated"),
        ("Origin", "hash of the tables (SHA-256)", manifest["fingerprint"]),
    ]
    return pd.DataFrame(rows, columns=["part", "what", "value"])


def _repeats(artifacts: Artifacts) -> list[tuple[str, str, str]]:
    counts = artifacts.history_count
    if counts is None:
        return [("Repeats", "kept", "no: an item counts once for each person")]
    held, met = (
        np.repeat(np.arange(artifacts.n_users), rows.lengths()) * artifacts.n_items + rows.indices
        for rows in (artifacts.holdout, artifacts.history)
    )
    n_met = int(np.isin(held, met).sum())
    return [
        ("Repeats", "kept", "yes: what was met before may be recommended again"),
        ("Repeats", "meetings of a person with an item, mean", f"{counts.mean():.2f}"),
        ("Repeats", "met more than once", _share((counts > 1).sum(), len(counts))),
        ("Repeats", "held-out likes that were met before", _share(n_met, len(held))),
    ]


def _dates(artifacts: Artifacts) -> list[tuple[str, str, str]]:
    rows = []
    if artifacts.manifest["split"]["name"] == RANDOM:
        rows.append(("Dates", "interactions", "no time"))
    elif artifacts.history_day is not None and len(artifacts.history_day):
        first, last = artifacts.history_day.min(), artifacts.history_day.max()
        rows.append(("Dates", "history", f"{_date(first)} to {_date(last)}"))
    released = artifacts.released_day[np.isfinite(artifacts.released_day)]
    if len(released):
        rows.append(("Dates", "released", f"{_date(released.min())} to {_date(released.max())}"))
    n_undated = artifacts.n_items - len(released)
    rows.append(("Dates", "items without a release date", f"{n_undated:,}"))
    return rows


@dataclass(frozen=True)
class Carries:
    """Whether the data can carry something that pages promise, and why or why not."""

    what: str
    is_carried: bool
    why: str


def carries(artifacts: Artifacts) -> list[Carries]:
    """Say what this data set can carry and what it cannot."""
    manifest = artifacts.manifest
    n_test, split = manifest["counts"]["users_with_holdout"], manifest["split"]["name"]
    n_genres, n_providers = len(artifacts.genre_names), len(artifacts.provider_names)
    n_dated = int(np.isfinite(artifacts.released_day).sum())
    groups = [name for name in artifacts.attributes if name in manifest["demographic"]]
    shown = [_groups_shown(artifacts, name) for name in groups]
    return [
        Carries(
            "Accuracy (NDCG, recall)",
            n_test >= LEAST_N,
            f"{counted(n_test, 'person')} with held-out likes"
            + ("" if n_test >= LEAST_N else f"; at least {LEAST_N} are needed"),
        ),
        Carries(
            "What comes later",
            split == ONE_MOMENT,
            {
                RANDOM: "there is no time: the test is a random fifth of everybody's likes",
                ONE_MOMENT: "nothing after one moment is known of anybody",
            }.get(split, "what others did later is known; fit with one moment for everybody"),
        ),
        Carries(
            "Genre caps, calibration, genres as likeness",
            n_genres > 1,
            counted(n_genres, "genre") if n_genres else "no genres: these are off",
        ),
        Carries(
            "Provider caps, exposure of providers",
            n_providers > 1,
            counted(n_providers, "provider") if n_providers else "no providers: these are off",
        ),
        Carries(
            "Freshness",
            n_dated > 0,
            f"{counted(n_dated, 'item')} of {artifacts.n_items:,} with a release date"
            if n_dated
            else "no release dates: freshness is off",
        ),
        Carries(
            "Fairness audit by what people are",
            max(shown, default=0) > 1,
            f"{counted(sum(shown), 'group')} of at least {LEAST_N} people in {', '.join(groups)}"
            if groups
            else "nothing is known of people: groups by taste and activity stand in",
        ),
        Carries(
            "What another setting would have earned",
            has_kept_log(artifacts),
            f"a log of {counted(n_kept(artifacts), 'place')} shown is kept; the Feedback loop page "
            "holds its chances against what must be true of them"
            if has_kept_log(artifacts)
            else "no log of what was shown: only a simulated one can be asked",
        ),
    ]


def _groups_shown(artifacts: Artifacts, attribute: str) -> int:
    """Count the groups of an attribute that have enough people."""
    column = list(artifacts.attributes).index(attribute)
    sizes = np.bincount(artifacts.user_groups[:, column])
    return int(np.count_nonzero(sizes >= LEAST_N))


def group_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return every group with its people, largest first in each attribute.

    Groups of fewer people than are shown elsewhere are one row together.
    """
    rows = []
    for column, (name, labels) in enumerate(artifacts.attributes.items()):
        sizes = np.bincount(artifacts.user_groups[:, column], minlength=len(labels))
        order = np.argsort(-sizes, kind="stable")
        rows += [(name, labels[at], int(sizes[at])) for at in order if sizes[at] >= LEAST_N]
        small = sizes[(sizes > 0) & (sizes < LEAST_N)]
        if len(small):
            rows.append((name, f"{counted(len(small), 'small group')}", int(small.sum())))
    return pd.DataFrame(rows, columns=["attribute", "group", "people"])


def genre_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return every genre with its items and its share of history, most items first."""
    items = artifacts.genre_matrix.sum(axis=0)
    met = artifacts.popularity @ artifacts.genre_matrix
    total = max(int(artifacts.popularity.sum()), 1)
    frame = pd.DataFrame(
        {
            "genre": list(artifacts.genre_names),
            "items": items.astype(int),
            "share of history": met / total,
        }
    )
    return frame.sort_values(["items", "genre"], ascending=[False, True], ignore_index=True)


def activity_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return how many people have so many interactions, in doubling steps."""
    lengths = artifacts.history.lengths()
    edges = 2 ** np.arange(int(np.ceil(np.log2(max(int(lengths.max(initial=1)), 2)))) + 1)
    place = np.searchsorted(edges, lengths, side="right") - 1
    counts = np.bincount(np.maximum(place, 0), minlength=len(edges))
    return pd.DataFrame(
        {
            "interactions from": edges,
            "to": np.append(edges[1:] - 1, 2 * edges[-1] - 1),
            "people": counts[: len(edges)],
        }
    )
