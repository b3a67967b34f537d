"""LightGBM's text of trees, read as strictly as its own reader in C++ is not.

That reader trusts every number: a child past the last node, or the length of a tree that is not
its length, is followed into foreign memory.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

__all__ = ["tree_complaint"]

END = "end of trees\n"
HEADER = {
    "version",
    "num_class",
    "num_tree_per_iteration",
    "label_index",
    "max_feature_idx",
    "objective",
    "feature_names",
    "feature_infos",
    "tree_sizes",
}
PER_SPLIT = (
    "split_feature",
    "split_gain",
    "threshold",
    "decision_type",
    "left_child",
    "right_child",
    "internal_value",
    "internal_weight",
    "internal_count",
)
PER_LEAF = ("leaf_value", "leaf_weight", "leaf_count")
DECISIONS = frozenset({0, 2, 4, 6, 8, 10})
"""Of numbers: how a missing one goes; an odd type would be a split by categories."""

NUMBERS = re.compile(r"[-+.0-9eE ]*")
"""Python reads more as a number (``1_0``) than C++ does."""

WHOLE = re.compile(r"(-?[0-9]{1,10}( |$))*")

TAIL = re.compile(
    r"\nfeature_importances:\n([a-z]+_?[0-9]+=[0-9]+\n)*"
    r"\nparameters:\n(\[[a-z0-9_]+: [-+.,\w ]*\]\n)+\nend of parameters\n"
    r"\npandas_categorical:(null|\[\])\n?",
    re.ASCII,
)
"""What follows the trees: a setting without its colon, say, ends the process in LightGBM 4.7."""

Fields = Mapping[str, str]


def tree_complaint(content: bytes, n_features: int) -> str:
    """Say what is wrong with a model's text, as half a sentence; empty where nothing is."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return "is not UTF-8 text"
    head, found, rest = text.partition("\n\n")
    header = _fields(head.partition("\n")[2])
    if not found or header is None or set(header) != HEADER:
        return "has not the header of a tree model"
    try:
        sizes = _whole(header["tree_sizes"])
        return _header_complaint(header, n_features) or _trees_complaint(
            rest.encode("utf-8"), sizes, n_features
        )
    except (ValueError, KeyError, IndexError):
        return "has a number or a field that cannot be read"


def _fields(text: str) -> dict[str, str] | None:
    """Read lines ``name=value``; ``None`` where one is none, or names what was named."""
    found: dict[str, str] = {}
    for line in text.split("\n"):
        name, is_pair, value = line.partition("=")
        if not is_pair or name in found:
            return None
        found[name] = value
    return found


def _whole(text: str) -> list[int]:
    """Read whole numbers between single blanks, as C++ would."""
    if not WHOLE.fullmatch(text):
        raise ValueError(text)
    return [int(value) for value in text.split()]


def _header_complaint(header: Fields, n_features: int) -> str:
    single = ("num_class", "num_tree_per_iteration")
    if any(_whole(header[name]) != [1] for name in single):
        return "has more than one tree a round"
    counts = {
        _whole(header["max_feature_idx"])[0] + 1,
        len(header["feature_names"].split(" ")),
        len(header["feature_infos"].split(" ")),
    }
    return "" if counts == {n_features} else f"is not about the fit's {n_features} features"


def _trees_complaint(rest: bytes, sizes: list[int], n_features: int) -> str:
    """Cut the trees out as LightGBM does, by their lengths, and look at each."""
    start = 0
    for number, size in enumerate(sizes):
        block = rest[start : start + size].decode("utf-8")
        if size <= 0 or not block.startswith(f"Tree={number}\n"):
            return f"says a wrong length of tree {number}"
        complaint = _tree_complaint(_fields(block.strip("\n").partition("\n")[2]), n_features)
        if complaint:
            return f"has a tree {number} {complaint}"
        start += size
    if not rest[start:].startswith(END.encode()):
        return "has more trees than it says"
    tail = rest[start + len(END) :].decode("utf-8")
    return "" if TAIL.fullmatch(tail) else "has settings that cannot be read"


def _tree_complaint(fields: Fields | None, n_features: int) -> str:
    if fields is None or any(_whole(fields[name]) != [0] for name in ("num_cat", "is_linear")):
        return "of another kind"
    n_leaves = _whole(fields["num_leaves"])[0]
    if n_leaves < 1 or not math.isfinite(float(fields["shrinkage"])):
        return "without leaves"
    lengths = {**dict.fromkeys(PER_SPLIT, n_leaves - 1), **dict.fromkeys(PER_LEAF, n_leaves)}
    for name, length in lengths.items():
        if not NUMBERS.fullmatch(fields.get(name, "")):
            return f"with something else than numbers as {name}"
        values = [float(value) for value in fields.get(name, "").split()]
        is_bare_leaf = n_leaves == 1 and name != "leaf_value" and not values
        if len(values) != length and not is_bare_leaf:
            return f"with {len(values)} instead of {length} numbers of {name}"
        if not all(map(math.isfinite, values)):
            return f"with a number of {name} that is not finite"
    return _splits_complaint(fields, n_leaves, n_features)


def _splits_complaint(fields: Fields, n_leaves: int, n_features: int) -> str:
    splits, decisions, left, right = (
        _whole(fields.get(name, ""))
        for name in ("split_feature", "decision_type", "left_child", "right_child")
    )
    if not all(0 <= feature < n_features for feature in splits):
        return f"that splits by a feature outside of the {n_features}"
    if not DECISIONS.issuperset(decisions):
        return "with a split that is none of numbers"
    if not all(
        child < 0 or child > node for side in (left, right) for node, child in enumerate(side)
    ):
        return "that goes in a circle"
    expected = sorted([*range(1, n_leaves - 1), *(~leaf for leaf in range(n_leaves))])
    if n_leaves > 1 and sorted(left + right) != expected:
        return "whose nodes and leaves are not each reached once"
    return ""
