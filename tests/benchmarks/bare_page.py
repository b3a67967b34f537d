"""The yardstick of the slider benchmark: as bare as a page with this much on it can be.

One slider, four metrics, two small Plotly charts and a table, all moved by the slider.
"""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

st.set_page_config(layout="wide")
weight = st.sidebar.slider("Diversity", 0.0, 1.0, 0.0, 0.05)
x = np.linspace(0, 1, 50)
for column, name in zip(st.columns(4), ("One", "Two", "Three", "Four"), strict=True):
    column.metric(name, f"{weight * len(name):.3f}")
left, right = st.columns(2)
left.plotly_chart(go.Figure(go.Scatter(x=x, y=x ** (1 + weight))), key="line")
right.plotly_chart(go.Figure(go.Bar(x=list("abcde"), y=weight + x[:5])), key="bars")
st.dataframe(pd.DataFrame({"rank": np.arange(10), "value": weight + np.arange(10)}), key="table")
