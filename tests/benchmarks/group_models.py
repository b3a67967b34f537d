"""What models of their own for groups gain, and whom: real and simulated groups, and a known world.

Usage: ``python -m tests.benchmarks group_models [--seeds N]``. All figures are of the labels, by
people whose labels had a part in nothing; the test is never looked at. Beside each attribute of
MovieLens stands a placebo: the same group sizes, dealt to people by chance. In the invented world
one group's taste follows a feature otherwise than everybody's, so who should win is known; figures
there are of 400 new people of the group.

It runs in pieces, see :mod:`tests.benchmarks.pieces`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engine.held_out import mean_with_half_width
from engine.pipeline.ranking.cross_fit import cross_fitted
from engine.pipeline.ranking.departure import departure, group_lists, slope
from engine.pipeline.ranking.design import fit_design
from engine.pipeline.ranking.folds import evenly, label_ndcg
from engine.pipeline.ranking.group_evidence import visible_groups
from engine.pipeline.ranking.group_measure import KINDS, own_scores, people_of
from engine.pipeline.ranking.group_models import GroupModels
from engine.pipeline.ranking.listed import about
from engine.pipeline.ranking.logistic import fit_logistic
from engine.pipeline.ranking.ranker import Ranker, RankerConfig, TrainingSet
from engine.pipeline.ranking.registry import fit_ranker
from tests.benchmarks.paper_figures import over_seeds
from tests.benchmarks.pieces import Arrays, Piece, measured_folder, read_pieces, run_pieces
from tests.benchmarks.taught_world import World
from tests.group_world import planted_world

DATA = {"movielens-100k": ("gender", "age band"), "simulated": ()}
"""Data sets, and the attributes that are looked at; all where none is named."""

PLACEBOS = ("movielens-100k",)
"""Data sets that have a placebo beside each attribute."""

MOST_PEOPLE = 2000
SIZES = (15, 25, 50, 100, 400)
"""People of the group that the invented world is learned from, beside 800 others."""

OTHERS, NEW, NOISE, N_WORLDS = 800, 400, 30, 10
TURNED = (0.3, 1.0)
"""How much one feature counts for the group, where it counts 1 for all others."""


def on_labels(data: str, seed: int) -> Arrays:
    """NDCG@10 of everybody by the one ranker and by models of their own, group by group."""
    world = World.named(data, seed)
    world.chosen = fit_ranker(world.config.rankers, world.training, world.config.ranker, seed=seed)
    sample = evenly(world.training, MOST_PEOPLE)
    step = max(1, -(-world.training.n_people // MOST_PEOPLE))
    rows, n = world.people[::step], world.data.parts.n_users
    with threadpool_limits(1, "blas"):
        crossed = cross_fitted(world.again, sample)
        design = fit_design(sample.rows(), sample.feature_names)
        found = {"ndcg": whole(label_ndcg(crossed.outside, sample), rows, n)}
        for place, attribute in enumerate(world.data.read):
            if DATA[data] and attribute.name not in DATA[data]:
                continue
            assert sample.listed is not None
            codes = sample.listed.groups[:, place].astype(np.int64)
            dealt = np.random.default_rng(seed).permutation(codes)
            shown = visible_groups(codes, len(attribute.labels))
            found[f"{attribute.name}, labels"] = np.array(attribute.labels)
            placebo = {f"placebo of {attribute.name}": dealt} if data in PLACEBOS else {}
            for name, own in {attribute.name: codes, **placebo}.items():
                found[f"{name}, codes"] = whole(np.where(shown[own], own, -1), rows, n, -1)
                tables = {kind: np.full(n, np.nan) for kind in KINDS}
                moved = {kind: np.full(n, np.nan) for kind in KINDS}
                spent = dict.fromkeys(KINDS, 0.0)
                for code in np.flatnonzero(shown).tolist():
                    people = people_of(own, code)
                    scored = own_scores(
                        sample, people, crossed, world.again, design=design, seed=seed
                    )
                    for kind, one in scored.items():
                        tables[kind][rows[people]] = one.ndcg
                        moved[kind][rows[people]] = one.is_changed
                        spent[kind] += one.seconds
                for kind in KINDS:
                    found[f"{name}, {kind}"] = tables[kind]
                    found[f"{name}, {kind}, changed"] = moved[kind]
                    found[f"{name}, {kind}, seconds"] = np.array(spent[kind])
    return found


def whole(
    values: NDArray[np.generic], rows: NDArray[np.int64], n: int, fill: float = np.nan
) -> NDArray[np.float64]:
    """Lay values of some people out over all."""
    table = np.full(n, fill, np.float64)
    table[rows] = values
    return table


def in_known_worlds(turned: float, size: int) -> Arrays:
    """NDCG@10 of new people of the group in each world, by everybody's ranker and both kinds."""
    found: dict[str, list[float]] = {name: [] for name in ("overall", *KINDS)}
    share, about_it = size / (OTHERS + size), {"turned": turned, "n_noise": NOISE}
    for seed in range(N_WORLDS):
        training = planted_world(OTHERS + size, share=share, seed=seed, **about_it)
        new = planted_world(NEW, share=1.0, seed=1000 + seed, **about_it)
        with threadpool_limits(1, "blas"):
            ranker, own = own_models(training)
            for name, model in {"overall": ranker, **own}.items():
                found[name].append(float(ndcg_by(model, new).mean()))
    return {name: np.array(means) for name, means in found.items()}


