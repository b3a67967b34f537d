"""Re-ranking: from ranked candidates and a scenario to lists, for everyone at once."""
