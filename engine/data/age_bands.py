"""Age bands, the same in every data set: those of MovieLens 1M."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["AGE_BANDS", "age_bands"]

AGE_BANDS = ("under 18", "18-24", "25-34", "35-44", "45-49", "50-55", "56+")
STARTS = np.array([18, 25, 35, 45, 50, 56])


def age_bands(ages: pd.Series) -> pd.Series:
    """Label of the band that each age in years lies in; ``""`` where it is NaN."""
    bands = np.array(AGE_BANDS)[np.searchsorted(STARTS, ages.to_numpy(), side="right")]
    return pd.Series(np.where(ages.notna(), bands, ""), index=ages.index, dtype="str")
