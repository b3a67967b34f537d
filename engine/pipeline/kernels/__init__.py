"""Compiled loops over people or items, each over a workspace of its own; no dense tables.

Every kernel works on a range of rows, lets go of the interpreter, and writes to rows of its own, so
that :func:`engine.threads.over_rows` may run several at once.
"""
