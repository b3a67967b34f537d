"""Round after round: lists for everybody, plays, a longer history, and now and then learning.

All arms of one repetition meet the same luck: the draw behind each notice and each play depends on
the repetition, the round, the person and the place or title alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.analysis.trials import Told
from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.errors import ScenarioError
from engine.genre_profiles import genre_profiles
from engine.recent import Recent
from engine.reranking.kernel.inputs import frozen
from engine.reranking.plan import make_plan
from engine.simulate.beginning import N_LIKED, Stage, stage_of, start_of
from engine.simulate.groups import groups_of
from engine.simulate.kernels.draws import round_key
from engine.simulate.kernels.visits import explore, keep_unmet, visit
from engine.simulate.kernels.worth import list_worth, note_shown
from engine.simulate.loop_config import Arm, LoopConfig
from engine.simulate.matrices import marked_rows
from engine.simulate.measures import MEASURES, item_measures, means_of_groups
from engine.simulate.world import World, world_of
from engine.simulate.year import Year

__all__ = ["run_year"]

BY_GROUP = ("ndcg", "unseen")


def run_year(
    artifacts: Artifacts,
    arms: Sequence[Arm],
    config: LoopConfig | None = None,
    *,
    world: World | None = None,
    tell: Told = lambda _: None,
    show: Callable[[Year], None] = lambda _: None,
) -> Year:
    """Run each arm through the loop, once for each seed.

    Parameters
    ----------
    artifacts : Artifacts
    arms : sequence of Arm
        The first is the baseline; all have the same list length.
    config : LoopConfig, optional
    world : World, optional
        By default the one that ``config.assumption`` names.
    tell : callable
        Hears the share done; may raise to stop.
    show : callable
        Gets the year of the repetitions so far after each but the last.

    Returns
    -------
    Year

    Raises
    ------
    ScenarioError
        The arms differ in list length, or something in them does not fit the data.
    """
    config = config or LoopConfig()
    if len({arm.scenario.k for arm in arms}) != 1:
        raise ScenarioError("Settings that are compared over a year need lists of one length.")
    tell(0.0)
    world = world or world_of(artifacts, config.assumption)
    stage = stage_of(artifacts, world, arms[0].scenario.k, config)
    groups = groups_of(artifacts, world.people)
    shape = (len(arms), config.seeds, config.rounds)
    values = {name: np.full(shape, np.nan) for name in MEASURES if name != "gap"}
    by_group = {name: np.full((*shape, groups.n_groups), np.nan) for name in BY_GROUP}
    year = Year(config, tuple(arms), values, by_group, groups, start_of(stage, artifacts))
    done, total = 0, int(np.prod(shape))
    for seed in range(config.seeds):
        for at, arm in enumerate(arms):
            run = _Run(stage, arm, config, config.first_seed + seed)
            for number in range(config.rounds):
                for name, value in run.step(number).items():
                    values[name][at, seed, number] = _mean(value)
                    if name in by_group:
                        means = means_of_groups(np.asarray(value), stage.codes, groups.n_groups)
                        by_group[name][at, seed, number] = means
                done += 1
                tell(done / total)
        if seed + 1 < config.seeds:
            show(year.first(seed + 1))
    return year


def _mean(value: NDArray[np.floating] | float) -> float:
    known = np.asarray(value, np.float64)
    known = known[np.isfinite(known)]
    return float(known.mean()) if known.size else np.nan


class _Run:
    """One arm in one repetition: what is known so far, and the next round."""

    def __init__(self, stage: Stage, arm: Arm, config: LoopConfig, seed: int) -> None:
        self.stage, self.arm, self.config, self.seed = stage, arm, config, seed
        self.is_met, self.is_liked = stage.is_met.copy(), stage.is_liked.copy()
        # What is not shown: whatever was met, or nothing where items come again.
        self.is_barred = stage.is_barred if stage.offers_again else self.is_met
        self.liked = np.ascontiguousarray(stage.best[:, :N_LIKED])
        self.is_shown = np.zeros(self.liked.shape, bool)
        self.recommender, self.audience = stage.recommender, stage.audience
        self.model = stage.model
        k = arm.scenario.k
        self.attention = self.model.attention(k)
        self.discounts = 1 / np.log2(np.arange(k) + 2)
        self.candidates, self.scores = stage.first_candidates

    def step(self, number: int) -> dict[str, NDArray[np.floating] | float]:
        """Run one round; return what was measured, per person or as one number."""
        if number and number % self.config.refit_every == 0:
            self._learn()
        lists = self._lists()
        key = round_key(self.seed, number)
        explore(lists, self.is_barred, self.arm.slots, key)
        found = self._measured(lists)
        is_played = np.empty(lists.shape, bool)
        appeal = np.take_along_axis(self.stage.world.preference, np.maximum(lists, 0), axis=1)
        chances = self.model.chances(lists, appeal, self.stage.genres)
        visit(lists, chances, self.attention, *self.model.stays, key, is_played)
        person, place = np.nonzero(is_played)
        self.is_met[person, lists[person, place]] = True
        self.is_liked[person, lists[person, place]] = True
        return {**found, "plays": is_played.sum(axis=1).astype(np.float64)}

    def _learn(self) -> None:
        """Refit, and find everybody's candidates anew."""
        met = marked_rows(self.is_met)
        self.recommender = self.recommender.refitted(marked_rows(self.is_liked), met)
        self.candidates, self.scores = self.recommender.best(
            marked_rows(self.is_barred), self.candidates.shape[1]
        )
        self.audience = replace(
            self.stage.audience,
            popularity=frozen(self.recommender.popularity, np.int32),
            history=met,
            profiles=genre_profiles(met, self.stage.audience.genre_matrix),
        )

    def _lists(self) -> NDArray[np.int32]:
        """Re-rank what may be shown of the candidates."""
        kept: NDArray[np.int32] = np.empty(self.candidates.shape, np.int32)
        scores = np.empty(self.scores.shape, np.float32)
        n_kept = np.empty(len(kept), np.int32)
        keep_unmet(self.candidates, self.scores, self.is_barred, kept, scores, n_kept)
        scenario = self.arm.scenario
        if scenario.is_neutral:
            lists = np.full((len(kept), scenario.k), PAD, np.int32)
            width = min(scenario.k, kept.shape[1])
            lists[:, :width] = kept[:, :width]
            return lists
        audience = replace(
            self.audience,
            candidates=frozen(kept, np.int32).view(np.uint32),
            scores=frozen(scores, np.float32),
            n_valid=frozen(n_kept, np.int32),
            plans=Recent(1),
            efforts=Recent(1),
            lifts=Recent(1),
        )
        return make_plan(audience, scenario).run().items

    def _measured(self, lists: NDArray[np.int32]) -> dict[str, NDArray[np.floating] | float]:
        note_shown(lists, self.liked, self.is_shown)
        worth, likes = np.empty(len(lists)), self.stage.world.preference
        list_worth(lists, likes, self.stage.best, self.is_barred, self.discounts, worth)
        n_liked = np.maximum((self.liked >= 0).sum(axis=1), 1)
        unseen = ((self.liked >= 0) & ~self.is_shown).sum(axis=1) / n_liked
        is_tail = self.stage.audience.is_long_tail
        return {"ndcg": worth, "unseen": unseen, **item_measures(lists, is_tail, self.discounts)}
