"""A designed log: short lists drawn by a known policy, with exact propensities, in a known world.

Each person has a pool of a few titles: those that the baseline or the setting puts first. A logging
policy ranks the pool by the baseline, the policy asked about ranks it by the setting; both are
Plackett–Luce, so that either can do what the other does, and every chance is exact. Where the true
preferences are known, so is what each policy earns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.errors import ScenarioError
from engine.online.attention import model_of
from engine.online.plackett_luce import draw_slates, marginals, rank_weights
from engine.reranking import rerank
from engine.scenario import Scenario
from engine.simulate.choice_models import FROM_LOG, POSITION, ChoiceModel, choice_model
from engine.simulate.kernels.draws import round_key
from engine.simulate.kernels.visits import visit
from engine.simulate.world import World

__all__ = ["Design", "DesignConfig", "Logged", "design_of", "simulate_log"]

Floats = NDArray[np.float64]
LIMITS = {"places": (1, 6), "pool": (2, 12), "visits": (100, 1_000_000)}


@dataclass(frozen=True)
class DesignConfig:
    """How the log is made.

    Attributes
    ----------
    places : int
        Length of the lists shown.
    pool : int
        Titles that each person's lists are drawn from.
    visits : int
        Lists logged, each of a person drawn evenly.
    logging_temperature, temperature : float
        Of the logging policy, and of the policy asked about.
    attention : str
        Key of :data:`engine.simulate.choice_models.CHOICE_MODELS`, or ``log``.
    seed : int
    """

    places: int = 5
    pool: int = 10
    visits: int = 20_000
    logging_temperature: float = 2.0
    temperature: float = 0.5
    attention: str = POSITION
    seed: int = 0

    def __post_init__(self) -> None:
        if self.attention != FROM_LOG:
            choice_model(self.attention)
        for name, (least, most) in LIMITS.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise ScenarioError(
                    f"`{name}` of a designed log must be from {least} to {most}; got {value}."
                )
        if self.pool < self.places:
            raise ScenarioError(
                f"A list of {self.places} cannot be drawn from a pool of {self.pool}."
            )


@dataclass(frozen=True, eq=False)
class Design:
    """Pools and policies.

    Attributes
    ----------
    world : World
    config : DesignConfig
    people : int64 array of shape (n_people,)
        Those of the world with a full pool, as rows of the world.
    pools : int32 array of shape (n_people, pool)
        In the baseline's order.
    logging, target : float64 arrays of shape (n_people, pool)
        Weights of each title of the pool under both policies.
    model : ChoiceModel
        How people go down a list.
    genres : bool array of shape (n_items, n_genres)
    """

    world: World
    config: DesignConfig
    people: NDArray[np.int64]
    pools: NDArray[np.int32]
    logging: Floats
    target: Floats
    model: ChoiceModel
    genres: NDArray[np.bool_]

    @cached_property
    def chances(self) -> tuple[Floats, Floats]:
        """Chance of each title at each place under both policies, (n_people, places, pool)."""
        k = self.config.places
        return marginals(self.logging, k), marginals(self.target, k)

    @cached_property
    def of_baseline(self) -> Design:
        """The same asked about the baseline's order, drawn as sharply as the setting's."""
        weights = rank_weights(self.config.pool, self.config.temperature)
        return replace(self, target=np.tile(weights, (len(self.people), 1)))

    @cached_property
    def preference(self) -> Floats:
        """What each person would play of the pool once noticed, shape (n_people, pool)."""
        return self.world.preference[self.people[:, None], self.pools].astype(np.float64)

    def worth(self, chances: Floats, places: int) -> Floats:
        """Return each person's expected plays at the first places, by the position-based model.

        Exact where each place stands by itself (:attr:`ChoiceModel.is_placewise`).
        """
        seen = self.model.attention(places)
        return np.einsum("ukm,um,k->u", chances[:, :places], self.preference, seen)


def design_of(
    artifacts: Artifacts,
    world: World,
    baseline: Scenario,
    setting: Scenario,
    config: DesignConfig,
) -> Design:
    """Make pools and policies from the lists of two scenarios.

    A pool holds, in turn, the first titles of both lists until it is full, and then the ranker's
    next. The baseline's order of it is its own list, then the ranker's order; the setting's
    likewise. People with fewer candidates than the pool are left out.
    """
    rows = world.people
    lists = [rerank(artifacts, one, users=rows).items for one in (baseline, setting)]
    ranked = np.asarray(artifacts.candidates)[rows]
    kept, pools, orders = [], [], []
    for at in range(len(rows)):
        own = [_order(one[at], ranked[at]) for one in lists]
        pool = _pool(own[0], own[1], config.pool)
        if len(pool) < config.pool:
            continue
        places = [{item: rank for rank, item in enumerate(order)} for order in own]
        pool.sort(key=places[0].__getitem__)
        by_setting = sorted(range(len(pool)), key=lambda i: places[1][pool[i]])
        kept.append(at)
        pools.append(pool)
        orders.append(np.argsort(by_setting))
    if not kept:
        raise ScenarioError(
            f"Nobody has {config.pool} candidates to draw lists from: take a smaller pool."
        )
    target = rank_weights(config.pool, config.temperature)[np.array(orders)]
    logging = np.tile(rank_weights(config.pool, config.logging_temperature), (len(kept), 1))
    model = model_of(artifacts, config.attention)
    people, held = np.array(kept), np.array(pools, np.int32)
    genres = np.asarray(artifacts.genre_matrix)
    return Design(world, config, people, held, logging, target, model, genres)


def _order(items: NDArray[np.int32], ranked: NDArray[np.int32]) -> list[int]:
    return list(dict.fromkeys(int(item) for item in (*items, *ranked) if item >= 0))


def _pool(one: list[int], other: list[int], size: int) -> list[int]:
    turns = (item for pair in zip(one, other, strict=True) for item in pair)
    return list(dict.fromkeys(turns))[:size]


@dataclass(frozen=True, eq=False)
class Logged:
    """Lists that were shown; arrays of shape (n_visits,) and (n_visits, places).

    Attributes
    ----------
    row : int64
        Whose visit: a row of the design.
    slates : int64
        Columns of the pool, from the top.
    reward : float64
        1 where played.
    """

    design: Design
    row: NDArray[np.int64]
    slates: NDArray[np.int64]
    reward: Floats


def simulate_log(design: Design, *, seed: int | None = None, policy: str = "logging") -> Logged:
    """Let people visit lists drawn by a policy of the design (``logging`` or ``target``)."""
    config = design.config
    seed = config.seed if seed is None else seed
    rng = np.random.default_rng((seed, 7))
    row = rng.integers(0, len(design.people), config.visits)
    weights = getattr(design, policy)[row]
    slates = draw_slates(weights, config.places, rng)
    items = np.take_along_axis(design.pools[row], slates, axis=1).astype(np.int32)
    chance = np.take_along_axis(design.preference[row], slates, axis=1)
    model = design.model
    is_played = np.empty(items.shape, bool)
    places = np.ascontiguousarray(np.tile(np.arange(config.places), (len(row), 1)), np.int32)
    attention = model.attention(config.places)
    listed = model.chances(items, chance.astype(np.float32), design.genres)
    # each visit is a person of its own to the kernel, whose "titles" are the places of the list
    visit(places, listed, attention, *model.stays, round_key(seed, 0), is_played)
    return Logged(design, row, slates, is_played.astype(np.float64))
