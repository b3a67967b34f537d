"""Saved scenarios: kept, with their history and who decided what, in one file next to the fits."""
