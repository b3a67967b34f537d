"""What a fit has to say of its rankers of other objectives."""

from __future__ import annotations

from collections.abc import Sequence

from engine.data.wording import counted
from engine.manifest import Manifest
from engine.objectives import OBJECTIVES
from engine.pipeline.ranking.objective_rankers import BY_HEAD
from engine.ranker_said import ObjectiveSaid

__all__ = ["objective_lines"]


def objective_lines(manifest: Manifest) -> list[str]:
    """Say of each ranker what it learned from and how it does; empty without any."""
    said = manifest["metrics"].get("objectives", [])
    return [*_about_heads(manifest, said), *map(_line, said)]


def _about_heads(manifest: Manifest, said: Sequence[ObjectiveSaid]) -> list[str]:
    """Say which heads a network has, where one with several was asked for."""
    if BY_HEAD not in manifest["config"].get("rankers", ()):
        return []
    if not said:
        return [
            "The ranker with several heads has one alone, for likes: these data hold too little of "
            "anything else that people did, so it is the plain network of the same layers."
        ]
    names = [OBJECTIVES[one["name"]].label.lower() for one in said]
    return [f"The ranker with several heads has {_counted_heads(names)}."]


def _counted_heads(names: Sequence[str]) -> str:
    *first, last = ["liked", *names]
    return f"a head each for {', '.join(first)} and {last}; that of likes ranks"


def _line(one: ObjectiveSaid) -> str:
    learned = (
        f"learned from {counted(one['n_labels'], 'event')} of {counted(one['n_people'], 'person')}"
    )
    said = f"{OBJECTIVES[one['name']].label}: a ranker of its own, {learned}"
    ndcg, gain = one["ndcg_at_10"], one["gain"]
    if ndcg is None or gain is None:
        return f"{said}.{_against_head(one)}"
    return (
        f"{said}; NDCG@10 of such events among candidates {ndcg:.4f}{_half(one['half_width'])}, "
        f"{gain:+.4f}{_half(one['gain_half_width'])} against the retrieved order, on "
        f"{counted(one['n'], 'person')} that it was not taught by.{_against_head(one)}"
    )


def _against_head(one: ObjectiveSaid) -> str:
    """Say whether a network's head serves instead, and by how much; empty where none was tried."""
    gain = one.get("head_gain")
    if gain is None:
        return ""
    change = f"{gain:+.4f}{_half(one['head_half_width'])} NDCG@10 against it"
    n = f"on {counted(one['head_n'], 'person')} that neither was taught by"
    if one["ranker"] == BY_HEAD:
        return f" In its place serves the head of a network with several: {change}, {n}."
    return f" It serves; the head of a network with several reaches {change}, {n}."


def _half(width: float | None) -> str:
    return "" if width is None else f" ± {width:.4f}"
