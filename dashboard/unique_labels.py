"""Labels by which a thing is chosen: no two alike, whatever the data calls its things.

A select box of Streamlit sends the label back, not the place in the list: of two options that read
alike the first is taken, whichever was clicked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

__all__ = ["unique_labels"]


def unique_labels(names: Sequence[str], ids: Sequence[str], *details: Sequence[str]) -> list[str]:
    """Return a label for each thing; what reads alike gets its details, then its id.

    Spaces are made one, for a page shows them so: what differs in spaces alone reads alike.

    Parameters
    ----------
    names : sequence of str
        What the things are called.
    ids : sequence of str
        As many, no two of them alike.
    *details : sequence of str
        What may tell them apart, tried in this order, such as years; ``""`` where it is unknown.

    Examples
    --------
    >>> unique_labels(["Sabrina", "Fargo", "Sabrina"], ["1", "2", "3"], ["1954", "1996", "1995"])
    ['Sabrina (1954)', 'Fargo', 'Sabrina (1995)']
    >>> unique_labels(["Hamlet", "Hamlet"], ["7", "9"], ["1996", "1996"])
    ['Hamlet (1996) [7]', 'Hamlet (1996) [9]']
    """
    labels = [" ".join(name.split()) or f"[{id_}]" for name, id_ in zip(names, ids, strict=True)]
    for detail in details:
        labels = [
            f"{label} ({more})" if is_shared and more else label
            for label, is_shared, more in zip(labels, _shared(labels), detail, strict=True)
        ]
    while any(shared := _shared(labels)):
        labels = [
            f"{label} [{id_}]" if is_shared else label
            for label, is_shared, id_ in zip(labels, shared, ids, strict=True)
        ]
    return labels


def _shared(labels: Sequence[str]) -> list[bool]:
    counts = Counter(labels)
    return [counts[label] > 1 for label in labels]
