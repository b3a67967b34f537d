"""The scatter of every item alone on a page, moved by one slider: ``?items=100000``.

The arrays are drawn, not fitted: what is measured is the chart, from arrays to pixels.
"""

import numpy as np
import streamlit as st

from dashboard.charts.canvas import config
from dashboard.charts.cloud_layout import LogLane
from dashboard.charts.item_cloud import ItemCloud, item_cloud


@st.cache_resource(max_entries=2)
def catalogue(n_items: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Popularity with a long tail, exposure that follows it, and titles."""
    draw = np.random.default_rng(7)
    popularity = np.floor(draw.pareto(1.1, n_items) * 3).clip(0, 50_000)
    exposure = np.where(draw.random(n_items) < 0.6, popularity * draw.lognormal(-1, 1, n_items), 0)
    titles = np.array([f"Item {item}" for item in range(n_items)], dtype=object)
    return popularity, exposure, titles


st.set_page_config(layout="wide")
weight = st.sidebar.slider("Diversity", 0.0, 1.0, 0.0, 0.05)
n_items = int(st.query_params.get("items", "1700"))
popularity, before, titles = catalogue(n_items)
now = before * (1 + weight * np.sin(np.arange(n_items)))
change = (now > before * 1.1 + 0.5).astype(np.int8) - (now < before / 1.1 - 0.5).astype(np.int8)
lane = LogLane.spanning(1.0, 100_000.0)
cloud = ItemCloud(
    popularity,
    now,
    before,
    change,
    titles,
    lane,
    lane,
    "popularity, people",
    "exposure, attention added up",
)
st.plotly_chart(
    item_cloud(cloud, chosen=5, height=400),
    key="item_cloud",
    config=config("item_cloud"),
    on_select="rerun",
    selection_mode="points",
    alt="All items",
)
st.caption(f"Setting {weight:.2f}")
