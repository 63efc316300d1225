"""How good generated sounds are: feature extractors, distances between sets, scores."""
