"""Every figure of an audit, each computed once and where it is asked for; and all as tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.audit.at_stages import StageView, stage_view
from engine.audit.audit import Audit
from engine.audit.comparison import dots_frame, table_frame
from engine.audit.definitions import every_verdict, other_findings
from engine.audit.flips import Judged, verdict_table
from engine.audit.losers import change_of, losers_frame, tenths_frame
from engine.audit.one_number import measures_frame, null_of
from engine.audit.reading import flip_frame
from engine.audit.worst import WorstGroups, find_worst, worst_frame
from engine.metrics.gap_null import GapNull

__all__ = ["TABLES", "AuditFigures"]


@dataclass(frozen=True, eq=False)
class AuditFigures:
    """What the Fairness audit page shows of one audit, section by section.

    Attributes
    ----------
    audit : Audit
    """

    audit: Audit

    @cached_property
    def dots(self) -> pd.DataFrame:
        """The groups that a figure draws."""
        return dots_frame(self.audit.comparison)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Every group before and after, and against the reference."""
        return table_frame(self.audit.comparison)

    @cached_property
    def gap(self) -> GapNull:
        """The gap between the highest and the lowest group, beside what chance makes of it."""
        return null_of(self.audit)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Every measure of distance between groups beside what chance makes of it."""
        return measures_frame(self.audit)

    @cached_property
    def change(self) -> NDArray[np.float64]:
        """Each person's change along the metric's aim, shape (n_users,)."""
        return change_of(self.audit.before, self.audit.after, self.audit.metric)

    @cached_property
    def losers(self) -> pd.DataFrame:
        """Shares of people worse, unchanged and better, everyone first."""
        return losers_frame(self.change, self.audit.groups, self.audit.settings.min_n)

    @cached_property
    def worst(self) -> WorstGroups:
        """Every group and intersection tested."""
        return find_worst(self.audit)

    @cached_property
    def worst_groups(self) -> pd.DataFrame:
        """Every group and intersection tested, as a table."""
        return worst_frame(self.worst)

    @cached_property
    def stages(self) -> StageView:
        """The groups at every stage, what each step does, and retrieval by itself."""
        return stage_view(self.audit)

    @cached_property
    def others(self) -> dict[str, Judged]:
        """The groups by every other definition of the same kind."""
        return other_findings(self.audit)

    @cached_property
    def definitions(self) -> pd.DataFrame:
        """Which verdicts hang on the definition: a row per other definition."""
        return verdict_table(self.audit.comparison.after, self.others)

    @cached_property
    def attribute_flips(self) -> pd.DataFrame:
        """What another value of each attribute that the ranker reads changes."""
        return flip_frame(self.audit)


TABLES: dict[str, Callable[[AuditFigures], pd.DataFrame]] = {
    "groups": lambda figures: figures.groups,
    "who_pays": lambda figures: figures.losers,
    "tenths": lambda figures: tenths_frame(figures.change),
    "worst_groups": lambda figures: figures.worst_groups,
    "in_one_number": lambda figures: figures.measures,
    "stages": lambda figures: figures.stages.frame,
    "steps": lambda figures: figures.stages.steps,
    "retrieval": lambda figures: figures.stages.retrieval,
    "attribute_flips": lambda figures: figures.attribute_flips,
    "definitions": lambda figures: figures.definitions,
    "groups_by_definition": lambda figures: every_verdict(figures.audit, figures.others),
}
"""Name → a table of the audit: what the page hands out as CSV and the command writes as JSON."""
