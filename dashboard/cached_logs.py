"""What the fit's log says, as jobs: its checks and rates, and what a setting earned."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard import jobs, session
from dashboard.cached_engine import fit_key, opened
from engine.analysis.trials import Told
from engine.errors import DataError
from engine.online.answers import Answer
from engine.online.attention import Attention, attention_of
from engine.online.given_log import answer_log
from engine.online.kept_log import has_kept_log, kept_log
from engine.online.log_report import log_report_frame, log_words
from engine.online.rates import Rate, rates
from engine.scenario import Scenario

__all__ = ["LogSaid", "has_log", "log_job", "log_said_now", "logged_job"]


@dataclass(frozen=True, eq=False)
class LogSaid:
    """Everything that a log says by itself."""

    words: str
    notes: tuple[str, ...]
    checks: pd.DataFrame
    rates: list[Rate]
    attention: Attention


def has_log() -> bool:
    """Whether the fit shown keeps a log."""
    return has_kept_log(opened(*fit_key()))


def _key() -> tuple[Hashable, ...]:
    return ("log", fit_key())


def log_job() -> jobs.Job:
    """Return the job that reads the fit's log; it begins by itself."""
    fitted = opened(*fit_key())

    def work(tell: Told) -> LogSaid:
        log = kept_log(fitted)
        assert log is not None
        tell(0.3)
        found = rates(log, fitted)
        tell(0.6)
        checks = log_report_frame(log, fitted.n_items)
        return LogSaid(log_words(log), log.notes, checks, found, attention_of(fitted))

    return jobs.find(_key()) or jobs.start(_key(), "Reading the log", work)


def log_said_now() -> LogSaid | None:
    """Return what the log says where it was read already."""
    job = jobs.find(_key())
    return job.result if job is not None and job.has_result else None


def logged_job(scenario: Scenario, temperature: float, attribute: str) -> jobs.Job:
    """Return the job that asks the fit's log what a setting would have earned."""
    base, own = session.baseline(), replace(scenario, name="")
    key = ("logged", fit_key(), base, own, temperature, attribute)
    fitted = opened(*fit_key())

    def work(tell: Told) -> tuple[Answer, list[str]] | Any:
        log = kept_log(fitted)
        if log is None:
            raise DataError("These data have no log of what was shown.")
        tell(0.3)
        return answer_log(fitted, log, own, temperature, attribute, base)

    return jobs.find(key) or jobs.start(key, "Asking the log", work)
