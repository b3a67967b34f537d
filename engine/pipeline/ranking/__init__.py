"""Ranking: features of candidates and the gradient-boosted rankers over them."""
