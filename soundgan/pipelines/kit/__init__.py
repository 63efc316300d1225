"""Sounds of a model as drum kits for samplers."""
