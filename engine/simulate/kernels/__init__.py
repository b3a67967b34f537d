"""Compiled loops over people: what a round shows, what is noticed and played, and what it is worth.

Chance comes from a counter, not from a stream: the draw for a person, a round and an item is the
same whatever was drawn before, in any order and on any number of threads. Two settings that are
compared therefore meet the same luck.
"""
