"""Who a person is, in a few words."""

from __future__ import annotations

from engine.artifacts import Artifacts

__all__ = ["MAX_LISTED", "people_in_words"]

MAX_LISTED = 7000
"""With more people, only the first are listed; any other id can be typed."""


def people_in_words(artifacts: Artifacts) -> tuple[str, ...]:
    """Say who the first :data:`MAX_LISTED` people are: ``312 · woman, 25-34, writer``."""
    users = artifacts.users.iloc[:MAX_LISTED]
    traits = [users[name].astype(str) for name in users.columns if name != "user_id"][:4]
    return tuple(
        " · ".join(filter(None, (str(user), ", ".join(t for t in known if t != "unknown"))))
        for user, *known in zip(users["user_id"], *traits, strict=True)
    )
