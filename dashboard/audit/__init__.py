"""The fairness audit: what it compares, how it says it, what it hands out."""
