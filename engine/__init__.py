"""The engine of Rerank Studio: data, retrieval, ranking, re-ranking and evaluation.

A plain Python package. It prints nothing, imports neither Streamlit nor Plotly, and can be used
from a notebook, a batch job or the command line (``python -m engine``).
"""
