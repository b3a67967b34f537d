"""Figures: pure functions from frames and arrays to Plotly figures; Streamlit is not imported."""
