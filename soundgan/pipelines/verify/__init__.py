"""What ``soundgan verify`` does: every hash recomputed, every damaged file named."""
