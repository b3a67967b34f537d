"""Colours: those of the theme file, readable on both backgrounds, told apart by everybody."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.elements.lib.streamlit_plotly_theme import GRAY_90

from dashboard import palette
from dashboard.charts import exposure_stages
from dashboard.charts.who_pays import PARTS
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


SURFACES = [(base, place) for base in ("light", "dark") for place in ("page", "sidebar")]


@pytest.mark.parametrize(("base", "place"), SURFACES)
def test_captions_read_where_they_stand(theme, base, place):
    """Streamlit writes captions in three fifths of the text's colour."""
    of = theme[base] if place == "page" else theme[base] | theme[base]["sidebar"]
    assert of["textColor"] == palette.INK[base]
    ground, text = of["backgroundColor"], of["textColor"]
    parts = [[int(c[start : start + 2], 16) for start in (1, 3, 5)] for c in (text, ground)]
    mixed = [round(0.6 * top + 0.4 * under) for top, under in zip(*parts, strict=True)]
    assert contrast("#" + "".join(f"{part:02X}" for part in mixed), ground) >= 4.5


@pytest.mark.parametrize(("base", "place"), SURFACES)
@pytest.mark.parametrize("name", ["green", "red", "blue", "gray"])
def test_coloured_words_read_on_the_page_and_in_the_sidebar(theme, base, place, name):
    """A limit that cannot hold is red in the sidebar, a formula grey on the page."""
    of = theme[base] if place == "page" else theme[base] | theme[base]["sidebar"]
    assert contrast(of[f"{name}TextColor"], of["backgroundColor"]) >= 4.5


@pytest.mark.parametrize("colour", [*exposure_stages.SCALE, "#E2915C", *(c for _, c, _ in PARTS)])
def test_figures_on_cells_and_bars_read(colour):
    assert contrast(palette.ink_on(colour), colour) >= 4.5


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}"))
def test_ink_reads_on_any_colour(colour):
    assert contrast(palette.ink_on(colour), colour) >= 4.5


def test_figures_in_the_cells_are_inked_by_their_shade():
    shares = np.array([[0.4, 0.1, 0.025, np.nan]])
    figure = exposure_stages.stage_shares(
        ["one"], list("abcd"), shares, np.array([0.1]), title="", target_name=""
    )
    more, same, less = (exposure_stages.SCALE[at] for at in (6, 3, 0))
    inks = [palette.ink_on(colour) for colour in (more, same, less)]
    assert list(figure.data[1].textfont.color) == [*inks, palette.TICKS]


def test_words_on_axes_take_the_themes_colour():
    figure = exposure_stages.stage_shares(
        ["one"], ["s"], np.array([[0.1]]), np.array([0.1]), title="", target_name=""
    )
    for one in (figure.layout.xaxis, figure.layout.yaxis):
        assert one.tickfont.color == one.title.font.color == palette.TICKS == GRAY_90


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
