"""The compiled part of re-ranking: one lazy greedy loop, one module per term that it evaluates.

Everything in here sees plain arrays of one user and one candidate at a time; nothing allocates
inside the loop. :mod:`engine.reranking.lists` is the only caller.
"""
