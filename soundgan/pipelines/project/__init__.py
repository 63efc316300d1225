"""Recordings as sounds of a model."""
