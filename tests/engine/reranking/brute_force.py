"""Re-ranking from the definitions, one person at a time: slow, obvious, and sharing no code.

Every term is computed from the whole list so far, with explicit determinants, least squares and
logarithms, in float64.
"""

from __future__ import annotations

import numpy as np

from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.scenario import Scenario


def relevance(world: Artifacts, user: int) -> np.ndarray:
    n = int((world.candidates[user] != PAD).sum())
    scores = world.scores[user, :n].astype(float)
    span = scores.max() - scores.min() if n else 0.0
    return (scores - scores.min()) / span if span > 0 else np.zeros(n)


def likeness_matrix(world: Artifacts, scenario: Scenario) -> np.ndarray:
    """Cosine likeness of all items; 1 with itself."""
    factors = world.item_factors.astype(float)
    genres = world.genre_matrix.astype(float)
    norms = np.linalg.norm(genres, axis=1, keepdims=True)
    unit = np.divide(genres, norms, out=np.zeros_like(genres), where=norms > 0)
    share = {"factors": 0.0, "genres": 1.0, "both": scenario.likeness_mix}[scenario.likeness]
    return (1 - share) * factors @ factors.T + share * unit @ unit.T


def genre_shares(world: Artifacts) -> np.ndarray:
    """p(g|i), one row per item."""
    genres = world.genre_matrix.astype(float)
    return genres / np.maximum(genres.sum(axis=1, keepdims=True), 1)


def profile(world: Artifacts, user: int) -> np.ndarray:
    """p(g|u) from the history."""
    total = genre_shares(world)[world.history.row(user)].sum(axis=0)
    return total / total.sum() if total.sum() > 0 else total


def static(world: Artifacts, scenario: Scenario, user: int, group: np.ndarray) -> np.ndarray:
    """Terms that do not depend on the list, per candidate; boosts are not in it."""
    items = world.candidates[user][world.candidates[user] != PAD]
    age = np.maximum(world.now_day - world.released_day[items], 0)
    fresh = np.where(np.isnan(age), 0.0, 0.5 ** (age / scenario.half_life_days))
    log_counts = np.log(1.0 + world.popularity)
    popular = log_counts[items] / log_counts.max()
    lift = scenario.item_fairness * group[items]
    aims = np.zeros(len(items))
    for column, name in enumerate(world.objective_names):
        aims += getattr(scenario, name) * world.objectives[user, : len(items), column]
    return scenario.freshness * fresh - scenario.popularity_penalty * popular + lift + aims


def diversity(world: Artifacts, scenario: Scenario, user: int, chosen: list[int]) -> np.ndarray:
    """D(i|S) of every candidate of a person; ``chosen`` are places in the candidate row."""
    items = world.candidates[user][world.candidates[user] != PAD]
    share = genre_shares(world)[items]
    if scenario.diversity_method == "xquad":
        left = profile(world, user) * np.prod(1 - share[chosen], axis=0)
        return share @ left
    cosine = likeness_matrix(world, scenario)[np.ix_(items, items)]
    if scenario.diversity_method == "cover":
        near = np.clip(cosine, 0, None)
        before = near[:, chosen].sum(axis=1)
        return (np.sqrt(before[:, None] + near) - np.sqrt(before)[:, None]).mean(axis=0)
    if not chosen:
        return np.ones(len(items))
    if scenario.diversity_method == "mmr":
        return 1 - np.clip(cosine[:, chosen], 0, 1).max(axis=1)
    if scenario.diversity_method == "msd":
        return ((1 - cosine[:, chosen]) / 2).mean(axis=1)
    np.fill_diagonal(cosine, 1.0)
    window = scenario.diversity_window or len(items)
    return {"dpp": volume, "ssd": residual_length}[scenario.diversity_method](
        cosine, chosen, window
    )


def volume(kernel: np.ndarray, chosen: list[int], window: int) -> np.ndarray:
    """DPP: 1 + half the log of what each item multiplies the determinant of the window by.

    An item that is in the span of the others makes every determinant 0: it is left out.
    """

    def det(subset: list[int]) -> float:
        return float(np.linalg.det(kernel[np.ix_(subset, subset)])) if subset else 1.0

    kept: list[int] = []
    for i in chosen[-window:]:
        if det([*kept, i]) / det(kept) > 1e-6:
            kept.append(i)
    ratios = np.array([det([*kept, i]) / det(kept) for i in range(len(kernel))])
    return 1 + 0.5 * np.log(np.maximum(ratios, 1e-6))


def residual_length(kernel: np.ndarray, chosen: list[int], window: int) -> np.ndarray:
    """SSD: length of the residual after Gram-Schmidt on the last directions."""
    values, vectors = np.linalg.eigh(kernel)
    points = vectors * np.sqrt(np.maximum(values, 0))  # rows whose products are the kernel
    directions: list[np.ndarray] = []
    for i in chosen:
        rest = points[i].copy()
        for direction in directions[-window:]:
            rest -= (points[i] @ direction) * direction
        length = np.linalg.norm(rest)
        directions.append(rest / length if length**2 > 1e-6 else np.zeros_like(rest))
    rest = points.copy()
    for direction in directions[-window:]:
        rest -= np.outer(points @ direction, direction)
    return np.linalg.norm(rest, axis=1)


def divergence(world: Artifacts, scenario: Scenario, user: int, items: np.ndarray) -> float:
    """Steck's KL(p || q̃) of a list, with q normalised by the full length."""
    p = profile(world, user)
    q = genre_shares(world)[items].sum(axis=0) / scenario.k
    mixed = 0.99 * q + 0.01 * p
    seen = p > 0
    return float((p[seen] * np.log(p[seen] / mixed[seen])).sum())


def calibration(world: Artifacts, scenario: Scenario, user: int, chosen: list[int]) -> np.ndarray:
    """How much each candidate lowers the divergence, over ln(100)."""
    items = world.candidates[user][world.candidates[user] != PAD]
    before = divergence(world, scenario, user, items[chosen])
    after = [divergence(world, scenario, user, items[[*chosen, i]]) for i in range(len(items))]
    return (before - np.array(after)) / np.log(100)


def values(
    world: Artifacts,
    scenario: Scenario,
    user: int,
    chosen: list[int],
    *,
    group: np.ndarray,
    share: float = 1.0,
) -> np.ndarray:
    """The objective of every candidate given what is chosen; -inf for the chosen."""
    total = static(world, scenario, user, group)
    if scenario.diversity:
        total = total + scenario.diversity * diversity(world, scenario, user, chosen)
    if scenario.calibration:
        total = total + scenario.calibration * calibration(world, scenario, user, chosen)
    out = relevance(world, user) + share * total
    out[chosen] = -np.inf
    return out


def barred(world: Artifacts, scenario: Scenario, user: int, chosen: list[int]) -> np.ndarray:
    """Which candidates break which cap at the next place: shape (n_caps, n)."""
    items = world.candidates[user][world.candidates[user] != PAD]
    out = np.zeros((len(scenario.caps), len(items)), dtype=bool)
    for row, cap in enumerate(scenario.caps):
        if len(chosen) >= cap.top:
            continue
        marks = (
            world.genre_matrix
            if cap.kind == "genre"
            else world.provider_codes[:, None] == np.arange(len(world.provider_names))
        )
        names = world.genre_names if cap.kind == "genre" else world.provider_names
        meant = np.array([cap.value in (None, name) for name in names])
        full = meant & (marks[items[chosen]].sum(axis=0) >= cap.at_most)
        out[row] = (marks[items] & full).any(axis=1)
    return out
