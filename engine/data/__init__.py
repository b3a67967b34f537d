"""Data: the contract, its readers, the checks, and the split into history, labels and test."""
