"""Compiled passes over all lists; a change of any file here makes all of them compile anew.

So does another order of the metrics, whose columns are compiled in.
"""

from __future__ import annotations

from pathlib import Path

from engine.compiled import compile_in
from engine.metrics.registry import COLUMN

compile_in(Path(__file__).parent, repr(COLUMN))
