"""What staying near the last fit's ranker cost, and how much less the lists changed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.charts.measured_curve import Curve, measured_curve, measured_curve_alt
from dashboard.palette import SETTING
from dashboard.panels import Drawing, reading, table
from dashboard.plain_text import as_markdown
from engine.artifacts import Artifacts
from engine.formats import number, percent

__all__ = ["draw_stability", "stability_drawing", "stability_frame"]


def stability_frame(artifacts: Artifacts) -> pd.DataFrame:
    """Return a row per weight of the last ranker; empty where the fit asked for none."""
    return pd.DataFrame(
        [
            {
                "weight": one["stay"],
                "NDCG@10": one["ndcg_at_10"],
                "± of it": one["half_width"],
                "rank correlation": one["correlation"],
                "± of the correlation": one["correlation_half_width"],
                "lists that change": one["changed"],
                "± of the share": one["changed_half_width"],
                "n": one["n"],
            }
            for one in artifacts.manifest["metrics"].get("stability", [])
        ]
    )


def draw_stability(artifacts: Artifacts) -> None:
    """Draw accuracy against stability, where the fit measured it."""
    frame = stability_frame(artifacts)
    if frame.empty:
        return
    stay = float(artifacts.manifest["config"].get("stay", 0.0))
    first, last = frame.iloc[0], frame.iloc[-1]
    st.markdown(
        as_markdown(
            f"This fit's ranker stays near that of the fit before with weight {number(stay)}. "
            f"Without it {percent(first['lists that change'])} of lists of ten hold another item "
            f"than before, with weight {number(last['weight'])} "
            f"{percent(last['lists that change'])}; "
            f"NDCG@10 {number(first['NDCG@10'])} and {number(last['NDCG@10'])} "
            f"(n = {int(first['n']):,} people that the new ranker was not taught by)."
        )
    )
    drawing = stability_drawing(frame)
    drawing.draw()
    reading(
        "To the left fewer lists change, up is better. The ranker of before may have "
        "learned from these very labels: where the data are the same as then, its word looks "
        "better than it is. Bars are 95 % intervals over people."
    )
    table(frame, key="stability_table", columns=COLUMNS, alt=drawing.alt)


def stability_drawing(frame: pd.DataFrame) -> Drawing:
    """Draw NDCG@10 by the share of lists that change, a point a weight."""
    value, half = frame["NDCG@10"].to_numpy(float), frame["± of it"].to_numpy(float)
    words = [
        f"weight {row['weight']:g}: NDCG@10 {row['NDCG@10']:.4f}, "
        f"{percent(row['lists that change'], 1)} "
        f"of lists change, rank correlation {row['rank correlation']:.3f}"
        for _, row in frame.iterrows()
    ]
    curve = Curve(
        "weights of the last ranker",
        100 * frame["lists that change"].to_numpy(float),
        value,
        value - half,
        value + half,
        words,
        SETTING,
    )
    title = "NDCG@10 by how many lists change"
    figure = measured_curve(
        [curve],
        title=title,
        x_title="lists of ten that change, %",
        y_title="NDCG@10, labels",
        is_share=False,
    )
    alt = measured_curve_alt([curve], title)
    return Drawing("stability_curve", figure, alt, "What does staying near the last ranker cost?")


COLUMNS = {
    name: st.column_config.NumberColumn(name, format="%.4f")
    for name in (
        "NDCG@10",
        "± of it",
        "rank correlation",
        "± of the correlation",
        "lists that change",
        "± of the share",
    )
}
