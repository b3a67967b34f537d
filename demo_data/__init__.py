"""The simulated streaming service: its generator and its files. Nobody in it is real."""