def own_models(training: TrainingSet) -> tuple[Ranker, Mapping[str, Ranker]]:
    """Fit everybody's ranker, and both kinds of model for group 1, as a fit does."""
    fit = partial(fit_logistic, config=RankerConfig(), seed=0)
    assert training.listed is not None
    people = people_of(training.listed.groups[:, 0], 1)
    crossed, ranker = cross_fitted(fit, training), fit(training)
    design = fit_design(training.rows(), training.feature_names)
    lists = group_lists(training, people, crossed.part, design, seed=0)
    line = slope(training, crossed.outside, np.ones(training.n_people, bool))
    made = departure(lists, crossed.outside[people], line, np.ones(len(people), bool))
    return ranker, {
        "shrunk": GroupModels(ranker, 0, {1: made.as_ranker(design)}, {}),
        "separate": GroupModels(ranker, 0, {}, {1: fit(training.take(people))}),
    }


def ndcg_by(ranker: Ranker, people: TrainingSet) -> NDArray[np.float64]:
    """NDCG@10 of everybody's labels."""
    told: Ranker = about(ranker, people.listed)
    return label_ndcg(told.score(people.features, people.is_candidate), people)


def plus_minus(values: NDArray[np.float64]) -> str:
    """Mean, half of the 95 % interval over people, and the people."""
    mean, half = mean_with_half_width(values)
    return f"{mean:+.4f} ± {half:.4f}"


def print_attribute(name: str, labels: Iterable[str], tables: list[Arrays]) -> None:
    """Print each group's figures over the seeds, and those of all groups together."""
    spent = {kind: np.mean([one[f"{name}, {kind}, seconds"] for one in tables]) for kind in KINDS}
    costs = ", ".join(f"{kind} {seconds:.0f}" for kind, seconds in spent.items())
    print(f"\n{name}; CPU seconds a seed of all groups: {costs}")
    print(f"{'group':28}{'n':>6}{'NDCG@10':>10}{'less than the others':>24}", end="")
    print("".join(f"{kind + ' gains':>20}{'changed':>9}{'by seed':>26}" for kind in KINDS))
    for code, label in (*enumerate(labels), (-1, "all of these groups")):
        masks = [
            one[f"{name}, codes"] >= 0 if code < 0 else one[f"{name}, codes"] == code
            for one in tables
        ]
        if not all(mask.any() for mask in masks):
            continue
        own = over_seeds(
            [np.where(mask, one["ndcg"], np.nan) for mask, one in zip(masks, tables, strict=True)]
        )
        others = over_seeds(
            [np.where(mask, np.nan, one["ndcg"]) for mask, one in zip(masks, tables, strict=True)]
        )
        n = int((~np.isnan(own)).sum())
        gap = (
            ""
            if code < 0
            else f"{np.nanmean(others) - np.nanmean(own):+.4f} ± {half_apart(own, others):.4f}"
        )
        cells = ""
        for kind in KINDS:
            gains = [
                np.where(mask, one[f"{name}, {kind}"] - one["ndcg"], np.nan)
                for mask, one in zip(masks, tables, strict=True)
            ]
            moved = np.mean(
                [
                    np.nanmean(one[f"{name}, {kind}, changed"][mask])
                    for mask, one in zip(masks, tables, strict=True)
                ]
            )
            by_seed = " ".join(f"{np.nanmean(gain):+.3f}" for gain in gains)
            cells += f"{plus_minus(over_seeds(gains)):>20}{moved:>8.0%} {by_seed:>26}"
        print(f"{label:28}{n:>6,}{np.nanmean(own):>10.4f}{gap:>24}{cells}", flush=True)


def half_apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Half of the 95 % interval of a difference of two means over people."""
    first, second = (mean_with_half_width(values)[1] for values in (one, other))
    return float(np.hypot(first, second))


def print_world(turned: float, found: Mapping[str, Arrays]) -> None:
    """Print the invented world, size by size; intervals are over worlds."""
    print(
        f"\nInvented world: a feature counts 1 for {OTHERS} people and {turned} for the group's; "
        f"{NOISE} features of noise; NDCG@10 of {NEW} new people of the group, "
        f"{N_WORLDS} worlds, intervals over worlds"
    )
    print(
        f"{'people of the group':22}{'overall':>20}{'shrunk gains':>20}{'separate gains':>20}",
        end="",
    )
    print(f"{'shrunk over separate':>22}")
    for size in SIZES:
        if (mean := found.get(f"worlds {turned}, {size}")) is None:
            continue
        overall, half = mean_with_half_width(mean["overall"])
        gains = [plus_minus(mean[kind] - mean["overall"]) for kind in KINDS]
        between = plus_minus(mean["shrunk"] - mean["separate"])
        said = f"{overall:.4f} ± {half:.4f}"
        print(f"{size:<22}{said:>20}{gains[0]:>20}{gains[1]:>20}{between:>22}", flush=True)


def run(n_seeds: int = 3, *, with_test: bool = False) -> dict[str, dict]:
    """Measure the invented world, then the data sets; the test has no part in it."""
    if with_test:
        raise ValueError("group_models never looks at the test")
    folder = measured_folder("group_models")
    worlds: dict[str, Piece] = {
        f"worlds {turned}, {size}": partial(in_known_worlds, turned, size)
        for turned in TURNED
        for size in SIZES
    }
    run_pieces(worlds, folder)
    for turned in TURNED:
        print_world(turned, read_pieces(worlds, folder))
    for data in DATA:
        pieces: dict[str, Piece] = {
            f"{data}, seed {seed}": partial(on_labels, data, seed) for seed in range(n_seeds)
        }
        run_pieces(pieces, folder)
        tables = list(read_pieces(pieces, folder).values())
        print(f"\n{data}, labels, {len(tables)} seeds")
        names = [one.removesuffix(", labels") for one in tables[0] if one.endswith(", labels")]
        for name in names:
            for shown in (name, f"placebo of {name}"):
                if f"{shown}, codes" in tables[0]:
                    print_attribute(shown, tables[0][f"{name}, labels"].tolist(), tables)
    return {}
