"""What a fit has to say of itself wherever its figures are shown, in sentences for people."""

from __future__ import annotations

from typing import Any

from engine.data.split import ONE_MOMENT, RANDOM, SPLITS
from engine.data.wording import left_out
from engine.group_words import own_model_sentence
from engine.manifest import FlipSaid, Manifest
from engine.pipeline.ranking.attribute_flip import FLIP_LENGTH
from engine.pipeline.ranking.candidate_features import group_feature

__all__ = [
    "REPEATS_KEPT",
    "data_sentences",
    "fit_facts",
    "flip_rows",
    "liked_words",
    "reading_sentences",
    "split_brief",
    "split_caveat",
    "split_sentence",
]


REPEATS_KEPT = (
    "Repeats are kept: lists may hold what a person has met before, and a like in the test counts "
    "whether it is new to them or not."
)


def split_caveat(manifest: Manifest) -> str:
    """Say in one short sentence what the split means for every figure of accuracy."""
    counts, moment = manifest["counts"], manifest["split"]["moment"]
    if manifest["split"]["name"] == RANDOM:
        return "Tested at random, for the data have no time: accuracy tends to read high."
    if moment is None:
        return "Tested per person: what others did later is known, so accuracy tends to read high."
    return (
        f"Tested after {moment[:10]}, nothing later known: {counts['users_with_holdout']:,} of "
        f"{counts['users']:,} people have a test."
    )


def split_brief(manifest: Manifest) -> str:
    """Say the same in a few words, for the top of a page."""
    counts, moment = manifest["counts"], manifest["split"]["moment"]
    if manifest["split"]["name"] == RANDOM:
        return "Accuracy reads high: tested at random."
    if moment is None:
        return "Accuracy reads high: tested per person."
    tested = f"{counts['users_with_holdout']:,} of {counts['users']:,} people"
    return f"Tested after {moment[:10]}: {tested}."


def data_sentences(manifest: Manifest) -> list[str]:
    """Say what was done to the data: how they were read, then what was left out, with counts."""
    return [*manifest["notes"], *(left_out(**drop) for drop in manifest["drops"])]


def liked_words(manifest: Manifest) -> str:
    """Say from which value on an interaction is liked: ``Liked: values from 4 on``."""
    return f"Liked: values from {manifest['liked_threshold']:g} on"


def split_sentence(manifest: Manifest) -> str:
    """Say how the test was cut off, what that means for the figures, and how many it leaves."""
    split, counts = manifest["split"], manifest["counts"]
    said = [f"Split: {split['name']}.", SPLITS[split["name"]]]
    if split["moment"]:
        said.append(f"The moment is {split['moment'][:16].replace('T', ' ')} UTC.")
    said.append(
        f"{counts['users_with_holdout']:,} of {counts['users']:,} people have something held out."
    )
    if manifest["config"].get("again"):
        said.append(REPEATS_KEPT)
    n_outside = sum(drop["n_rows"] for drop in manifest["drops"] if drop["file"] == "users")
    if split["name"] == ONE_MOMENT and n_outside:
        said.append(f"{n_outside:,} more had liked nothing by then and are left out.")
    return " ".join(said)


def reading_sentences(manifest: Manifest) -> list[str]:
    """Say which attributes of people the ranker reads, and what another value would change."""
    read, without = manifest["demographic"], manifest["without"]
    if not read:
        reason = f" (fitted without {', '.join(without)})" if without else ""
        return [f"The ranker reads no attribute of people{reason}."]
    importance = manifest["metrics"]["feature_importance"]
    known = [share for name in read if (share := importance.get(group_feature(name))) is not None]
    weight = f", together {_percent(sum(known))} of what moves it" if known else ""
    kept = f" It was fitted without {', '.join(without)}." if without else ""
    sentence = (
        f"The ranker reads {', '.join(read)}{weight}.{kept} A fit without them: "
        "--without people-attributes."
    )
    own = own_model_sentence(manifest)
    flips = [_flip_sentence(flip) for flip in manifest["attribute_flips"]]
    return [sentence, *([own] if own else []), *flips]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _flip_sentence(flip: FlipSaid) -> str:
    return (
        f"With another value of {flip['attribute']} and everything else equal, "
        f"{_percent(flip['changed'])} of top {FLIP_LENGTH} lists hold other items (95 % interval "
        f"{_percent(flip['changed_low'])} to {_percent(flip['changed_high'])}, n = {flip['n']:,}): "
        f"on average {flip['replaced']:.2f} items of {FLIP_LENGTH} are replaced"
        f"{_between(flip['replaced_low'], flip['replaced_high'], 2)}, and scores move by "
        f"{flip['score_change']:.3f} standard deviations of a person's candidates"
        f"{_between(flip['score_change_low'], flip['score_change_high'], 3)}."
    )


def _between(low: float | None, high: float | None, digits: int) -> str:
    return "" if low is None or high is None else f" ({low:.{digits}f} to {high:.{digits}f})"


def flip_rows(manifest: Manifest) -> list[dict[str, Any]]:
    """Return a row per attribute that the ranker reads: its weight, and what another value does."""
    importance = manifest["metrics"]["feature_importance"]
    return [
        {
            "attribute": flip["attribute"],
            "values": flip["n_values"],
            "people": flip["n"],
            "share of the ranker": importance.get(group_feature(flip["attribute"])),
            "lists with other items": flip["changed"],
            "low": flip["changed_low"],
            "high": flip["changed_high"],
            "lists in another order": flip["reordered"],
            f"items of {FLIP_LENGTH} replaced": flip["replaced"],
            "score change, sd": flip["score_change"],
        }
        for flip in manifest["attribute_flips"]
    ]


def fit_facts(manifest: Manifest) -> dict[str, Any]:
    """Return for a file what its figures rest on: the data, the split, what the ranker reads."""
    return {
        "liked_threshold": manifest["liked_threshold"],
        "notes": list(manifest["notes"]),
        "drops": [dict(drop) for drop in manifest["drops"]],
        "split": dict(manifest["split"]),
        "split_means": split_sentence(manifest),
        "ranker_reads": list(manifest["demographic"]),
        "without": list(manifest["without"]),
        "attribute_flips": [dict(flip) for flip in manifest["attribute_flips"]],
    }
