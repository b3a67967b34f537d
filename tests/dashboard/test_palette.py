"""Colours: those of the theme file, readable on both backgrounds, told apart by everybody."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

from dashboard import palette
from engine.artifacts import STAGES
from engine.metrics.statistics.verdict import Word

CONFIG = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"
DEFICIENCIES = {
    # Viénot, Brettel and Mollon 1999, on linear RGB.
    "protanopia": [[0.1124, 0.8876, 0.0], [0.1124, 0.8876, 0.0], [0.0040, -0.0040, 1.0]],
    "deuteranopia": [[0.2928, 0.7072, 0.0], [0.2928, 0.7072, 0.0], [-0.0223, 0.0223, 1.0]],
}


@pytest.fixture(scope="module")
def theme() -> dict:
    return tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]


def linear(colour: str) -> np.ndarray:
    part = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_the_theme_file_repeats_the_palette(theme):
    assert tuple(theme["chartCategoricalColors"]) == palette.CATEGORICAL
    for base, colour in palette.BACKGROUNDS.items():
        assert theme[base]["backgroundColor"] == colour
        assert theme[base]["greenColor"] == palette.GREEN
        assert theme[base]["redColor"] == palette.VERMILION
        assert theme[base]["grayColor"] == palette.GREY
    assert len(theme["chartSequentialColors"]) == len(theme["chartDivergingColors"]) == 10


@pytest.mark.parametrize("base", ["light", "dark"])
@pytest.mark.parametrize("colour", [palette.BASELINE, palette.SETTING, palette.HIGHLIGHT])
def test_marks_read_on_both_backgrounds(base, colour):
    assert contrast(colour, palette.BACKGROUNDS[base]) >= 3


@pytest.mark.parametrize("base", ["light", "dark"])
@pytest.mark.parametrize("name", ["green", "red", "blue", "gray"])
def test_words_in_colour_read_on_theirs(theme, base, name):
    of = theme[base]
    assert contrast(of[f"{name}TextColor"], of[f"{name}BackgroundColor"]) >= 4.5


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_before_after_and_highlight_stay_apart(deficiency):
    matrix = np.array(DEFICIENCIES[deficiency])
    seen = [
        matrix @ linear(colour) for colour in (palette.BASELINE, palette.SETTING, palette.HIGHLIGHT)
    ]
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(one - other) > 0.1


def test_every_stage_and_every_verdict_has_a_colour():
    assert set(STAGES) <= set(palette.STAGE_COLOURS)
    assert set(Word) == set(palette.VERDICT_COLOURS)
    assert len(set(palette.STAGE_COLOURS.values())) == len(palette.STAGE_COLOURS)
