"""What a fit has to say of its rankers of other objectives."""

from __future__ import annotations

from engine.data.wording import counted
from engine.manifest import Manifest, ObjectiveSaid
from engine.objectives import OBJECTIVES

__all__ = ["objective_lines"]


def objective_lines(manifest: Manifest) -> list[str]:
    """Say of each ranker what it learned from and how it does; empty without any."""
    return [_line(one) for one in manifest["metrics"].get("objectives", [])]


def _line(one: ObjectiveSaid) -> str:
    said = (
        f"{OBJECTIVES[one['name']].label}: a ranker of its own, learned from "
        f"{counted(one['n_labels'], 'event')} of {counted(one['n_people'], 'person')}"
    )
    ndcg, gain = one["ndcg_at_10"], one["gain"]
    if ndcg is None or gain is None:
        return f"{said}."
    return (
        f"{said}; NDCG@10 of such events among candidates {ndcg:.4f}{_half(one['half_width'])}, "
        f"{gain:+.4f}{_half(one['gain_half_width'])} against the retrieved order, on "
        f"{counted(one['n'], 'person')} that it was not taught by."
    )


def _half(width: float | None) -> str:
    return "" if width is None else f" ± {width:.4f}"
