"""Metrics: per-user values, exposure, groups and the statistics about them."""
