"""Still pictures: the dashboard's Plotly figures as SVG text, for files that must work alone."""

from dashboard.still.picture import to_svg

__all__ = ["to_svg"]
