"""From histories to ranked candidates: retrieval, filtering and ranking."""
