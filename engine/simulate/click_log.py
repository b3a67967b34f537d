"""Long lists shown to people whose true appeal is known, and what was clicked in them.

Whether a title is clicked depends on its place, on its appeal and, with the model of competing
neighbours, on the titles around it. So a model that sees the whole list can know more than one
that sees each title by itself, by an amount that the truth beside the log tells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.errors import ScenarioError
from engine.online.attention import model_of
from engine.online.plackett_luce import draw_slates, rank_weights
from engine.simulate.choice_models import NEIGHBOURS
from engine.simulate.kernels.draws import round_key
from engine.simulate.kernels.visits import visit
from engine.simulate.world import World

__all__ = ["ClickLog", "click_log", "click_table"]


@dataclass(frozen=True, eq=False)
class ClickLog:
    """Lists as they were shown, one row each.

    Attributes
    ----------
    people : int64 array of shape (n_lists,)
        Rows of the artifacts.
    places : int64 array of shape (n_lists, k)
        Columns of ``artifacts.candidates``, from the top of the list.
    items : int32 array of shape (n_lists, k)
    chances : float64 array of shape (n_lists, k)
        Of a click at each place of this list, in [0, 1]: the truth.
    is_clicked : bool array of shape (n_lists, k)
    """

    people: NDArray[np.int64]
    places: NDArray[np.int64]
    items: NDArray[np.int32]
    chances: NDArray[np.float64]
    is_clicked: NDArray[np.bool_]


def click_log(
    artifacts: Artifacts,
    world: World,
    *,
    k: int = 30,
    visits: int = 1,
    temperature: float = 1.0,
    attention: str = NEIGHBOURS,
    seed: int = 0,
) -> ClickLog:
    """Show everybody lists of their first candidates in an order drawn around the ranker's.

    Parameters
    ----------
    artifacts : Artifacts
    world : World
    k : int
        Length of the lists. People with fewer candidates get none.
    visits : int
        Lists of each person.
    temperature : float
        How far the order strays from the ranker's, see :mod:`engine.online.plackett_luce`.
    attention : str
        Key of :data:`engine.simulate.choice_models.CHOICE_MODELS`, or ``log``. Clicks end a visit
        in no case: models in which they do are refused.
    seed : int

    Raises
    ------
    ScenarioError
        Nobody has so many candidates, or the model lets people leave.
    """
    model = model_of(artifacts, attention)
    if model.stays != (1.0, 1.0):
        raise ScenarioError(
            f"A log of long lists needs people who go through all of them, and with {attention!r} "
            f"they leave: take {NEIGHBOURS} or position."
        )
    able = np.flatnonzero(artifacts.n_valid[world.people] >= k)
    if not len(able) or k < 1:
        raise ScenarioError(f"Nobody has {k} candidates to be shown in a list: take shorter lists.")
    row = np.tile(able, visits)
    rng = np.random.default_rng((seed, 11))
    places = draw_slates(np.tile(rank_weights(k, temperature), (len(row), 1)), k, rng)
    people = world.people[row]
    shown = np.asarray(artifacts.candidates)[people[:, None], places].astype(np.int32)
    appeal = world.preference[row[:, None], shown]
    alone = np.ascontiguousarray(appeal, np.float32)
    chances = model.chances(shown, alone, np.asarray(artifacts.genre_matrix))
    is_clicked = np.empty(shown.shape, bool)
    visit(shown, chances, model.attention(k), 1.0, 1.0, round_key(seed, 11), is_clicked)
    return ClickLog(people, places, shown, model.attention(k) * chances, is_clicked)


def click_table(artifacts: Artifacts, log: ClickLog) -> pd.DataFrame:
    """Return a log as the table that ``ope --log`` reads, with the truth as ``chance``."""
    n, k = log.items.shape
    users, items = artifacts.users["user_id"].to_numpy(), artifacts.items["item_id"].to_numpy()
    return pd.DataFrame(
        {
            "user_id": np.repeat(users[log.people], k),
            "item_id": items[log.items.ravel()],
            "event": np.where(log.is_clicked.ravel(), "click", "impression"),
            "position": np.tile(np.arange(k), n),
            "slate": np.repeat(np.arange(n), k).astype(str),
            "chance": log.chances.ravel(),
        }
    )
