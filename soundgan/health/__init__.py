"""Training health: what is wrong with a game, in plain words, and what is done about it."""
