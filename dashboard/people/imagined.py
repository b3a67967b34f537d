"""The history that is imagined for a person, as the session keeps it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from dashboard.people.person_view import PersonView

__all__ = ["Imagined", "Keys", "history_length", "imagined_history", "keys_of"]


class Keys(NamedTuple):
    """Keys of the choices; each person has their own, so one's what-if is not another's."""

    liked: str
    unliked: str
    kept: str
    surprises: str


class Imagined(NamedTuple):
    """Another history: what is liked and not liked in it, and how many latest items are kept."""

    liked: tuple[int, ...]
    unliked: tuple[int, ...]
    keep: int | None

    @property
    def is_real(self) -> bool:
        """True where nothing is imagined."""
        return not self.liked and not self.unliked and self.keep is None


def keys_of(view: PersonView) -> Keys:
    """Return the keys of the person's choices."""
    user_id = view.artifacts.users["user_id"].iloc[view.user]
    return Keys(*(f"_{name}_{user_id}" for name in Keys._fields))


def history_length(view: PersonView) -> int:
    """Return how many items the person's real history has."""
    return int(np.diff(view.artifacts.history.indptr[view.user : view.user + 2])[0])


def imagined_history(view: PersonView) -> Imagined:
    """Return the history that is imagined, from the session's state."""
    keys, state = keys_of(view), st.session_state
    kept = int(state.get(keys.kept) or 0)
    return Imagined(
        tuple(state.get(keys.liked, ())),
        tuple(state.get(keys.unliked, ())),
        kept if 0 < kept < history_length(view) else None,
    )
