"""What a fit has to say of models of their own for groups of people, in sentences."""

from __future__ import annotations

from engine.data.wording import counted
from engine.formats import COUNT, interval, number, percent, signed
from engine.groups_said import DifferenceSaid, EstimateSaid, ForGroupsSaid, GroupSaid, TriedSaid
from engine.manifest import Manifest

__all__ = ["KIND_WORDS", "group_lines", "own_model_sentence", "treatment_sentence"]

KIND_WORDS = {
    "shrunk": "everybody's ranker and a departure from it, drawn back",
    "separate": "a ranker taught by the group alone",
}
"""Kind of model → what it is."""


def treatment_sentence(attribute: str) -> str:
    """Say what a model for a group is, whatever it gains."""
    return (
        f"A model of its own treats people differently by {attribute}: whoever serves it must be "
        "allowed to use that attribute for it."
    )


def own_model_sentence(manifest: Manifest) -> str:
    """Say which groups a fit ranks by models of their own; empty where it has none."""
    said = manifest["metrics"].get("for_groups")
    served = _served(said) if said else []
    if said is None or not served:
        return ""
    names = ", ".join(f"“{one['group']}” ({one['serves']})" for one in served)
    return (
        f"By {said['attribute']} there are models of their own for {names}; everybody else, and "
        f"whoever's group is not known, has the one ranker. {treatment_sentence(said['attribute'])}"
    )


def group_lines(manifest: Manifest) -> list[str]:
    """Say who has a model of their own, what it closes and what it costs; empty where not asked."""
    asked = manifest["config"].get("for_groups")
    said = manifest["metrics"].get("for_groups")
    if said is None:
        return [f"Too few people for models of groups of {asked}."] if asked else []
    below = [one for one in said["groups"] if one["tried"]]
    lines = [_who(said, below), *(_group_line(one) for one in below)]
    return [*lines, _price(said), treatment_sentence(said["attribute"])]


def _served(said: ForGroupsSaid) -> list[GroupSaid]:
    return [one for one in said["groups"] if one["serves"]]


def _who(said: ForGroupsSaid, below: list[GroupSaid]) -> str:
    served, n = _served(said), said["before"]["n"]
    asked = f"on the labels of {counted(n, 'person')} that had no part in what they are measured on"
    if not below:
        return (
            f"Models for groups of {said['attribute']}: none was tried, for no group large enough "
            f"to be told lies below the others, {asked}."
        )
    if not served:
        return (
            f"Models for groups of {said['attribute']}: {counted(len(below), 'group')} below the "
            f"others, no clear change by a model of their own, so the one ranker serves everybody "
            f"({asked})."
        )
    names = ", ".join(f"“{one['group']}”" for one in served)
    return (
        f"Models for groups of {said['attribute']}: of {counted(len(below), 'group')} below the "
        f"others {len(served)} {'has' if len(served) == 1 else 'have'} one ({names}), {asked}."
    )


def _group_line(one: GroupSaid) -> str:
    gap, own, others = one["gap"], one["ndcg_at_10"], one["others"]
    assert gap is not None
    assert own is not None
    assert others is not None
    is_clear = gap["word"] == "worse"
    found = "clearly below" if is_clear else "below, no clear difference"
    said = (
        f"“{one['group']}” (n = {one['n']:,}): NDCG@10 {number(own['value'])} against "
        f"{number(others['value'])} of the {others['n']:,} others ({_difference(gap)}, {found}); "
    )
    tried = "; ".join(_tried(kind) for kind in one["tried"])
    if not one["serves"]:
        return f"{said}{tried}. Everybody's ranker serves."
    after = one["gap_after"]
    left = f" and leaves {_difference(after)}" if after is not None else ""
    ends = interval(one["closed_low"], one["closed_high"])
    return (
        f"{said}{tried}. The {one['serves']} one serves: it closes {signed(one['closed'])} "
        f"({ends}) of the gap{left}."
    )


def _tried(one: TriedSaid) -> str:
    drawn = "" if one["ridge"] is None else f" (ridge {number(one['ridge'], COUNT)})"
    return (
        f"a {one['kind']} model{drawn}: {_difference(one['gain'])} person by person, "
        f"{one['gain']['word']}, {percent(one['changed']['value'])} of the group's lists change"
    )


def _difference(one: DifferenceSaid) -> str:
    if one["low"] is None or one["high"] is None:
        return signed(one["value"])
    return f"{signed(one['value'])}, {interval(one['low'], one['high'])}"


def _price(said: ForGroupsSaid) -> str:
    seconds = said["seconds"] + sum(
        kind["seconds"] for one in said["groups"] for kind in one["tried"]
    )
    n, n_own = said["before"]["n"], said["n_own"]
    if not n_own:
        return f"Finding that out took {seconds:.0f} CPU seconds; nobody's list changes."
    return (
        f"The price: {seconds:.0f} CPU seconds of the fit; {percent(said['changed']['value'], 1)} "
        f"of the lists of ten of {n:,} people hold another item, all of them among the {n_own:,} "
        f"with a model of their own. The {n - n_own:,} others keep their scores to the last bit. "
        f"NDCG@10 of all: {_plus_minus(said['change'])}."
    )


def _plus_minus(one: EstimateSaid) -> str:
    half = "" if one["half_width"] is None else f" ± {number(one['half_width'])}"
    return f"{signed(one['value'])}{half}, n = {one['n']:,}"
