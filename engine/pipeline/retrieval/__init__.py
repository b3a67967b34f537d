"""Retrieval: several sources of candidates, and their union."""
