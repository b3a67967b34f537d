"""From which value on an interaction of an import is liked: a suggestion with its reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.liked import Liked, liked_from_counts
from engine.formats import percent
from engine.importing.column_words import bare
from engine.importing.database import Database, name_sql
from engine.importing.findings import Findings
from engine.importing.log import LOG
from engine.importing.mapping import InteractionsMap

__all__ = ["Values", "liked_of_log", "values_of"]

A_TRY = 30.0
"""Seconds up to which listening or watching is a try: music services count a play from there on."""

SECONDS = {"ms": 1e-3, "millis": 1e-3, "minutes": 60.0, "mins": 60.0, "hours": 3600.0}
DURATIONS = (
    "seconds",
    "duration",
    "watchtime",
    "dwell",
    "minutes",
    "hours",
    "msplayed",
    "listened",
)
AMOUNTS = (
    "quantity", "qty", "units", "plays", "playcount", "listencount", "listens", "count", "amount",
    "spend", "salesvalue", "nplays", "numplays", "times", "pricepaid",
    "menge", "anzahl", "betrag", "umsatz", "aantal", "bedrag", "quantite", "montant", "cantidad",
    "importe", "quantita", "importo",
)  # fmt: skip
RATIOS = ("watchratio", "playratio", "readratio", "completion", "listenratio")
FEWEST = 0.10
HALF = 0.5
YES = ("1", "1.0", "true", "yes")
PLAIN_BINS = 40


@dataclass(frozen=True, eq=False)
class Values:
    """The different values of a log, rising, and in how many rows each is."""

    found: NDArray[np.float64]
    counts: NDArray[np.int64]

    @property
    def n(self) -> int:
        """Rows."""
        return int(self.counts.sum())

    def share_from(self, threshold: float) -> float:
        """Share of rows with at least this value."""
        reaches = self.found >= np.float32(threshold)
        return float(self.counts[reaches].sum() / max(self.n, 1))

    def bins(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return edges and counts of a histogram; values that are few have a bin each.

        The last bin of many values holds everything above the 99 % quantile.
        """
        if len(self.found) <= PLAIN_BINS:
            edges = np.append(self.found, self.found[-1] + 1)
            return edges, self.counts
        share = np.cumsum(self.counts) / self.n
        top = self.found[min(int(np.searchsorted(share, 0.99)), len(self.found) - 1)]
        edges = np.linspace(self.found[0], max(top, self.found[0] + 1e-9), PLAIN_BINS)
        place = np.minimum(np.searchsorted(edges, self.found, side="right") - 1, PLAIN_BINS - 1)
        counts = np.bincount(place, weights=self.counts, minlength=PLAIN_BINS).astype(np.int64)
        return np.append(edges, self.found[-1]), counts


def values_of(database: Database) -> Values:
    """Read the values of the log."""
    rows = database.rows(
        f"SELECT value::DOUBLE, count(*) FROM {name_sql(LOG)} GROUP BY 1 ORDER BY 1"
    )
    found = np.array([row[0] for row in rows], dtype=np.float64)
    return Values(found, np.array([row[1] for row in rows], dtype=np.int64))


def liked_of_log(
    database: Database, values: Values, mapping: InteractionsMap, findings: Findings
) -> Liked:
    """Return the threshold asked for, or the one suggested; a problem where nothing reaches it.

    - Events without values: the strongest kind that at least one in ten interactions and half of
      the people have.
    - Seconds, minutes or milliseconds of watching or listening: 30 seconds, or the middle where
      that is less.
    - The part that was watched, read or heard: all of it, where at least one in ten is.
    - What is called a quantity, plays or an amount: every one above 0.
    - Everything else as :mod:`engine.data.liked` says: upper quarter of a scale, every amount
      above 0.
    """
    if not len(values.found):
        return Liked(mapping.liked or 1.0, "there are no interactions")
    liked = _suggested(database, values, mapping)
    if mapping.liked is not None:
        liked = Liked(mapping.liked, "as asked for")
    reaches = values.found >= np.float32(liked.threshold)
    n_liked = int(values.counts[reaches].sum())
    if not n_liked:
        findings.add(
            "problem",
            f"no interaction has a value of {liked.threshold:g} or more, so nothing counts as "
            f"liked (the largest is {values.found[-1]:g}); give a lower threshold",
        )
    return Liked(liked.threshold, liked.why, n_liked, values.n)


def _suggested(database: Database, values: Values, mapping: InteractionsMap) -> Liked:
    if mapping.event and not mapping.value:
        return _of_events(database, values, mapping.event)
    name = bare(mapping.value or "")
    if any(word in name for word in DURATIONS) and values.found[-1] > 1:
        unit = next((size for word, size in SECONDS.items() if name.startswith(word)), 1.0)
        positive = values.found > 0
        share = np.cumsum(values.counts[positive]) / values.counts[positive].sum()
        middle = float(values.found[positive][int(np.searchsorted(share, 0.5))])
        if A_TRY / unit <= middle:
            return Liked(A_TRY / unit, "30 seconds: what is shorter is a try")
        return Liked(middle, "the middle of all durations: what is shorter is a try")
    if any(word in name for word in RATIOS) and values.share_from(1.0) >= FEWEST:
        return Liked(1.0, "1 is the whole of it: what is less was left before its end")
    if name in AMOUNTS and values.found[-1] > 0:
        least = float(values.found[values.found > 0][0])
        return Liked(least, "values are amounts, and every amount above 0 is an answer")
    return liked_from_counts(values.found, values.counts)


def _of_events(database: Database, values: Values, column: str) -> Liked:
    n_people = database.row(f"SELECT count(DISTINCT user_id) FROM {name_sql(LOG)}")[0]
    for strength in map(float, values.found[values.found > 0][::-1]):
        reached = database.row(
            f"SELECT count(DISTINCT user_id) FROM {name_sql(LOG)} WHERE value >= {strength!r}"
        )[0]
        if reached >= HALF * n_people and values.share_from(strength) >= FEWEST:
            words = database.column(
                f"SELECT event FROM {name_sql(LOG)} WHERE value = {strength!r} "
                "GROUP BY 1 ORDER BY count(*) DESC LIMIT 3"
            )
            if len(words) == 1 and words[0].casefold() in YES:
                return Liked(strength, f"`{column}` says yes")
            named = ", ".join(f"`{word}`" for word in words)
            return Liked(
                strength,
                f"{named} and stronger: the strongest that {percent(reached / n_people)} of "
                "people have",
            )
    positive = values.found[values.found > 0]
    least = float(positive[0] if len(positive) else values.found[-1])
    return Liked(least, "every event that takes nothing back")
