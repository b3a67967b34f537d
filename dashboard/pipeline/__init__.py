"""The Pipeline page: how a list comes about, and the most it could be."""
