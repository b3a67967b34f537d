"""What a data set is called, from the word or path that asks for it, without loading it."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import Path

from engine.data.readers import dataset_name
from engine.data.registry import DATASET_NAMES
from engine.data.simulated import SIMULATED
from engine.data.split import ONE_MOMENT, PER_PERSON
from engine.importing.imported import is_imported

__all__ = ["HOW", "REPEATS", "fit_name", "joined", "listed", "name_of", "spoken", "usual_name"]

MARK = "~"
"""Between the name of one's own data and the digest of where they are; in no name."""

HOW = "@"
"""Before each way in which a fit differs from the usual one; in no name."""

AND = "+"
"""Between the names of one way; in no name."""

REPEATS = "repeats"
"""The way that says whether what was met before may be recommended again."""

NAMED_WAYS = (
    *("with", "ranked-by", "then", "for-groups-of", "reading", "staying", "finished-from"),
    *("keeping", "filtered", "without", "staged", REPEATS),
)
WAYS = re.compile(
    rf"(?:{HOW}one-moment)?" + "".join(rf"(?:{HOW}{way}-[\w{AND}-]+)?" for way in NAMED_WAYS) + "$"
)
MOST_LETTERS = 60


def name_of(given: str) -> str:
    """Return the name under which a data set's fits are kept.

    Those of one's own data end in a digest of the path: two folders may be called the same.

    Parameters
    ----------
    given : str
        As for :func:`engine.data.load_dataset`: a name, ``simulated:USERSxITEMS``, or a path.

    Examples
    --------
    >>> name_of("movielens-100k"), name_of("simulated:6000x4000")
    ('movielens-100k', 'simulated-6000x4000')
    >>> spoken(name_of("shop data/2026.zip"))
    '2026'
    >>> name_of("movielens-100k@one-moment")
    'movielens-100k@one-moment'
    """
    ways = WAYS.search(given)
    if ways and ways.group() and not Path(given).exists():
        return name_of(given[: ways.start()]) + ways.group()
    if given in DATASET_NAMES or given.partition(":")[0] == SIMULATED:
        return given.replace(":", "-")
    if is_imported(given):
        return given
    path = Path(given).expanduser()
    name = dataset_name(path.with_suffix("") if path.suffix.lower() == ".zip" else path)
    return f"{name}{MARK}{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]}"


def fit_name(
    name: str,
    *,
    split: str = PER_PERSON,
    without: Sequence[str] = (),
    sources: Sequence[str] = (),
    rankers: Sequence[str] = (),
    second: Sequence[str] = (),
    groups: Sequence[str] = (),
    features: Sequence[str] = (),
    staying: Sequence[str] = (),
    finished: Sequence[str] = (),
    quotas: Sequence[str] = (),
    filters: Sequence[str] = (),
    stages: Sequence[str] = (),
    repeats: Sequence[str] = (),
) -> str:
    """Return the name under which a data set's fits of one kind are kept, beside the usual ones.

    Parameters
    ----------
    name : str
        From :func:`name_of`.
    split : str
        A key of :data:`engine.data.split.SPLITS`.
    without : sequence of str
        As in :class:`engine.fit_config.FitConfig`.
    sources : sequence of str
        Optional sources of candidates that it has.
    rankers : sequence of str
        Those that are compared, where they are not the usual ones.
    second : sequence of str
        The second stage behind them, where one was asked for.
    groups : sequence of str
        The attribute whose groups may get rankers of their own, where one was named.
    features : sequence of str
        Families that the ranker is given, where they are not the usual ones.
    staying : sequence of str
        The weight of the last ranker, where a new one is to stay near it.
    finished : sequence of str
        From which value on an interaction is finished, where that was said.
    quotas : sequence of str
        As ``als:20``.
    filters : sequence of str
        What takes items out, besides what has expired.
    stages : sequence of str
        Digest of other settings of the stages, where a file asked for some.
    repeats : sequence of str
        Whether repeats are kept, where that was said.

    Examples
    --------
    >>> fit_name("movielens-100k", split="one moment", without=("gender", "Age band"))
    'movielens-100k@one-moment@without-age-band+gender'
    >>> fit_name("movielens-100k", sources=("bpr",), rankers=("logistic",), quotas=("als:20",))
    'movielens-100k@with-bpr@ranked-by-logistic@keeping-als-20'
    """
    learned = (sources, rankers, second, groups, features, staying, finished)
    given = (*learned, quotas, filters, without, stages, repeats)
    named = dict(zip(NAMED_WAYS, given, strict=True))
    ways = f"{HOW}one-moment" if split == ONE_MOMENT else ""
    return name + ways + "".join(_way(way, names) for way, names in named.items() if names)


def _way(way: str, names: Sequence[str]) -> str:
    words = sorted(re.sub(r"\W+", "-", word.strip().casefold()) for word in names)
    joined = AND.join(words)
    if len(joined) > MOST_LETTERS:
        joined = hashlib.sha256(joined.encode()).hexdigest()[:8]
    return f"{HOW}{way}-{joined}"


def listed(text: str) -> tuple[str, ...]:
    """Read names with commas between; one that holds a comma stands in double quotes.

    >>> listed('gender, "city, state"')
    ('gender', 'city, state')
    """
    rows = csv.reader([text], skipinitialspace=True)
    return tuple(part.strip() for row in rows for part in row if part.strip())


def joined(names: Sequence[str]) -> str:
    """Write names so that :func:`listed` reads the same.

    >>> joined(["gender", "city, state"])
    'gender,"city, state"'
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(names)
    return text.getvalue()


def spoken(name: str) -> str:
    """Return the part of :func:`name_of` and :func:`fit_name` that is for people.

    Examples
    --------
    >>> spoken("films~1a2b3c4d@one-moment@without-gender")
    'films (one moment, without gender)'
    >>> spoken("films@with-bm25_together+bpr@ranked-by-logistic")
    'films (with bm25 together and bpr, ranked by logistic)'
    """
    base, *ways = name.split(HOW)
    said = (re.sub("[-_]", " ", way) for way in ways)
    words = ", ".join(said).replace(AND, " and ")
    return base.partition(MARK)[0] + (f" ({words})" if words else "")


def usual_name(name: str) -> str:
    """Return the name of the usual fit of the same data.

    >>> usual_name("films~1a2b3c4d@one-moment@without-gender")
    'films~1a2b3c4d'
    """
    return name.partition(HOW)[0]
