"""The errors a user can cause, each one sentence that says what, where and what to do.

Anything that is the caller's input raises one of these. A page or the command line shows
``str(error)`` as it stands; every other exception is our own mistake.
"""

from __future__ import annotations

__all__ = [
    "ArtifactError",
    "DataError",
    "FetchError",
    "OutputError",
    "RecordError",
    "ScenarioError",
    "ScoreError",
    "StudioError",
]


class StudioError(Exception):
    """Base of all errors that a user's input can cause; its text is one sentence for people."""


class DataError(StudioError):
    """A data file breaks the contract: names the file, the column, the row count, the remedy."""


class FetchError(StudioError):
    """A public data set could not be fetched from any of its sources."""


class ArtifactError(StudioError):
    """An artifact directory is missing, half-written, of another version or damaged."""


class OutputError(StudioError):
    """A file that was asked for cannot be written: names the place and the remedy."""


class RecordError(StudioError):
    """A record of a decision cannot be read or made again: says why, and what to do."""


class ScenarioError(StudioError):
    """A scenario holds an unknown or out-of-range value: names the field, what came, what may."""


class ScoreError(StudioError):
    """Scores given to a re-ranker are NaN or infinite, or do not fit their candidates."""
