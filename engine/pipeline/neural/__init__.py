"""Neural stages: an extra. What serves is NumPy; only learning needs PyTorch."""
