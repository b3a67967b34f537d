"""Lists in which one group's likes follow a feature the other way round: planted, so known."""

from __future__ import annotations

import numpy as np

from engine.pipeline.ranking.listed import LAST_LIKED, Listed
from engine.pipeline.ranking.ranker import TrainingSet
from engine.user_groups import Attribute

NAMES = ("sign", "turned sign", "weak sign", "noise", "fused place")
ATTRIBUTE = Attribute("guild", ("smiths", "weavers"), np.zeros(0, np.int16))


def planted_world(
    n_people: int = 240,
    n: int = 30,
    *,
    share: float = 0.25,
    turned: float = -1.0,
    n_noise: int = 0,
    seed: int = 0,
) -> TrainingSet:
    """Invent people's candidates; the second feature counts ``turned`` times as much for weavers.

    Everybody likes what stands high in the first and third feature; smiths what stands high in
    the second, weavers the same ``turned`` times. With 1 both groups like alike. Each person has
    three labels; the last three candidates of every fifth person are padding.
    """
    rng = np.random.default_rng(seed)
    width = len(NAMES) + n_noise
    features = rng.normal(size=(n_people, n, width)).astype(np.float32)
    features[:, :, len(NAMES) - 1] = np.arange(n)
    codes = (rng.permutation(n_people) < share * n_people).astype(np.int16)
    effect = np.where(codes == 1, turned, 1.0)[:, None]
    odds = features[:, :, 0] + effect * features[:, :, 1] + 0.5 * features[:, :, 2]
    is_candidate = np.ones((n_people, n), bool)
    is_candidate[::5, -3:] = False
    chance = np.where(is_candidate, odds + rng.gumbel(size=odds.shape), -np.inf)
    is_label = chance >= np.sort(chance, axis=1)[:, -3:-2]
    features[~is_candidate] = 0
    items = np.where(is_candidate, np.arange(n, dtype=np.int32), -1).astype(np.int32)
    listed = Listed(items, codes[:, None], np.full((n_people, LAST_LIKED), -1, np.int32))
    names = (*NAMES[:-1], NAMES[-1], *(f"noise {number}" for number in range(n_noise)))
    return TrainingSet(features, is_candidate, is_label, names, listed=listed)
