"""Filtering: items that nobody may be offered, whatever the sources propose."""
