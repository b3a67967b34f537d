"""The fairness audit: groups against a reference, what is clear, where it starts, who loses."""
